"""What ``btb run --plan`` prints: what would run, as far as it can be known before."""

from __future__ import annotations

from basetype_benchmark.cli.formatters import print_json, print_note, print_table, print_warning
from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.ram import LEAST_BYTES, format_ram, format_rams
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.listing import list_datasets
from basetype_benchmark.units import format_bytes, format_duration
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.estimate import PlanEstimate, estimate_plan
from basetype_benchmark.workflows.plans.gradient_plan import GradientPlan, ScenarioPlan, why_beyond
from basetype_benchmark.workflows.plans.plan import Plan


def print_plan(plan: CampaignPlan | GradientPlan, settings: Settings, *, as_json: bool) -> None:
    """Print what a plan would run, in its order, what it takes, and what it leaves out."""
    estimate = estimate_plan(plan, settings)
    _warn_of_missing(plan, settings)
    if isinstance(plan, GradientPlan):
        print_gradient_plan(plan, estimate, as_json=as_json)
    else:
        print_campaign_plan(plan, estimate, as_json=as_json)


def _warn_of_missing(plan: CampaignPlan | GradientPlan, settings: Settings) -> None:
    parts = plan.parts if isinstance(plan, CampaignPlan) else (plan.base,)
    sources = plan.sources if isinstance(plan, CampaignPlan) else {}
    needed = {(sources.get(part.profile, part.profile), part.dataset_seed) for part in parts}
    there = {entry.folder for entry in list_datasets(settings.datasets_dir) if entry.is_complete}
    for profile, seed in sorted(needed):
        if settings.dataset_dir(profile, seed) not in there:
            print_warning(f"{profile} is not there yet: {generate_command(profile, seed)}")


def print_campaign_plan(plan: CampaignPlan, estimate: PlanEstimate, *, as_json: bool) -> None:
    """Print the cells of a campaign."""
    if as_json:
        document = {
            "mode": plan.mode,
            "profiles": [
                {**_describe(part), "source": plan.sources[part.profile]} for part in plan.parts
            ],
            "cells": [cell.id for cell in plan.cells],
            "skipped": plan.skipped,
            "estimate": estimate,
        }
        print_json(document)
        return
    print_table(
        ["cell", "store", "executions", "about"],
        [
            [
                cell.id,
                cell.scenario.title,
                str(part.executions_per_cell),
                format_duration(expected.total_s.likely),
            ]
            for (part, cell), expected in zip(
                ((part, cell) for part in plan.parts for cell in part.cells),
                estimate.cells,
                strict=True,
            )
        ],
        numeric=("executions", "about"),
    )
    print_note(f"{plan.mode}: {_count_cells(len(plan.cells))}, in this order")
    for part in plan.parts:
        _print_executions(part)
    _print_cut(plan)
    for skipped in plan.skipped:
        print_note(f"skipped: {skipped.what}: {skipped.why}")
    _print_estimate(estimate)


def _print_cut(plan: CampaignPlan) -> None:
    for profile, source in plan.sources.items():
        if profile != source:
            kept = "kept" if plan.keeps_exports else "removed after its use"
            print_note(f"{profile}: cut out of {source} where it is not there, and {kept}")


def _print_estimate(estimate: PlanEstimate) -> None:
    """Print time, disk and RAM, each as a range: none of them is known before."""
    low, likely, high = (
        format_duration(seconds)
        for seconds in (estimate.total_s.low, estimate.total_s.likely, estimate.total_s.high)
    )
    print_note(f"time: about {likely}, between {low} and {high}")
    disk, ram = estimate.disk_bytes, estimate.ram_bytes
    print_note(
        f"disk: about {format_bytes(disk.likely)} at most at a time, up to "
        f"{format_bytes(disk.high)}; RAM: about {format_bytes(ram.likely)}, up to "
        f"{format_bytes(ram.high)}"
    )
    print_note(f"estimated: {estimate.basis}")


def print_gradient_plan(plan: GradientPlan, estimate: PlanEstimate, *, as_json: bool) -> None:
    """Print the levels that may be tried; which are, the results decide."""
    if as_json:
        document = {
            **_describe(plan.base),
            "repetitions": plan.repetitions,
            "graph_share": plan.base.graph_share,
            "host_bytes": plan.host_bytes,
            "gradient": plan.record,
            "skipped_bytes": {p.scenario.id: list(p.skipped) for p in plan.scenarios},
            "estimate": estimate,
        }
        print_json(document)
        return
    print_table(
        ["scenario", "title", "levels, from the lowest up", "strategy"],
        [_plan_row(planned) for planned in plan.scenarios],
    )
    for level in sorted({level for planned in plan.scenarios for level in planned.skipped}):
        print_note(f"skipped: {why_beyond(level, plan.host_bytes)}")
    print_note(
        "iterate_up: every level to the plateau; escalate_on_oom: up while memory may be what is "
        "missing, then to the plateau. Which levels are tried, the results decide"
    )
    if any(planned.controller.bisects for planned in plan.scenarios):
        ratio = plan.scenarios[0].controller.bracket_ratio
        print_note(
            "then levels between, until the lowest that is enough is at most "
            f"{ratio:g} times one that is not; none below {format_ram(LEAST_BYTES)}"
        )
    _print_executions(plan.base)
    _print_estimate(estimate)


def _plan_row(planned: ScenarioPlan) -> list[str]:
    levels = ", ".join(format_rams(planned.controller.levels))
    return [
        planned.scenario.id,
        planned.scenario.title,
        levels,
        planned.controller.strategy,
    ]


def _describe(plan: Plan) -> dict[str, object]:
    return {
        "profile": plan.profile,
        "dataset_seed": plan.dataset_seed,
        "queries": [question.id for question in plan.questions],
        "protocol": plan.protocol,
    }


def _print_executions(plan: Plan) -> None:
    protocol = plan.protocol
    print_note(
        f"{plan.profile}: executions, at most: {len(plan.questions)} queries, up to "
        f"{protocol.variants} parameter sets each, {protocol.warmup} warm-up and {protocol.runs} "
        f"measured runs; deadline of one "
        f"execution {format_duration(protocol.timeout_s)}"
    )


def _count_cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
