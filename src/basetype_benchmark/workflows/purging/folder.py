"""What stands in one of the folders of a home: what is ours, what is left, what is strange."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from basetype_benchmark.infrastructure.safe_removal import (
    is_removed,
    measure_extent,
    remove,
    why_not_removed,
)
from basetype_benchmark.workflows.purging.items import Found, Item, Kind, kept

Look = Callable[[Path], Found | None]
"""Says what an entry is that may be removed, or is in use; None: it is not ours."""


def look_through(
    folder: Path,
    home: Path,
    look: Look,
    *,
    strange: str,
    passes_over: Callable[[Path], bool] = lambda _entry: False,
) -> Iterator[Found]:
    """Go through a folder of the home, by name; `strange` says what an entry is not.

    Links are not followed: the folder itself, if it is one, is all there is. Nothing is said of
    what it `passes_over`.
    """
    if folder.is_symlink():
        yield kept(_described(folder, Kind.OTHER, why_not_removed(folder, home)))
        return
    try:
        entries = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        reason = f"cannot be looked into: {error.strerror}"
        yield kept(_described(folder, Kind.OTHER, reason))
        return
    for entry in entries:
        if is_removed(entry):
            yield removable(entry, home, Kind.REMAINS, remark="of a removal cut short")
        elif entry.is_symlink():
            yield kept(_described(entry, Kind.OTHER, why_not_removed(entry, home)))
        elif not passes_over(entry):
            yield look(entry) or kept(_described(entry, Kind.OTHER, f"not {strange}"))


def removable(
    path: Path,
    home: Path,
    kind: Kind,
    *,
    name: str | None = None,
    remark: str | None = None,
    why_kept: Callable[[], str | None] = lambda: None,
    remove_it: Callable[[], None] | None = None,
    aliases: frozenset[str] = frozenset(),
) -> Found:
    """Give a file or folder of ours; `why_kept` is asked for what keeps it, beside the rules."""
    item = _described(
        path, kind, why_kept() or why_not_removed(path, home), name=name, remark=remark
    )
    return Found(item=item, remove=remove_it or partial(remove, path, home), aliases=aliases)


def _described(
    path: Path,
    kind: Kind,
    why_kept: str | None,
    *,
    name: str | None = None,
    remark: str | None = None,
) -> Item:
    extent = None if path.is_symlink() else measure_extent(path)
    return Item(
        kind=kind,
        name=name or path.name,
        place=str(path),
        size_bytes=None if extent is None else extent.size_bytes,
        changed_at=None if extent is None else extent.changed_at,
        remark=remark,
        why_kept=why_kept,
    )
