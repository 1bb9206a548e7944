"""Removing what a home holds and what was left behind: listed first, then, if allowed, removed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import HostError, ServiceUnavailable
from basetype_benchmark.workflows.purging.campaigns import find_campaigns
from basetype_benchmark.workflows.purging.containers import find_groups, find_in_daemon
from basetype_benchmark.workflows.purging.datasets import find_datasets
from basetype_benchmark.workflows.purging.items import Found, Item, Purge
from basetype_benchmark.workflows.purging.selection import Selection, Target, select
from basetype_benchmark.workflows.purging.stores import find_stores

MayRemove = Callable[[Sequence[Item]], bool]
"""Is given all that was found, also what will be kept, and says whether to go on."""

_IN_HOME: dict[Target, Callable[[Settings], Iterator[Found]]] = {
    Target.RESULTS: find_campaigns,
    Target.DATASETS: find_datasets,
    Target.ENGINES: find_stores,
}
_USES_DAEMON = frozenset({Target.CONTAINERS, Target.ENGINES})


def purge(selection: Selection, settings: Settings, may_remove: MayRemove) -> Purge:
    """List what there is, ask `may_remove`, and remove what nobody uses.

    `may_remove` is asked even when nothing can be removed. Nothing outside of the home, and nothing
    in the Docker daemon without our label, is ever touched.

    Raises:
        UsageError: nothing has one of the names.
        ServiceUnavailable: only containers were asked for, no daemon answers, and no control group
            was found either.
    """
    with ExitStack() as stack:
        found, no_daemon = _find(selection, settings, stack)
        chosen = select(found, selection, time.time())
        listed = [one.item for one in chosen]
        if not may_remove(listed):
            return Purge(removed=(), kept=listed, failed=(), no_daemon=no_daemon)
        tried = [(one, _remove(one)) for one in chosen]
    return Purge(
        removed=[item for _, item in tried if item.why_kept is None],
        kept=[item for _, item in tried if item.why_kept is not None],
        failed=[item for one, item in tried if item.why_kept != one.item.why_kept],
        no_daemon=no_daemon,
    )


def _find(
    selection: Selection, settings: Settings, stack: ExitStack
) -> tuple[list[Found], str | None]:
    """Find what there is of each target, and say why Docker could not be looked into."""
    targets = selection.targets
    found = [
        one for target, find in _IN_HOME.items() if target in targets for one in find(settings)
    ]
    if selection.all_homes:
        found += find_groups()
    if not targets & _USES_DAEMON:
        return found, None
    home = None if selection.all_homes else settings.home
    try:
        in_daemon = find_in_daemon(stack, home)
    except ServiceUnavailable as error:
        if targets == {Target.CONTAINERS} and not found:
            raise
        return found, str(error)
    return [*in_daemon, *found], None


def _remove(found: Found) -> Item:
    if found.item.why_kept is not None:
        return found.item
    try:
        found.remove()
    except HostError as error:  # one that cannot be removed is no reason to keep the rest
        return replace(found.item, why_kept=str(error))
    return found.item
