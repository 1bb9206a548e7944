"""Whether a failure was the kernel's doing: it ended a server's process for lack of memory."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from basetype_benchmark.errors import BenchmarkError, OutOfMemory, ServerDied
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until
from basetype_benchmark.units import format_bytes

NOTICE_S = 1.0
"""How long to wait for the word of a kill: a connection breaks before a container's event comes."""


class OomWatch:
    """Compares the servers' counts of killed processes before and after a failure.

    A connection that breaks says nothing of why, and a process killed by the kernel looks like one
    killed by anybody: only the count tells. A killed child is seen too, while its server lives on.
    """

    def __init__(self, services: Mapping[str, Service]) -> None:
        self._services = services
        self._seen: dict[str, int | None] = {}
        self.note()

    def note(self) -> None:
        """Take the counts as they are: what was killed before explains no later failure."""
        self._seen = {engine: service.oom_kills() for engine, service in self._services.items()}

    def explain(self, failure: BenchmarkError) -> BenchmarkError:
        """Give an `OutOfMemory` where a count has risen since it was last noted, else `failure`."""
        patience_s = NOTICE_S if isinstance(failure, ServerDied) and self._counts_something else 0
        with suppress(WaitTimeout):
            wait_until(
                "word of a killed process",
                lambda: None if self._risen() else "no count has risen",
                deadline_s=patience_s,
            )
        risen = self._risen()
        self._seen |= {engine: now for engine, (_, now) in risen.items()}
        if not risen:
            return failure
        return OutOfMemory(f"{'; '.join(map(self._describe, risen))}: {failure}")

    @property
    def _counts_something(self) -> bool:
        return any(count is not None for count in self._seen.values())

    def _risen(self) -> dict[str, tuple[int, int]]:
        counts = {engine: service.oom_kills() for engine, service in self._services.items()}
        return {
            engine: (before, now)
            for engine, now in counts.items()
            if now is not None and (before := self._seen[engine] or 0) < now
        }

    def _describe(self, engine: str) -> str:
        service = self._services[engine]
        victim = "the server" if service.why_dead() else "a process of the server, which lives on,"
        ram_bytes = service.ram_bytes
        limit = "" if ram_bytes is None else f"; the limit is {format_bytes(ram_bytes)}"
        return f"{engine}: the kernel ended {victim} for lack of memory{limit}"


NO_WATCH = OomWatch({})
"""Where nothing is known of the servers."""
