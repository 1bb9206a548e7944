"""How a server ended, asked for when a connection to it breaks."""

from __future__ import annotations

from contextlib import suppress

from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

DEATH_NOTICE_S = 1.0
"""How long to wait for it: a connection breaks a moment before its server is seen dead."""


def await_death(service: Service) -> str | None:
    """Say how the server ended; None when it still runs after `DEATH_NOTICE_S`."""
    with suppress(WaitTimeout):
        wait_until(
            "the server's end",
            lambda: "it runs" if service.why_dead() is None else None,
            deadline_s=DEATH_NOTICE_S,
        )
    return service.why_dead()
