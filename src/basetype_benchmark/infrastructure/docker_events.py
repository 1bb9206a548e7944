"""What the daemon tells of the containers of one store while they run: kills and deaths."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from basetype_benchmark.infrastructure.docker_errors import DaemonAway, daemon_errors
from basetype_benchmark.infrastructure.docker_labels import VOLUME

if TYPE_CHECKING:
    import docker
    from docker.types.daemon import CancellableStream

END_PATIENCE_S = 5.0


class ContainerEvents:
    """Listens in a thread, while the context is open, to the containers of one volume.

    It counts ``oom`` events, of which a container that lives on tells in no other way on all
    versions of Docker, and notes which containers have died.
    """

    def __init__(self, client: docker.DockerClient, volume: str) -> None:
        self._client = client
        self._volume = volume
        self._kills: Counter[str] = Counter()
        self._dead: set[str] = set()
        self._stream: CancellableStream[Any] | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_listening(self) -> bool:
        """Whether events still come; a daemon that ends ends them."""
        return self._thread is not None and self._thread.is_alive()

    def kills(self, container_id: str) -> int:
        """Count the container's processes that were killed for lack of memory."""
        return self._kills[container_id]

    def has_died(self, container_id: str) -> bool:
        """Whether the container's end was told; its kills were told before."""
        return container_id in self._dead

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
        if event.get("Action", event.get("status")) == "oom":
            self._kills[container_id] += 1
        else:
            self._dead.add(container_id)
