"""What purge lists: each thing with its size, its age, and why it would stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a thing is."""

    DATASET = "dataset"
    CAMPAIGN = "campaign"
    STORE = "store"
    CONTAINER = "container"
    VOLUME = "volume"
    GROUP = "control group"
    REMAINS = "remains"  # of a removal, or of a write, that was cut short
    OTHER = "other"  # not made by btb


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing. `place` is its path, or for a container or volume its data directory.

    `size_bytes` is what it takes on disk, `changed_at` seconds since the epoch; both None where
    nothing tells. `remark` is what to know before it is removed. With `why_kept` it stays.
    """

    kind: Kind
    name: str
    place: str
    size_bytes: int | None = None
    changed_at: float | None = None
    state: str = ""
    remark: str | None = None
    why_kept: str | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """A thing and what removes it, which raises a `HostError` when it cannot.

    `aliases` are what it may be called, too: a dataset by its profile, a store by its scenario.
    """

    item: Item
    remove: Callable[[], None]
    aliases: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Purge:
    """What was removed, and what was kept, with the reason in `why_kept` where there is one.

    `failed` is what of the kept was to be removed. `no_daemon` says why Docker was not looked into;
    None: it was, or was not to be.
    """

    removed: Sequence[Item]
    kept: Sequence[Item]
    failed: Sequence[Item]
    no_daemon: str | None


def kept(item: Item) -> Found:
    """Give a thing that stays, as its `why_kept` says."""

    def refuse() -> None:
        raise AssertionError(f"{item.place} is to be kept: {item.why_kept}")

    return Found(item=item, remove=refuse)
