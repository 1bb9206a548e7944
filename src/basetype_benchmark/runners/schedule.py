"""The order of executions: shuffled in blocks, so that no drift falls on one query alone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")


def shuffled_blocks(items: Sequence[_Item], blocks: int, seed: str) -> Iterator[list[_Item]]:
    """Give `blocks` orders of all items; each item once per block, another order in each.

    The orders depend on `seed` alone: every scenario of a repetition runs in the same order.
    """
    stream = random.Random(seed)
    for _ in range(blocks):
        yield stream.sample(items, len(items))
