"""Making the next parts of a load while the server takes the last one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Part = TypeVar("Part")


def made_ahead(parts: Iterator[Part]) -> Iterator[Part]:
    """Give the parts, with one more being made in a thread of its own meanwhile."""
    with making_ahead(parts, most=1) as made:
        yield from made


@contextmanager
def making_ahead(parts: Iterator[Part], *, most: int) -> Iterator[Iterator[Part]]:
    """Give the parts; a thread of its own begins to make them at once, up to `most` ahead.

    At the end of the context no more is made, whether all were asked for or not.
    """
    with ThreadPoolExecutor(max_workers=1) as maker:
        upcoming = deque(maker.submit(next, parts, None) for _ in range(most))
        try:
            yield _given(maker, parts, upcoming)
        finally:
            maker.shutdown(wait=False, cancel_futures=True)


def _given(
    maker: ThreadPoolExecutor, parts: Iterator[Part], upcoming: deque[Future[Part | None]]
) -> Iterator[Part]:
    while (part := upcoming.popleft().result()) is not None:
        upcoming.append(maker.submit(next, parts, None))
        yield part
