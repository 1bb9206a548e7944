"""What is in the Docker daemon of ours, and the control groups that were left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from basetype_benchmark.infrastructure.cgroups.leftovers import (
    LeftGroup,
    find_left_groups,
    remove_group_left,
)
from basetype_benchmark.infrastructure.docker.leftovers import Leftover, Leftovers, open_leftovers
from basetype_benchmark.workflows.campaigns.lock_files import MEASURING_LOCK
from basetype_benchmark.workflows.purging.items import Found, Item, Kind
from basetype_benchmark.workflows.purging.locks import why_in_use


def find_in_daemon(stack: ExitStack, home: Path | None) -> list[Found]:
    """List containers and volumes, of one home or of all; they can be removed until `stack` ends.

    Raises:
        ServiceUnavailable: no daemon answers.
    """
    leftovers = stack.enter_context(open_leftovers())
    return [_of_daemon(leftovers, leftover) for leftover in leftovers.find(home)]


def find_groups() -> Iterator[Found]:
    """List control groups without processes. They do not tell their home."""
    return map(_of_group, find_left_groups())


def _of_daemon(leftovers: Leftovers, leftover: Leftover) -> Found:
    data_dir = Path(leftover.data_dir)
    store = f"{data_dir.parent.name}/{data_dir.name}"
    item = Item(
        kind=Kind(leftover.kind.value),
        name=leftover.name,
        place=leftover.data_dir,
        size_bytes=leftover.size_bytes,
        changed_at=leftover.created_at,
        state=leftover.state,
        why_kept=leftover.why_kept or _why_measuring(data_dir),
    )
    return Found(
        item=item,
        remove=partial(leftovers.remove, leftover),
        aliases=frozenset({data_dir.parent.name, store}),
    )


def _why_measuring(data_dir: Path) -> str | None:
    """Say that a campaign runs in the home of a store, which it needs between cells, too."""
    return why_in_use(data_dir.parent.with_name(MEASURING_LOCK), "the campaign of")


def _of_group(group: LeftGroup) -> Found:
    item = Item(kind=Kind.GROUP, name=group.name, place="", state="empty", why_kept=group.why_kept)
    return Found(item=item, remove=partial(remove_group_left, group))
