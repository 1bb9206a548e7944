"""Removing what was left behind: containers and volumes of ours in the Docker daemon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.leftovers import Leftover, Leftovers, open_leftovers


@dataclass(frozen=True, kw_only=True)
class Purge:
    """What was removed, and what was kept, with the reason in `why_kept` where there is one."""

    removed: Sequence[Leftover]
    kept: Sequence[Leftover]


def purge_containers(may_remove: Callable[[Sequence[Leftover]], bool]) -> Purge:
    """List all that carries our label, ask `may_remove`, and remove what nobody alive uses.

    `may_remove` is given the whole list, and asked even when nothing of it can be removed.

    Raises:
        ServiceUnavailable: no daemon answers.
    """
    with open_leftovers() as leftovers:
        found = leftovers.find()
        if not may_remove(found):
            return Purge(removed=(), kept=found)
        after = [_remove(leftovers, leftover) for leftover in found]
    return Purge(
        removed=[leftover for leftover in after if leftover.why_kept is None],
        kept=[leftover for leftover in after if leftover.why_kept is not None],
    )


def _remove(leftovers: Leftovers, leftover: Leftover) -> Leftover:
    if leftover.why_kept is not None:
        return leftover
    try:
        leftovers.remove(leftover)
    except ServiceUnavailable as error:  # one that cannot be removed is no reason to keep the rest
        return replace(leftover, why_kept=str(error))
    return leftover
