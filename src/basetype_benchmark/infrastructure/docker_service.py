"""A `Service` over a server that we start in a container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Setting


class ContainerEngine(Protocol):
    """What the Docker provider must know of one engine; all else is the same for all of them.

    It is made for one start: its settings follow from that start's RAM budget and time limit.
    """

    @property
    def engine(self) -> str:
        """Id in the engine table."""
        ...

    @property
    def title(self) -> str:
        """Name for messages."""
        ...

    @property
    def settings(self) -> Sequence[Setting]:
        """Settings that the server will be started with."""
        ...

    @property
    def image(self) -> str:
        """Reference of the image: the pinned one, or the user's."""
        ...

    @property
    def port(self) -> int:
        """Where the server listens inside its container."""
        ...

    @property
    def data_path(self) -> str:
        """Where the volume with its store is mounted."""
        ...

    @property
    def command(self) -> Sequence[str]:
        """Arguments of the image's entry point; empty: those of the image."""
        ...

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables on top of the image's."""
        ...

    @property
    def user(self) -> str | None:
        """Who the server runs as, as Docker writes it; None: the image's."""
        ...

    @property
    def stop_signal(self) -> str:
        """The signal by which it ends so that nothing needs recovery: ``SIGINT``."""
        ...

    @property
    def stop_patience_s(self) -> float:
        """How long to wait for that before it is killed."""
        ...

    @property
    def needs_init(self) -> bool:
        """Whether it ignores signals as process 1, so that an init must run it."""
        ...

    @property
    def shm_bytes(self) -> int | None:
        """Size of ``/dev/shm``, whose use counts in the limit; None: Docker's 64 MB."""
        ...

    def endpoint(self, host: str, port: int) -> Endpoint:
        """Say how the server is reached at the published port."""
        ...

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why a real query over TCP fails now; None when it answers."""
        ...

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask the running server."""
        ...


class DockerService:
    """Runs one engine's server in a container while the context is open.

    Its store is a volume named after the data directory, which outlives the container.
    """

    provider = "docker"
    is_ours = True

    def __init__(self, *, engine: ContainerEngine, start: ServerStart) -> None:
        self.ram_bytes = start.ram_bytes
        self._engine = engine
        self._start = start

    @property
    def engine(self) -> str:
        """Id in the engine table."""
        return self._engine.engine

    @property
    def endpoint(self) -> Endpoint:
        """Where it is reached; only while it runs."""
        raise NotImplementedError

    @property
    def version(self) -> str:
        """What the server said at its start; only while it runs."""
        raise NotImplementedError

    @property
    def settings(self) -> Sequence[Setting]:
        """The settings as applied."""
        return self._engine.settings

    def store_bytes(self) -> int | None:
        """Add up what its store takes on disk."""
        raise NotImplementedError

    def open_meter(self) -> Meter:
        """Give what reads the server's use of the machine; the caller closes it."""
        raise NotImplementedError

    def oom_kills(self) -> int | None:
        """Count its processes that the kernel ended for lack of memory since it was entered."""
        raise NotImplementedError

    def why_not_ready(self) -> str | None:
        """Give the reason why a real query fails now; None when the server answers."""
        return self._engine.why_not_ready(self.endpoint)

    def why_dead(self) -> str | None:
        """Say how the container ended; None while it runs."""
        raise NotImplementedError

    def restart(self) -> None:
        """End the server at once and start it on the same data, at the same endpoint."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError
