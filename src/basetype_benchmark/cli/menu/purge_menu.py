"""The menu's entry Purge: what takes room; the command lists it and asks before it removes any."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.cli.prompts import Option, align
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import HostError
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.purge import purge
from basetype_benchmark.workflows.purging.items import Item
from basetype_benchmark.workflows.purging.selection import Selection, Target

_ALL = "all"
_WHAT = {
    Target.DATASETS: "generated again when needed",
    Target.RESULTS: "campaigns, which no command makes again",
    Target.ENGINES: "loaded stores, loaded again when needed",
    Target.CONTAINERS: "containers and volumes in the Docker daemon",
}


def open_purge_menu(session: Session) -> None:
    """Offer each kind with its size, until the user goes back."""
    chosen: str | None = None
    while True:
        found = {target: find_items(target, session.settings) for target in Target}
        chosen = session.ask.one("Purge: remove what?", purge_options(found), first=chosen)
        if chosen is None:
            return
        session.shell.run(purge_arguments(chosen))


def purge_options(found: dict[Target, Sequence[Item]]) -> list[Option[str]]:
    """One line for each kind: how many, how big, and what it is."""
    every = [item for items in found.values() for item in items]
    lines = [(target.value, items, _WHAT[target]) for target, items in found.items()]
    lines.append((_ALL, every, "all of these"))
    abouts = align([(*_amount(items), what) for _, items, what in lines])
    return [
        Option(
            title=name.capitalize(),
            about=about,
            value=name,
            why_not=None if items else "nothing there",
        )
        for about, (name, items, _) in zip(abouts, lines, strict=True)
    ]


def purge_arguments(what: str) -> tuple[str, ...]:
    """Give the command that removes a kind."""
    return ("purge", what)


def find_items(target: Target, settings: Settings) -> Sequence[Item]:
    """List what a purge of this kind would remove; nothing where it cannot be looked at."""
    found: list[Item] = []

    def note(items: Sequence[Item]) -> bool:
        found.extend(item for item in items if item.why_kept is None)
        return False

    try:
        purge(Selection(targets=frozenset({target})), settings, note)
    except HostError:  # no Docker daemon: then nothing of ours is in it
        return []
    return found


def _amount(items: Sequence[Item]) -> tuple[str, str]:
    size = sum(item.size_bytes or 0 for item in items)
    return str(len(items)), format_bytes(size) if size else ""
