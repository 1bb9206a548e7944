"""Tables of a gradient: each level tried, and what follows for each scenario."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.tables.table import (
    SCENARIO,
    Column,
    Row,
    Table,
    columns_of,
    make_table,
)
from basetype_benchmark.benchmark.gradient import LevelResult, ScenarioFindings

_LEVEL_COLUMNS = (
    SCENARIO,
    *columns_of(LevelResult, {"ram_bytes": pl.Int64}),
    Column(name="cells", dtype=pl.String, meaning="Its cells, with spaces between."),
    *columns_of(LevelResult, {"failure": pl.String, "geometric_mean_p50_ns": pl.Float64}),
)

_FINDING_COLUMNS = (
    SCENARIO,
    Column(
        name="failed_at_bytes",
        dtype=pl.Int64,
        meaning="The least viable RAM is more than this. None: nothing tried is too little.",
    ),
    Column(
        name="passed_at_bytes",
        dtype=pl.Int64,
        meaning="The least viable RAM is at most this. None: nothing tried is enough.",
    ),
    Column(
        name="plateau_bytes",
        dtype=pl.Int64,
        meaning="More RAM than this takes less than a tenth off the time. None: not found.",
    ),
    Column(
        name="is_plateau_bound",
        dtype=pl.Boolean,
        meaning="Whether the plateau may lie lower: the step up to it is not shown to be worth it, "
        "or nothing was compared below it. None: not found.",
    ),
    Column(
        name="end",
        dtype=pl.String,
        meaning="Why no further level is tried. None: the gradient goes on.",
    ),
)


def gradient_tables(data: CampaignData) -> tuple[Table, ...]:
    """Give the tables ``gradient_levels`` and ``gradient_findings``."""
    scenarios = () if data.gradient is None else data.gradient.scenarios
    return (
        make_table(
            "gradient_levels",
            "a level that a gradient has tried",
            _LEVEL_COLUMNS,
            lambda: _levels(scenarios),
        ),
        make_table(
            "gradient_findings",
            "what the levels of a scenario say",
            _FINDING_COLUMNS,
            lambda: map(_findings, scenarios),
        ),
    )


def _levels(scenarios: tuple[ScenarioFindings, ...]) -> Iterator[Row]:
    for scenario in scenarios:
        for level in scenario.levels:
            yield {
                "scenario": scenario.scenario,
                "ram_bytes": level.ram_bytes,
                "cells": " ".join(level.cells),
                "failure": level.failure,
                "geometric_mean_p50_ns": level.geometric_mean_p50_ns,
            }


def _findings(scenario: ScenarioFindings) -> Row:
    findings = scenario.findings
    return {
        "scenario": scenario.scenario,
        "failed_at_bytes": findings.least.failed_at,
        "passed_at_bytes": findings.least.passed_at,
        "plateau_bytes": None if findings.plateau is None else findings.plateau.lower_bytes,
        "is_plateau_bound": None if findings.plateau is None else findings.is_plateau_bound,
        "end": scenario.end,
    }
