"""``btb verify``: check a published result without running an engine."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from basetype_benchmark.analysis.verify.tally import Check, Finding
from basetype_benchmark.benchmark.fingerprint import CodeVersion
from basetype_benchmark.cli.formatters import (
    format_count,
    print_json,
    print_note,
    print_ok,
    print_table,
    print_warning,
)
from basetype_benchmark.cli.options import AsJson, Home
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.workflows.campaigns.find import find_results
from basetype_benchmark.workflows.verify_bundle import Verdict, verify_bundle

_SHOWN = 10


def verify_results(
    *,
    bundle: Annotated[
        str,
        typer.Argument(
            metavar="BUNDLE",
            help="Folder of a campaign, for instance a downloaded one, or its name in the home.",
        ),
    ],
    dataset: Annotated[
        bool,
        typer.Option(
            "--dataset",
            help="Compare parameters and right answers with the datasets of the home, too.",
        ),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check the results of a campaign: digests, schemas, and all figures that can be recomputed.

    No engine runs. Everything is read; the statistics are computed anew from the samples, what was
    used from the readings, and the decisions of a gradient from its cells.
    """
    settings = resolve_settings(home)
    folder = find_results(bundle, settings)
    with open_progress() as progress:
        verdict = verify_bundle(folder, settings=settings if dataset else None, progress=progress)
    if as_json:
        print_json(verdict_document(verdict))
    else:
        show_verdict(verdict)
    require_sound(verdict)


def require_sound(verdict: Verdict) -> None:
    """End the command when something is wrong.

    Raises:
        CheckFailed: something is.
    """
    failed = [check for check in verdict.checks if not check.is_ok]
    if failed:
        first = failed[0].findings[0]
        where = f"{first.file}, {first.field}" if first.field else first.file
        raise CheckFailed(
            f"{verdict.folder} is not sound: {len(failed)} of {len(verdict.checks)} checks failed; "
            f"the first: {where} {first.problem}"
        )


def show_verdict(verdict: Verdict) -> None:
    """Print the checks as a table, and below it what is wrong."""
    rows: list[list[str | Text]] = [
        [check.name, check.meaning, format_count(check.compared), _result(check)]
        for check in verdict.checks
    ]
    print_table(["check", "what must hold", "compared", "result"], rows, numeric=("compared",))
    for check in verdict.checks:
        for finding in check.findings[:_SHOWN]:
            print_note(f"{check.name}: {_describe(finding)}")
        if len(check.findings) > _SHOWN:
            print_note(f"{check.name}: and {len(check.findings) - _SHOWN} more")
        for left_out in check.left_out[:_SHOWN]:
            print_note(f"{check.name}: not checked: {left_out}")
    if not verdict.is_complete:
        print_warning(
            f"the campaign is not complete: {verdict.cells} of {verdict.planned} cells have a "
            "result, and these were checked"
        )
    if verdict.other_code is not None:
        print_warning(_describe_other_code(verdict.other_code))
    if verdict.is_ok:
        compared = sum(check.compared for check in verdict.checks)
        print_ok(f"{verdict.folder} is sound: {format_count(compared)} things compared")


def verdict_document(verdict: Verdict) -> dict[str, object]:
    """Give all checks as a document for other programs."""
    return {
        "folder": str(verdict.folder),
        "ok": verdict.is_ok,
        "other_code": None if verdict.other_code is None else asdict(verdict.other_code),
        "complete": verdict.is_complete,
        "cells": verdict.cells,
        "planned_cells": verdict.planned,
        "checks": [
            {
                "name": check.name,
                "meaning": check.meaning,
                "ok": check.is_ok,
                "compared": check.compared,
                "findings": [
                    {"file": f.file, "field": f.field, "problem": f.problem} for f in check.findings
                ],
                "not_checked": list(check.left_out),
            }
            for check in verdict.checks
        ],
    }


def _describe_other_code(code: CodeVersion) -> str:
    commit = "" if code.commit is None else f", commit {code.commit[:10]}"
    return (
        f"another code made it ({code.package}, digest {code.digest}{commit}) than checked it: "
        "where a figure differs that is recomputed, check it with that code before you blame it"
    )


def _describe(finding: Finding) -> str:
    field = f", {finding.field}" if finding.field else ""
    return f"{finding.file}{field} {finding.problem}"


def _result(check: Check) -> Text:
    if not check.is_ok:
        count = len(check.findings)
        return Text(f"failed {count if count < 100 else '100 times or more'}", style="red")
    return Text("ok", style="green") if check.compared else Text("nothing to check")
