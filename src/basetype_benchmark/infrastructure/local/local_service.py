"""A `Service` over a server that we start ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.local.disk_usage import size_on_disk
from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import Command, LocalManager
from basetype_benchmark.infrastructure.page_cache import drop_cached_pages
from basetype_benchmark.infrastructure.readiness import READY_DEADLINE_S, start_deadline_s
from basetype_benchmark.infrastructure.service import Endpoint, Setting


class LocalEngine(Protocol):
    """What the local provider must know of one engine; all else is the same for all of them."""

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
    def stop_steps(self) -> Sequence[StopStep]:
        """How to end it so that nothing needs recovery, the gentlest first."""
        ...

    @property
    def abort_steps(self) -> Sequence[StopStep]:
        """How to end it at once before it is killed; empty: kill it."""
        ...

    def holds_store(self, data_dir: Path) -> bool:
        """Whether the folder is a store of this engine, be it an unfinished one."""
        ...

    def prepare(self, data_dir: Path, run_dir: Path) -> Endpoint:
        """Make both folders fit for the server, creating its store where there is none.

        Called once per start of the service, with the data directory locked.
        """
        ...

    def command(self, data_dir: Path, endpoint: Endpoint) -> Command:
        """Say how to run the server on this data, reached there."""
        ...

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        """Give the reason why a real query fails now; None when it answers."""
        ...

    def read_version(self, endpoint: Endpoint) -> str:
        """Ask the running server."""
        ...


class LocalService:
    """Runs one engine's server on one data directory while the context is open.

    With `fresh`, entering removes the store that the directory holds, so that the server starts
    with a new one: what a store takes, and how fast it is, can depend on what it held before.

    With `ram_bytes` the kernel holds the server and all its processes to that much memory, page
    cache included, and to no swap. Where that cannot be had, entering is refused.
    """

    provider = "local"
    is_ours = True

    def __init__(
        self,
        *,
        engine: LocalEngine,
        data_dir: Path,
        ram_bytes: int | None = None,
        fresh: bool = False,
    ) -> None:
        self.ram_bytes = ram_bytes
        self._engine = engine
        self._fresh = fresh
        self._data_dir = data_dir.resolve()
        self._manager = LocalManager(
            title=engine.title,
            data_dir=self._data_dir,
            stop_steps=engine.stop_steps,
            ram_bytes=ram_bytes,
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
    def data_dir(self) -> Path:
        """Where the server, and nothing else, stores its data."""
        return self._data_dir

    @property
    def log_file(self) -> Path:
        """What the server has written since the service was opened."""
        return self._manager.log_file

    @property
    def pid(self) -> int | None:
        """Process id of the server; None while it does not run."""
        return self._manager.pid

    def store_bytes(self) -> int:
        """Add up what its store takes on disk."""
        return size_on_disk(self._data_dir)

    def open_meter(self) -> Meter:
        """Give what reads the server's use of the machine; the caller closes it."""
        return self._manager.open_meter()

    def oom_kills(self) -> int | None:
        """Count its processes that the kernel ended for lack of memory since it was entered."""
        return self._manager.oom_kills()

    def why_not_ready(self) -> str | None:
        """Give the reason why a real query fails now; None when the server answers."""
        return self._engine.why_not_ready(self.endpoint)

    def why_dead(self) -> str | None:
        """Say how the process ended; None while it runs."""
        return self._manager.why_dead()

    def restart(self) -> None:
        """End the server at once and start it on the same data, at the same endpoint."""
        self._manager.restart(
            self.why_not_ready, steps=self._engine.abort_steps, deadline_s=READY_DEADLINE_S
        )

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._manager)
            stack.callback(self._forget)
            if self._fresh:
                self._manager.discard_data(self._engine.holds_store)
            self._endpoint = self._engine.prepare(self._data_dir, self._manager.run_dir)
            command = self._engine.command(self._data_dir, self._endpoint)
            if self.ram_bytes is not None:
                # Cached pages count for the group that read them first: those of a server before
                # this one, or of whoever made the store, would be memory beyond the limit. So
                # would the program's own, which another level has read.
                for place in (self._data_dir, *command.program):
                    drop_cached_pages(place)
            self._manager.start(
                command,
                self.why_not_ready,
                deadline_s=start_deadline_s(self.ram_bytes),
            )
            self._version = self._engine.read_version(self._endpoint)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _forget(self) -> None:
        self._endpoint = None
        self._version = ""
