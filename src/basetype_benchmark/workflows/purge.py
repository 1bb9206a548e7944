"""Removing what was left behind: containers and volumes in the Docker daemon, control groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.leftovers import (
    LeftGroup,
    find_left_groups,
    remove_group_left,
)
from basetype_benchmark.infrastructure.docker.leftovers import Kind, Leftover, open_leftovers


@dataclass(frozen=True, kw_only=True)
class Purge:
    """What was removed, and what was kept, with the reason in `why_kept` where there is one.

    `no_daemon` says why Docker was not looked into; None: it was.
    """

    removed: Sequence[Leftover]
    kept: Sequence[Leftover]
    no_daemon: str | None


@dataclass(frozen=True, kw_only=True)
class _Found:
    leftover: Leftover
    remove: Callable[[], None]


def purge_containers(may_remove: Callable[[Sequence[Leftover]], bool]) -> Purge:
    """List all that carries our label, ask `may_remove`, and remove what nobody alive uses.

    `may_remove` is given the whole list, and asked even when nothing of it can be removed. Control
    groups of ours without processes are in it too, last.

    Raises:
        ServiceUnavailable: no daemon answers, and there is no such group either.
    """
    groups = [_found_group(group) for group in find_left_groups()]
    with ExitStack() as stack:
        no_daemon = None
        try:
            found = [*_find_in_daemon(stack), *groups]
        except ServiceUnavailable as error:
            if not groups:
                raise
            found, no_daemon = groups, str(error)
        listed = [one.leftover for one in found]
        if not may_remove(listed):
            return Purge(removed=(), kept=listed, no_daemon=no_daemon)
        after = [_remove(one) for one in found]
    return Purge(
        removed=[leftover for leftover in after if leftover.why_kept is None],
        kept=[leftover for leftover in after if leftover.why_kept is not None],
        no_daemon=no_daemon,
    )


def _find_in_daemon(stack: ExitStack) -> list[_Found]:
    leftovers = stack.enter_context(open_leftovers())
    return [
        _Found(leftover=leftover, remove=partial(leftovers.remove, leftover))
        for leftover in leftovers.find()
    ]


def _found_group(group: LeftGroup) -> _Found:
    leftover = Leftover(
        kind=Kind.GROUP,
        name=group.name,
        engine="",
        data_dir="",
        state="empty",
        size_bytes=None,
        why_kept=group.why_kept,
    )
    return _Found(leftover=leftover, remove=partial(remove_group_left, group))


def _remove(found: _Found) -> Leftover:
    if found.leftover.why_kept is not None:
        return found.leftover
    try:
        found.remove()
    except ServiceUnavailable as error:  # one that cannot be removed is no reason to keep the rest
        return replace(found.leftover, why_kept=str(error))
    return found.leftover
