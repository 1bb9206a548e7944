"""A `Service` over a server that we start in a container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.errors import HostError, ServiceUnavailable
from basetype_benchmark.infrastructure.docker.labels import store_name
from basetype_benchmark.infrastructure.docker.server import DockerServer
from basetype_benchmark.infrastructure.docker_manager import ContainerSpec
from basetype_benchmark.infrastructure.readiness import READY_DEADLINE_S, start_deadline_s
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Setting
from basetype_benchmark.progress import SILENT, Progress


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

    Its store is a volume named after the data directory, which outlives the container; with
    ``is_fresh``, entering removes it first. An image that is missing is pulled, and `progress`
    tells how far that is.
    """

    provider = "docker"
    is_ours = True

    def __init__(
        self, *, engine: ContainerEngine, start: ServerStart, progress: Progress = SILENT
    ) -> None:
        self.ram_bytes = start.ram_bytes
        self._engine = engine
        self._is_fresh = start.is_fresh
        self._server = DockerServer(
            engine=engine.engine,
            spec=_spec(engine, start),
            data_dir=start.data_dir.resolve(),
            stop_patience_s=engine.stop_patience_s,
            progress=progress,
        )
        self._endpoint: Endpoint | None = None
        self._version = ""
        self._stack = ExitStack()

    @property
    def engine(self) -> str:
        """Id in the engine table."""
        return self._engine.engine

    @property
    def endpoint(self) -> Endpoint:
        """Where it is reached; only while it runs."""
        if self._endpoint is None:
            raise ServiceUnavailable(f"{self._engine.title} is not running; open the service first")
        return self._endpoint

    @property
    def version(self) -> str:
        """What the server said at its start; only while it runs."""
        if not self._version:
            raise ServiceUnavailable(f"{self._engine.title} is not running; open the service first")
        return self._version

    @property
    def settings(self) -> Sequence[Setting]:
        """The settings as applied."""
        return self._engine.settings

    @property
    def container_name(self) -> str:
        """Name of its container and of its volume."""
        return self._server.name

    @property
    def image(self) -> str:
        """Name of its image: the pinned one, or the user's."""
        return self._engine.image

    @property
    def image_id(self) -> str:
        """Digest of the image's configuration; only while it runs."""
        return self._server.image_id

    @property
    def cold_start(self) -> bool | None:
        """Whether nothing of its store was in the page cache when it last started under a limit.

        None: it has no limit. False where the files of the volume cannot be seen from here (another
        machine's daemon, or no root): pages that an earlier server left are beyond the limit then.
        """
        return self._server.cold_start

    @property
    def log_file(self) -> Path:
        """What the containers of this service wrote until their end."""
        return self._server.log_file

    def store_bytes(self) -> int | None:
        """Add up what its store takes on disk; None when the daemon does not tell."""
        return self._server.store_bytes()

    def open_meter(self) -> Meter:
        """Give what reads the server's use of the machine; the caller closes it."""
        return self._server.open_meter()

    def oom_kills(self) -> int | None:
        """Count its processes that the kernel ended for lack of memory since it was entered."""
        return self._server.oom_kills()

    def why_not_ready(self) -> str | None:
        """Give the reason why a real query fails now; None when the server answers."""
        return self._engine.why_not_ready(self.endpoint)

    def why_dead(self) -> str | None:
        """Say how the container ended; None while it runs."""
        return self._server.why_dead()

    def restart(self) -> None:
        """Kill the server and start it on the same data, at the same endpoint.

        It is a new container. A daemon that is itself being restarted is waited for.
        """
        self._server.restart(self._why_not_up, deadline_s=READY_DEADLINE_S)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._server)
            stack.callback(self._forget)
            if self._is_fresh:
                self._server.discard_data()
            deadline_s = start_deadline_s(self.ram_bytes)
            self._server.start(self._why_not_up, deadline_s=deadline_s)
            self._version = self._engine.read_version(self.endpoint)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._stack.close()
        except HostError as closing:
            if error is None:
                raise
            error.add_note(str(closing))  # what happened first is what is told

    def _why_not_up(self) -> str | None:
        """Ask at the port that is only known once the container has started."""
        self._endpoint = self._engine.endpoint(self._server.host, self._server.port)
        return self.why_not_ready()

    def _forget(self) -> None:
        self._endpoint = None
        self._version = ""


def _spec(engine: ContainerEngine, start: ServerStart) -> ContainerSpec:
    name = store_name(engine.engine, start.data_dir.resolve())
    return ContainerSpec(
        name=name,
        title=engine.title,
        image=engine.image,
        port=engine.port,
        volume=name,
        data_path=engine.data_path,
        command=engine.command,
        environment=engine.environment,
        user=engine.user,
        stop_signal=engine.stop_signal,
        needs_init=engine.needs_init,
        ram_bytes=start.ram_bytes,
        shm_bytes=engine.shm_bytes,
    )
