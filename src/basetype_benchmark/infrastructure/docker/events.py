"""What the daemon tells of the containers of one store while they run: kills and deaths."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from basetype_benchmark.infrastructure.docker.errors import DaemonAway, daemon_errors
from basetype_benchmark.infrastructure.docker.labels import VOLUME

if TYPE_CHECKING:
    import docker
    from docker.types.daemon import CancellableStream

END_PATIENCE_S = 5.0
ONE_KILL_S = 1.0
"""Events of one kill, and the death it brings, come within this time."""


@dataclass(kw_only=True)
class _Told:
    """What was told of one container; times are those of the monotonic clock, in s."""

    kills: int = 0
    last_kill_at: float = -math.inf
    died_at: float | None = None


class ContainerEvents:
    """Listens in a thread, while the context is open, to the containers of one volume.

    ``oom`` events say that processes are killed for lack of memory, not how many: with version 1
    of control groups there can be ten of them for one process, which takes a moment to let go of
    its memory. So those that come close to each other are taken for one.
    """

    def __init__(
        self,
        client: docker.DockerClient,
        volume: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._clock = clock
        self._volume = volume
        self._told: dict[str, _Told] = {}
        self._stream: CancellableStream[Any] | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_listening(self) -> bool:
        """Whether events still come; a daemon that ends ends them."""
        return self._thread is not None and self._thread.is_alive()

    def kills(self, container_id: str) -> int:
        """Count when processes of the container were killed for lack of memory: at least."""
        return self._told.get(container_id, _Told()).kills

    def has_died(self, container_id: str) -> bool:
        """Whether the container's end was told; its kills were told before."""
        return self._told.get(container_id, _Told()).died_at is not None

    def died_of_kill(self, container_id: str, *, since: float) -> bool:
        """Whether a kill came right before the container's end, and after `since`."""
        told = self._told.get(container_id, _Told())
        if told.died_at is None or told.last_kill_at <= since:
            return False
        return abs(told.died_at - told.last_kill_at) <= ONE_KILL_S

    def listen(self) -> None:
        """Begin to listen, again after the daemon went away; nothing when it does already.

        Raises:
            ServiceUnavailable: the daemon does not answer.
        """
        if self.is_listening:
            return
        filters = {
            "type": "container",
            "event": ["oom", "die"],
            "label": f"{VOLUME}={self._volume}",
        }
        with daemon_errors("tell of its events"):
            self._stream = self._client.events(decode=True, filters=filters)
        self._thread = threading.Thread(
            target=self._follow, args=(self._stream,), name="docker-events", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is not None and self.is_listening:
            self._stream.close()
        if self._thread is not None:
            self._thread.join(END_PATIENCE_S)

    def _follow(self, stream: Iterable[dict[str, Any]]) -> None:
        try:
            with daemon_errors("tell of its events"):
                for event in stream:
                    self._note(event)
        except (DaemonAway, ValueError, OSError):
            # The stream was closed by us, or by the end of the daemon.
            return

    def _note(self, event: dict[str, Any]) -> None:
        container_id = str(event.get("id") or (event.get("Actor") or {}).get("ID"))
        told, now = self._told.setdefault(container_id, _Told()), self._clock()
        if event.get("Action", event.get("status")) != "oom":
            told.died_at = now
            return
        if now - told.last_kill_at > ONE_KILL_S:
            told.kills += 1
        told.last_kill_at = now
