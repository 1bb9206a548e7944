"""Which of the things found a purge is about: by kind, by name, by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase

from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows.purging.items import Found, kept

_S_PER_DAY = 86_400
_MOST_NAMED = 8


class Target(StrEnum):
    """What can be purged, as on the command line."""

    DATASETS = "datasets"
    RESULTS = "results"
    ENGINES = "engines"
    CONTAINERS = "containers"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What a purge is about.

    `names` are names or patterns of the shell; none: all. Only what has not changed for
    `older_than_days` counts. `all_homes`: also what is in the Docker daemon of other homes, and
    control groups, which do not tell their home.
    """

    targets: frozenset[Target]
    names: tuple[str, ...] = ()
    older_than_days: float | None = None
    all_homes: bool = False


def select(found: Sequence[Found], selection: Selection, now: float) -> list[Found]:
    """Leave out what a purge is not about; `now` is in seconds since the epoch.

    What has no age that could be known is kept, and says so.

    Raises:
        UsageError: nothing has one of the names.
    """
    for pattern in selection.names:
        if not any(_is_called(one, pattern) for one in found):
            raise UsageError(_nothing_called(pattern, found))
    named = [
        one
        for one in found
        if not selection.names or any(_is_called(one, pattern) for pattern in selection.names)
    ]
    if selection.older_than_days is None:
        return named
    before = now - selection.older_than_days * _S_PER_DAY
    aged = [one if one.item.changed_at is not None else _of_no_age(one) for one in named]
    return [one for one in aged if one.item.changed_at is None or one.item.changed_at < before]


def _is_called(found: Found, pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in (found.item.name, *found.aliases))


def _of_no_age(found: Found) -> Found:
    reason = found.item.why_kept or "nothing tells how old it is"
    return kept(replace(found.item, why_kept=reason))


def _nothing_called(pattern: str, found: Sequence[Found]) -> str:
    names = sorted({one.item.name for one in found})
    if not names:
        return f"there is nothing to remove, so nothing called {pattern!r}"
    rest = len(names) - _MOST_NAMED
    listed = ", ".join(names[:_MOST_NAMED]) + (f" and {rest} others" if rest > 0 else "")
    return f"there is nothing called {pattern!r}; there are: {listed}"
