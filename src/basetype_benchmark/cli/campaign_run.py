"""Runs a planned campaign, or goes on with one, in front of the user."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import typer

from basetype_benchmark.analysis.campaign_data import read_campaign_data
from basetype_benchmark.benchmark.checksums import REPORT_FILE
from basetype_benchmark.cli.campaign_report import print_all_ok, print_campaign
from basetype_benchmark.cli.exit_codes import exit_code
from basetype_benchmark.cli.formatters import print_note
from basetype_benchmark.cli.gradient_report import print_gradient
from basetype_benchmark.cli.live_view import CampaignView, open_campaign_view
from basetype_benchmark.cli.results_report import print_results
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.workflows.benchmark import CampaignResult, run_campaign
from basetype_benchmark.workflows.campaigns.gradient import GradientResult, run_gradient
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.gradient_plan import GradientPlan
from basetype_benchmark.workflows.resume import TROUBLES, resume_campaign

MOST_IN_FULL = 3
"""How many cells are shown with a table for each; of more, a line for each."""


def run_plan(
    plan: CampaignPlan | GradientPlan,
    settings: Settings,
    choice: ServiceChoice,
    *,
    notify: str | None,
    as_json: bool,
) -> None:
    """Run a plan from its begin, and print what came of it.

    Raises:
        Exit: with code 1 when a cell failed.
    """
    result: CampaignResult | GradientResult
    with open_campaign_view(settings, notify=notify) as view:
        harness = _harness(settings, choice, view)
        if isinstance(plan, GradientPlan):
            result = run_gradient(plan, harness)
        else:
            result = run_campaign(plan, harness)
    _finish(result, as_json=as_json)


def go_on(
    name: str | None,
    settings: Settings,
    *,
    urls: Mapping[str, str],
    redoes: bool,
    retries_failed: bool,
    notify: str | None,
    as_json: bool,
) -> None:
    """Run what is left of a campaign, and print what came of all of it.

    Raises:
        Exit: with code 1 when a cell failed.
    """
    with open_campaign_view(settings, notify=notify) as view:
        result = resume_campaign(
            name,
            _harness(settings, ServiceChoice(), view),
            urls=urls,
            redoes=redoes,
            retries_failed=retries_failed,
        )
    _finish(result, as_json=as_json)


def _harness(settings: Settings, choice: ServiceChoice, view: CampaignView) -> Harness:
    return Harness(settings=settings, choice=choice, progress=view.progress, observer=view.observer)


def _finish(result: CampaignResult | GradientResult, *, as_json: bool) -> None:
    if isinstance(result, GradientResult):
        print_gradient(result, as_json=as_json)
        _print_report(result.folder)
        raise typer.Exit(0 if result.is_ok else CheckFailed.exit_code)
    if len(result.cells) > MOST_IN_FULL and not as_json:
        print_results(read_campaign_data(result.folder))
        print_all_ok(result)
    else:
        print_campaign(result, as_json=as_json)
    _print_report(result.folder)
    if any(record.result.outcome in TROUBLES for record in result.cells):
        print_note(
            "cells that failed by an error or a container may do better another time: btb resume "
            f"{result.folder.name} --retry-failed"
        )
    raise typer.Exit(exit_code(record.result for record in result.cells))


def _print_report(folder: Path) -> None:
    print_note(f"report, to be opened in a browser: {folder / REPORT_FILE}")
