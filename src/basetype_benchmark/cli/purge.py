"""``btb purge``: remove what was left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    format_count,
    print_json,
    print_note,
    print_ok,
    print_table,
    print_warning,
)
from basetype_benchmark.infrastructure.docker.leftovers import Leftover
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.purge import Purge, purge_containers

app = typer.Typer(
    help="Remove what was left behind.",
    invoke_without_command=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("containers")
def show_purge_containers(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON; without --yes nothing is removed.")
    ] = False,
) -> None:
    """Remove containers and volumes of btb from the Docker daemon, and its empty control groups.

    The volumes hold loaded stores, which are loaded again when they are needed. What a btb that
    runs now uses is kept, and so is everything that does not carry the label of btb.
    """
    if as_json:
        print_json(asdict(purge_containers(lambda _found: yes)))
        return
    _tell(purge_containers(lambda found: _list_and_ask(found, yes)))


def _list_and_ask(found: Sequence[Leftover], yes: bool) -> bool:
    if found:
        columns = ["kind", "name", "state", "size", "data directory", "kept because"]
        print_table(columns, [_row(leftover) for leftover in found], numeric=["size"])
    removable = [leftover for leftover in found if leftover.why_kept is None]
    if yes or not removable:
        return True
    return typer.confirm(f"Remove {_amount(removable)}?", err=True)


def _row(leftover: Leftover) -> list[str]:
    size = leftover.size_bytes
    return [
        leftover.kind,
        leftover.name,
        leftover.state,
        NOT_MEASURED if size is None else format_bytes(size),
        leftover.data_dir or NOT_MEASURED,
        leftover.why_kept or NOT_MEASURED,
    ]


def _tell(purge: Purge) -> None:
    if not purge.removed and not purge.kept:
        print_ok("nothing of btb is in the Docker daemon, and no control group was left")
    elif not purge.removed:
        print_note("nothing was removed")
    else:
        print_ok(f"removed {_amount(purge.removed)}")
    for leftover in purge.kept:
        if leftover.why_kept is not None:
            print_warning(f"kept {leftover.kind} {leftover.name}: {leftover.why_kept}")
    if purge.no_daemon is not None:
        print_warning(f"Docker was not looked into: {purge.no_daemon}")


def _amount(leftovers: Sequence[Leftover]) -> str:
    kinds = [leftover.kind for leftover in leftovers]
    counted = [
        f"{format_count(kinds.count(kind))} {kind}{'s' if kinds.count(kind) > 1 else ''}"
        for kind in dict.fromkeys(kinds)
    ]
    size = sum(leftover.size_bytes or 0 for leftover in leftovers)
    return f"{' and '.join(counted)} ({format_bytes(size)})"
