"""How many processes of a container the kernel has ended, from all who can tell."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.events import ONE_KILL_S, ContainerEvents
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
    is_counted: bool = False  # whether the kernel's counter was ever read
    risen_at: float = -math.inf  # when it was first seen as high as it is; monotonic clock, in s
    is_end_added: bool = False  # the kill that ended the container, which the counter did not show


class OomLedger:
    """Adds up the kills of one container after the other; the sum never falls.

    While a container runs, the kernel's counter is exact; it goes with the container. Of one that
    has ended, the daemon tells by its events and its state. A new container is made for every
    start, so that its state speaks of nothing before: Docker 20.10 keeps it over a restart. Two
    kills within `ONE_KILL_S`, the second of which ends the container, can be taken for one.
    """

    def __init__(
        self,
        events: ContainerEvents,
        look: Callable[[], ContainerState | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._events = events
        self._look = look
        self._clock = clock
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
        if counted is None:
            life.kills = max(life.kills, self._told_by_daemon(life))
        else:
            life.is_counted = True
            if counted > life.kills:
                life.kills, life.risen_at = counted, self._clock()
        return self._before + life.kills

    def _told_by_daemon(self, life: _Life) -> int:
        """Take what events and state tell, of a container that has ended or cannot be read."""
        least = 0
        with suppress(ServiceUnavailable):  # without its answer, what its events told must do
            state = self._look()
            if state is None or not state.is_running:
                self._await_last_event(life)
                least = 1 if state is not None and state.is_oom_killed else 0
        if not life.is_counted:
            return max(least, self._events.kills(life.container_id))
        if self._died_of_another_kill(life):
            life.is_end_added = True
            return life.kills + 1
        return least

    def _died_of_another_kill(self, life: _Life) -> bool:
        """Whether the kill that ended it came after those that the counter showed.

        The counter can still be read a moment after that kill; then it is among them.
        """
        echo_until = life.risen_at + ONE_KILL_S
        died_of_it = self._events.died_of_kill(life.container_id, since=echo_until)
        return died_of_it and not life.is_end_added

    def _await_last_event(self, life: _Life) -> None:
        def missing() -> str | None:
            is_told = self._events.has_died(life.container_id) or not self._events.is_listening
            return None if is_told else "no event"

        with suppress(WaitTimeout):
            wait_until("the event of its death", missing, deadline_s=NOTICE_S)
