"""The tables at the end of ``btb run --mode gradient``."""

from __future__ import annotations

from rich.text import Text

from basetype_benchmark.benchmark.failure import find_failure
from basetype_benchmark.benchmark.gradient import Comparison, LevelResult, ScenarioFindings
from basetype_benchmark.benchmark.ratio_words import format_factor, format_ratio
from basetype_benchmark.cli.campaign_report import print_loads
from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    format_latency,
    format_outcome,
    print_json,
    print_note,
    print_ok,
    print_table,
    print_warning,
)
from basetype_benchmark.config.ram import format_ram, format_rams
from basetype_benchmark.workflows.campaigns.gradient import GradientResult

_NOT_TRIED = "."
_WIDTH = 160  # of a reason; the whole of it is in the cell's file


def print_gradient(gradient: GradientResult, *, as_json: bool) -> None:
    """Print how each scenario fared at each level, what follows, and where the files are."""
    scenarios = gradient.record.scenarios
    if as_json:
        document = {
            "folder": str(gradient.folder),
            "is_ok": gradient.is_ok,
            "gradient": gradient.record,
            "cells": gradient.cells,
        }
        print_json(document)
        return
    print_loads(gradient.cells)
    _print_failures(gradient)
    _print_levels(gradient)
    _print_findings(scenarios)
    for scenario in scenarios:
        _print_contradictions(scenario)
        _print_drift(scenario)
    if any(record.caches_dropped is False for record in gradient.cells):
        print_warning("not all cached pages of the stores could be dropped between two levels")
    if gradient.is_ok:
        print_ok("every scenario works at some level, and no answer was wrong")
    print_note(f"results: {gradient.folder}")
    print_note("  gradient.json: each decision with its reason, and these findings;")
    print_note("  cells/*.json: each cell; samples.parquet: every latency in nanoseconds")


def _print_levels(gradient: GradientResult) -> None:
    """One column a level; those that bisection tried get rows of their own below."""
    scenarios = gradient.record.scenarios
    planned = gradient.planned_levels
    shown = sorted({level for levels in planned.values() for level in levels})
    columns = format_rams(shown)
    rows: list[list[str | Text]] = []
    for scenario in scenarios:
        tried = {level.ram_bytes: level for level in scenario.levels}
        rows.append([scenario.scenario, *(_cell(tried.get(level)) for level in shown)])
    print_table(["scenario", *columns], rows, title="Time by RAM level", numeric=columns)
    print_note("time: geometric mean of the queries' p50; else why the level is not enough;")
    print_note(f"  {_NOT_TRIED} not tried: the plateau was found below, or the gradient had ended")
    _print_bisection(scenarios, planned)


def _cell(level: LevelResult | None) -> str | Text:
    if level is None:
        return _NOT_TRIED
    if level.failure is not None:
        return format_outcome(level.failure)
    return format_latency(level.geometric_mean_p50_ns)


def _print_bisection(
    scenarios: tuple[ScenarioFindings, ...], planned: dict[str, tuple[int, ...]]
) -> None:
    rows: list[list[str | Text]] = [
        [scenario.scenario, format_ram(level.ram_bytes), _cell(level)]
        for scenario in scenarios
        for level in scenario.levels
        if level.ram_bytes not in planned[scenario.scenario]
    ]
    if rows:
        columns = ("level", "time")
        print_table(["scenario", *columns], rows, title="Bisection", numeric=columns)


def _print_findings(scenarios: tuple[ScenarioFindings, ...]) -> None:
    rows: list[list[str | Text]] = [
        [
            scenario.scenario,
            str(scenario.findings.least),
            *_plateau(scenario),
        ]
        for scenario in scenarios
    ]
    columns = ["scenario", "least viable RAM", "plateau", "time one level up (95 %)"]
    print_table(columns, rows, title="What the levels say")
    print_note("least viable RAM: enough to load the data and to answer every query;")
    print_note("plateau: the level above which the time falls by less than 10 %, which the whole")
    print_note("  interval says; or less: the step up to it is not shown to help by 10 % either;")
    print_note("  time one level up: as a ratio, below 1 is faster")


def _plateau(scenario: ScenarioFindings) -> tuple[str, str]:
    findings = scenario.findings
    told = findings.plateau or next(reversed(findings.comparisons), None)
    return findings.plateau_words, NOT_MEASURED if told is None else _ratio(told)


def _ratio(comparison: Comparison) -> str:
    return f"{format_ram(comparison.higher_bytes)}: {format_ratio(comparison.ratio)}"


def _print_failures(gradient: GradientResult) -> None:
    for record in gradient.cells:
        failure = find_failure(record.result)
        if failure is not None:
            line = f"{record.cell} {failure.words}: {failure.reason}"
            print_note(line if len(line) <= _WIDTH else f"{line[: _WIDTH - 3]}...")


def _print_contradictions(scenario: ScenarioFindings) -> None:
    for found in scenario.findings.contradictions:
        print_warning(f"{scenario.scenario} {found}; repeat it")


def _print_drift(scenario: ScenarioFindings) -> None:
    """Say where more memory made it slower, which it does not do."""
    for found in scenario.findings.comparisons:
        if found.is_suspicious:
            print_warning(
                f"{scenario.scenario} took {format_factor(found.ratio.value)} of the time with "
                f"{format_ram(found.higher_bytes)} instead of {format_ram(found.lower_bytes)}: the "
                "machine was not the same; repeat it on a quiet one, with --repeat 3"
            )
