"""How many processes of a container the kernel has ended, from all who can tell."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker_events import ContainerEvents
from basetype_benchmark.infrastructure.docker_manager import ContainerState
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

NOTICE_S = 1.0
"""How long to wait for the daemon's word that a container it no longer runs has died."""


@dataclass(kw_only=True)
class _Life:
    """One container, from its start to its end."""

    container_id: str
    meter: Meter | None
    kills: int = 0


class OomLedger:
    """Adds up the kills of one container after the other; the sum never falls.

    While a container runs, the kernel's counter is exact; it goes with the container. Of one that
    has ended, the daemon tells by its events and its state. A new container is made for every
    start, so that its state speaks of nothing before: Docker 20.10 keeps it over a restart.
    """

    def __init__(self, events: ContainerEvents, look: Callable[[], ContainerState | None]) -> None:
        self._events = events
        self._look = look
        self._before = 0
        self._life: _Life | None = None

    def begin(self, container_id: str, meter: Meter | None) -> None:
        """Count for a container that has just started; `meter` is closed at its end."""
        self._life = _Life(container_id=container_id, meter=meter)

    def end(self) -> None:
        """Count a last time for the container, which is about to be removed."""
        self._before = self.total()
        if self._life is not None and self._life.meter is not None:
            self._life.meter.close()
        self._life = None

    def total(self) -> int:
        """Count until now."""
        life = self._life
        if life is None:
            return self._before
        counted = None if life.meter is None else life.meter.read_counters().oom_kills
        life.kills = max(life.kills, self._told_by_daemon(life) if counted is None else counted)
        return self._before + life.kills

    def _told_by_daemon(self, life: _Life) -> int:
        with suppress(ServiceUnavailable):  # without its answer, what its events told must do
            state = self._look()
            if state is None or not state.is_running:
                self._await_last_event(life)
                if state is not None and state.is_oom_killed:
                    return max(1, self._events.kills(life.container_id))
        return self._events.kills(life.container_id)

    def _await_last_event(self, life: _Life) -> None:
        def missing() -> str | None:
            is_told = self._events.has_died(life.container_id) or not self._events.is_listening
            return None if is_told else "no event"

        with suppress(WaitTimeout):
            wait_until("the event of its death", missing, deadline_s=NOTICE_S)
