"""Waiting: polling a named condition until a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable


class WaitTimeout(TimeoutError):
    """The condition did not come true in time; the text says which, and why not."""


def wait_until(
    what: str,
    why_not: Callable[[], str | None],
    *,
    deadline_s: float,
    poll_s: float = 0.01,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Ask `why_not` again and again until it answers None; it is asked at least once.

    Raises:
        WaitTimeout: `deadline_s` passed; the text names `what` and the last reason.
    """
    end = clock() + deadline_s
    while (reason := why_not()) is not None:
        if clock() >= end:
            raise WaitTimeout(f"{what}: not within {deadline_s:g} s: {reason}")
        sleep(poll_s)
