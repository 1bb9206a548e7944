"""``btb purge``: remove what a home holds, and what was left behind."""

from __future__ import annotations

import sys
import time
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
from basetype_benchmark.cli.options import Home
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.errors import HostError, UsageError
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.purge import MayRemove, purge
from basetype_benchmark.workflows.purging.campaigns import RESUMABLE, UNPUBLISHED
from basetype_benchmark.workflows.purging.items import Item, Kind, Purge
from basetype_benchmark.workflows.purging.selection import Selection, Target

app = typer.Typer(
    help="Remove datasets, results, stores and what was left behind.",
    invoke_without_command=True,
    rich_markup_mode=None,
    add_completion=False,
)

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...", help="Names, or patterns like '2026*' in quotes. Default: all."
    ),
]
OlderThan = Annotated[
    float | None,
    typer.Option(
        "--older-than", min=0, metavar="DAYS", help="Only what has not changed for so long."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only list what would be removed.")]
Yes = Annotated[bool, typer.Option("--yes", help="Remove without asking.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON; without --yes nothing is removed.")
]
AllHomes = Annotated[
    bool,
    typer.Option("--all-homes", help="Of all homes, also of other machines, and control groups."),
]

_PER_DAY_S = 86_400


@app.callback()
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("datasets")
def purge_datasets(
    names: Names = None,
    *,
    older_than: OlderThan = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Remove datasets.

    Named like tiny-2d, or small-1w_seed7. What a running campaign needs is kept.
    """
    selection = _select(Target.DATASETS, names=names, older_than=older_than)
    _purge(selection, home, dry_run=dry_run, yes=yes, as_json=as_json)


@app.command("results")
def purge_results(
    names: Names = None,
    *,
    older_than: OlderThan = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Remove campaigns.

    The list says which can be resumed, and which were never published.
    """
    selection = _select(Target.RESULTS, names=names, older_than=older_than)
    _purge(selection, home, dry_run=dry_run, yes=yes, as_json=as_json)


@app.command("engines")
def purge_engines(
    names: Names = None,
    *,
    older_than: OlderThan = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Remove loaded stores, also in Docker.

    Named like P1, or O2/oxigraph: folders, and volumes in the Docker daemon. They are loaded again
    when they are needed.
    """
    selection = _select(Target.ENGINES, names=names, older_than=older_than)
    _purge(selection, home, dry_run=dry_run, yes=yes, as_json=as_json)


@app.command("containers")
def purge_containers(
    names: Names = None,
    *,
    older_than: OlderThan = None,
    all_homes: AllHomes = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Remove what this home has in Docker.

    Containers, and volumes, which hold loaded stores: they are loaded again when they are needed.
    What a btb that runs now uses is kept, and so is everything that does not carry the label of
    btb. --all-homes looks for those of all homes, and for empty control groups, which do not tell
    their home.
    """
    selection = _select(Target.CONTAINERS, names=names, older_than=older_than, all_homes=all_homes)
    _purge(selection, home, dry_run=dry_run, yes=yes, as_json=as_json)


@app.command("all")
def purge_all(
    *,
    older_than: OlderThan = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Remove all of these, of one home."""
    selection = _select(*Target, names=None, older_than=older_than)
    _purge(selection, home, dry_run=dry_run, yes=yes, as_json=as_json)


def _select(
    *targets: Target,
    names: Sequence[str] | None,
    older_than: float | None,
    all_homes: bool = False,
) -> Selection:
    return Selection(
        targets=frozenset(targets),
        names=tuple(names or ()),
        older_than_days=older_than,
        all_homes=all_homes,
    )


def _purge(
    selection: Selection, home: str | None, *, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Run a purge and say what came of it.

    Raises:
        UsageError: there is nobody to ask.
        HostError: something could not be removed.
    """
    settings = resolve_settings(home)
    if as_json:
        done = purge(selection, settings, lambda _found: yes and not dry_run)
        print_json(asdict(done))
    else:
        done = purge(selection, settings, _asker(dry_run=dry_run, yes=yes))
        _tell(done)
    if done.failed:
        raise HostError(f"{_amount(done.failed)} could not be removed, for the reasons above")


def _asker(*, dry_run: bool, yes: bool) -> MayRemove:
    def may_remove(found: Sequence[Item]) -> bool:
        if found:
            _list(found)
        removable = [item for item in found if item.why_kept is None]
        if not removable:
            return True
        if dry_run:
            print_note(f"would remove {_amount(removable)}")
            return False
        if not yes and not sys.stdin.isatty():
            raise UsageError(
                f"there is no terminal to ask on: give --yes to remove {_amount(removable)}, or "
                "--dry-run to only list"
            )
        return yes or typer.confirm(f"Remove {_amount(removable)}{_warned(removable)}?", err=True)

    return may_remove


def _list(found: Sequence[Item]) -> None:
    columns = ["kind", "name", "size", "age", "remark", "kept because"]
    now = time.time()
    rows = [
        [
            item.kind,
            item.name,
            NOT_MEASURED if item.size_bytes is None else format_bytes(item.size_bytes),
            NOT_MEASURED if item.changed_at is None else format_age(now - item.changed_at),
            _remark(item) or NOT_MEASURED,
            item.why_kept or NOT_MEASURED,
        ]
        for item in found
    ]
    print_table(columns, rows, numeric=["size", "age"])


def _remark(item: Item) -> str:
    in_daemon = item.kind in (Kind.CONTAINER, Kind.VOLUME)
    said = [item.state, f"of {item.place}" if in_daemon else "", item.remark or ""]
    return ", ".join(part for part in said if part)


def format_age(age_s: float) -> str:
    """Write an age in the biggest unit of which it has one: ``3 d``, ``5 h``, ``2 min``."""
    for unit, length_s in (("d", _PER_DAY_S), ("h", 3600), ("min", 60)):
        if age_s >= length_s:
            return f"{age_s // length_s:.0f} {unit}"
    return "now"


def _tell(done: Purge) -> None:
    if not done.removed and not done.kept:
        print_ok("there is nothing to remove")
    elif not done.removed:
        print_note("nothing was removed")
    else:
        print_ok(f"removed {_amount(done.removed)}")
    for item in done.kept:
        if item.why_kept is not None and item.kind is not Kind.OTHER:  # which the list has told
            print_warning(f"kept {item.kind} {item.name}: {item.why_kept}")
    if done.no_daemon is not None:
        print_note(f"Docker was not looked into: {done.no_daemon}")


def _amount(items: Sequence[Item]) -> str:
    kinds = [item.kind for item in items]
    counted = [
        f"{format_count(kinds.count(kind))} {_plural(kind) if kinds.count(kind) > 1 else kind}"
        for kind in dict.fromkeys(kinds)
    ]
    size = sum(item.size_bytes or 0 for item in items)
    *first, last = counted
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"{listed} ({format_bytes(size)})"


def _plural(kind: Kind) -> str:
    return kind if kind in (Kind.REMAINS, Kind.OTHER) else f"{kind}s"


def _warned(items: Sequence[Item]) -> str:
    """Say in the question what no command makes again."""
    remarks = [item.remark for item in items if item.kind is Kind.CAMPAIGN and item.remark]
    if not remarks:
        return ""
    resumable = sum(RESUMABLE in remark for remark in remarks)
    unpublished = sum(UNPUBLISHED in remark for remark in remarks)
    said = [(unpublished, UNPUBLISHED), (resumable, RESUMABLE)]
    return ", of them " + " and ".join(f"{count} {what}" for count, what in said if count)
