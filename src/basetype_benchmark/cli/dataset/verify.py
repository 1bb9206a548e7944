"""``btb dataset verify``: whether a dataset is whole, and true to itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from basetype_benchmark.cli.formatters import format_count, print_json, print_ok, print_table
from basetype_benchmark.cli.options import AsJson, Home, ProfileName, Seed
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.invariants.check import (
    Verdict,
    check_invariants,
    demand_invariants,
)
from basetype_benchmark.dataset.verify import VerifyReport
from basetype_benchmark.workflows.dataset import find_dataset, verify


def verify_profile(
    *,
    profile: ProfileName,
    seed: Seed = DEFAULT_SEED,
    invariants: Annotated[
        bool,
        typer.Option(
            "--invariants/--no-invariants",
            help="Check what must hold of every dataset; without, compare the fingerprint only.",
        ),
    ] = True,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read a whole dataset again, compare it with its fingerprint, and check its invariants."""
    settings = resolve_settings(home)
    verdicts: list[Verdict] = []
    with open_progress() as progress:
        report = verify(profile, seed, settings, progress)
        if invariants:
            verdicts = check_invariants(find_dataset(profile, seed, settings), progress=progress)
    if as_json:
        print_json(_document(profile, seed, report, verdicts))
    else:
        _show(profile, seed, report, verdicts)
    demand_invariants(verdicts)


def _show(profile: str, seed: int, report: VerifyReport, verdicts: Sequence[Verdict]) -> None:
    print_ok(
        f"{profile} with seed {seed} is whole: {format_count(report.counts.samples)} samples of "
        f"{format_count(report.points_with_samples)} points, fingerprint {report.fingerprint}"
    )
    if verdicts:
        rows: list[list[str | Text]] = [
            [verdict.invariant.name, format_count(verdict.finding.checked), _result(verdict)]
            for verdict in verdicts
        ]
        print_table(["invariant", "checked", "result"], rows, numeric=("checked",))


def _result(verdict: Verdict) -> Text:
    if not verdict.holds:
        return Text(f"broken {format_count(verdict.finding.failed)} times", style="red")
    return Text("holds", style="green") if verdict.finding.checked else Text("nothing to check")


def _document(
    profile: str, seed: int, report: VerifyReport, verdicts: Sequence[Verdict]
) -> dict[str, object]:
    return {
        "profile": profile,
        "seed": seed,
        "folder": str(report.folder),
        "fingerprint": report.fingerprint,
        "samples": report.counts.samples,
        "points_with_samples": report.points_with_samples,
        "invariants": [_verdict_document(verdict) for verdict in verdicts],
    }


def _verdict_document(verdict: Verdict) -> dict[str, object]:
    return {
        "name": verdict.invariant.name,
        "meaning": verdict.invariant.meaning,
        "checked": verdict.finding.checked,
        "failed": verdict.finding.failed,
        "violations": [
            {"subject": violation.subject, "time": violation.time, "what": violation.what}
            for violation in verdict.finding.violations
        ],
    }
