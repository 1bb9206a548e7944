"""Making the next part of a load while the server takes the last one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")


def made_ahead(parts: Iterator[Part]) -> Iterator[Part]:
    """Give the parts, with one more being made in a thread of its own meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        upcoming = maker.submit(next, parts, None)
        while (part := upcoming.result()) is not None:
            upcoming = maker.submit(next, parts, None)
            yield part
