"""One server in a container on one volume: started, watched, ended, found again after a crash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.errors import PortInUse, ServiceUnavailable
from basetype_benchmark.infrastructure.cgroup_monitor import open_cgroup_meter
from basetype_benchmark.infrastructure.docker.daemon import (
    DaemonFacts,
    await_daemon,
    read_facts,
    why_no_limit,
)
from basetype_benchmark.infrastructure.docker.errors import DaemonAway
from basetype_benchmark.infrastructure.docker.events import ContainerEvents
from basetype_benchmark.infrastructure.docker.exit import describe_exit, start_error
from basetype_benchmark.infrastructure.docker.images import require_image
from basetype_benchmark.infrastructure.docker.labels import (
    OWNER,
    VOLUME,
    container_labels,
    volume_labels,
)
from basetype_benchmark.infrastructure.docker.leftovers import why_owned
from basetype_benchmark.infrastructure.docker.meter import ContinuingMeter, StatsMeter
from basetype_benchmark.infrastructure.docker.oom import OomLedger
from basetype_benchmark.infrastructure.docker.store_pages import find_store
from basetype_benchmark.infrastructure.docker_manager import ContainerSpec, DockerManager, NotOurs
from basetype_benchmark.infrastructure.harness_id import parse_harness_id, this_harness
from basetype_benchmark.infrastructure.local.data_lock import DataLock
from basetype_benchmark.infrastructure.local.disk_usage import size_on_disk
from basetype_benchmark.infrastructure.local.local_manager import storage_error
from basetype_benchmark.infrastructure.local.server_log import failure_line_in
from basetype_benchmark.infrastructure.page_cache import drop_cached_pages
from basetype_benchmark.infrastructure.readiness import describe_memory
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until
from basetype_benchmark.interrupts import interrupts_deferred
from basetype_benchmark.progress import Progress
from basetype_benchmark.units import format_bytes

if TYPE_CHECKING:
    import docker

READY_POLL_S = 0.03
DAEMON_PATIENCE_S = 30.0
"""How long a start and a restart wait for a daemon that is itself being restarted."""
PORT_PATIENCE_S = 30.0
"""How long a restart waits for its port, which for a moment anybody can take."""
KEPT_LOG_LINES = 10_000


@dataclass(frozen=True, kw_only=True)
class _Entered:
    """What a server has to do with once it is entered; its counts outlive its end."""

    facts: DaemonFacts
    manager: DockerManager
    events: ContainerEvents
    ledger: OomLedger
    image_id: str


class DockerServer:
    """One server in a container, made anew for every start, on one volume that stays.

    Entering locks the data directory that the volume stands for and ends a container that a killed
    harness left on it. Leaving ends the container, whatever happened. What it wrote is kept beside
    the directory: ``postgresql/`` has ``postgresql.log``.
    """

    def __init__(
        self,
        *,
        engine: str,
        spec: ContainerSpec,
        data_dir: Path,
        stop_patience_s: float,
        progress: Progress,
    ) -> None:
        self.log_file = data_dir.with_name(f"{data_dir.name}.log")
        self.cold_start: bool | None = None
        self._engine = engine
        self._spec = spec
        self._data_dir = data_dir
        self._stop_patience_s = stop_patience_s
        self._progress = progress
        self._entered: _Entered | None = None
        self._container_id: str | None = None
        self._meters: list[ContinuingMeter] = []
        self._stack = ExitStack()

    @property
    def name(self) -> str:
        """Name of the container, and of its volume."""
        return self._spec.name

    @property
    def image_id(self) -> str:
        """Digest of the image's configuration; once it is entered."""
        return self._open.image_id

    @property
    def host(self) -> str:
        """Where its port is published."""
        return self._open.facts.address

    @property
    def port(self) -> int:
        """The published port, the same over restarts; only while it runs."""
        return self._spec.published_port or 0

    def __enter__(self) -> Self:
        """Take the data directory, and see that the daemon has what is needed.

        Raises:
            ServiceUnavailable: another harness holds it, or the daemon cannot serve us.
        """
        with ExitStack() as stack:
            self._lock(stack)
            client = await_daemon(DAEMON_PATIENCE_S)
            stack.callback(client.close)
            self._entered = self._prepare(client, stack)
            stack.callback(self._end)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def discard_data(self) -> None:
        """Remove the volume; only before the start."""
        self._open.manager.remove_volume(self.name)

    def start(self, why_not_ready: Callable[[], str | None], *, deadline_s: float) -> None:
        """Start the server and return when `why_not_ready` gives None.

        Raises:
            ServiceUnavailable: it ended before, or was not ready in time.
            PortInUse, DiskFull: for lack of these.
        """
        with interrupts_deferred():
            self._launch()
        self._await_ready(why_not_ready, deadline_s)

    def restart(self, why_not_ready: Callable[[], str | None], *, deadline_s: float) -> None:
        """Kill the server and start it on the same data, at the same port.

        Raises:
            ServiceUnavailable, PortInUse: it did not come back.
        """
        self._await_daemon()
        self._meters = [meter for meter in self._meters if not meter.is_closed]
        with interrupts_deferred():
            for meter in self._meters:
                meter.leave()
            self._remove()
        self._open.events.listen()
        self._launch_at_same_port()
        for meter in self._meters:
            meter.follow()
        self._await_ready(why_not_ready, deadline_s)

    def why_dead(self) -> str | None:
        """Say how the container ended; None while it runs."""
        if self._container_id is None:
            return f"{self._spec.title} is not running"
        try:
            state = self._open.manager.state(self.name)
            if state is None or state.id != self._container_id:
                return (
                    f"the container {self.name} of {self._spec.title} is gone: "
                    "somebody else removed it"
                )
            if state.is_running:
                return None
            line = failure_line_in(self._open.manager.get_logs(self.name))
        except ServiceUnavailable as error:
            return f"{self._spec.title} is out of reach: {error}"
        said = f"its log says: {line}" if line else "its log says nothing"
        return f"{self._spec.title} {describe_exit(state, self._spec.ram_bytes)}; {said}"

    def oom_kills(self) -> int:
        """Count processes killed for lack of memory since this was entered; never falls."""
        return 0 if self._entered is None else self._entered.ledger.total()

    def open_meter(self) -> Meter:
        """Give what reads the container and those that follow it; the caller closes it."""
        meter = ContinuingMeter(self._open_meter, self.oom_kills)
        self._meters.append(meter)
        return meter

    def store_bytes(self) -> int | None:
        """Add up what the volume takes; None when the daemon does not tell."""
        with suppress(ServiceUnavailable):
            store = find_store(self._open.manager, self._open.facts, self.name)
            if store is not None:
                return size_on_disk(store)
            return self._open.manager.volume_sizes().get(self.name)
        return None

    @property
    def _open(self) -> _Entered:
        if self._entered is None:
            raise ServiceUnavailable(f"{self._spec.title} is not running; open the service first")
        return self._entered

    def _prepare(self, client: docker.DockerClient, stack: ExitStack) -> _Entered:
        """See that the daemon can serve us and nothing else is on the store; `stack` ends it."""
        facts = read_facts(client)
        self._require_limit(facts)
        manager = DockerManager(client, facts)
        image_id = require_image(
            client, self._spec.image, engine=self._engine, progress=self._progress
        )
        self._end_leftovers(manager)
        events = stack.enter_context(ContainerEvents(client, self.name))
        ledger = OomLedger(events, lambda: manager.state(self.name))
        return _Entered(
            facts=facts, manager=manager, events=events, ledger=ledger, image_id=image_id
        )

    def _lock(self, stack: ExitStack) -> None:
        try:
            self._data_dir.parent.mkdir(parents=True, exist_ok=True)
            lock_file = self._data_dir.with_name(f"{self._data_dir.name}.lock")
            stack.enter_context(
                DataLock(what=f"the data directory {self._data_dir}", lock_file=lock_file)
            )
            if self.log_file.exists():
                self.log_file.replace(f"{self.log_file}.1")
        except OSError as error:
            raise storage_error(self._spec.title, self._data_dir, error) from None

    def _require_limit(self, facts: DaemonFacts) -> None:
        ram_bytes = self._spec.ram_bytes
        if ram_bytes is not None and (reason := why_no_limit(facts)) is not None:
            raise ServiceUnavailable(
                f"{self._spec.title} cannot be limited to {format_bytes(ram_bytes)}: {reason}"
            )

    def _end_leftovers(self, manager: DockerManager) -> None:
        """End containers that killed harnesses left on the store.

        We hold the lock, which says nothing of harnesses that see another file of that name.
        """
        for name in manager.find_containers(f"{VOLUME}={self.name}"):
            labels = manager.labels(name)
            if labels:
                self._require_unowned(name, labels.get(OWNER, ""))
            with interrupts_deferred():
                manager.stop_container(name, patience_s=self._stop_patience_s)
                manager.remove_container(name)

    def _require_unowned(self, container: str, owner: str) -> None:
        harness = parse_harness_id(owner)
        if harness is not None and harness.is_this():  # its end had failed, without a daemon
            return
        if reason := why_owned(owner):
            raise ServiceUnavailable(
                f"the container {container} runs on the store of {self._spec.title} and may be "
                f"needed: it is {reason}; if it is not, remove it: docker rm -f {container}"
            )

    def _launch(self) -> None:
        labels = volume_labels(self._engine, self._data_dir)
        self._open.manager.make_volume(self.name, labels)
        if self._spec.ram_bytes is not None:
            self.cold_start = self._drop_pages()
        owned = container_labels(self._engine, self._data_dir, self.name, this_harness())
        port = self._open.manager.start_container(replace(self._spec, labels=owned))
        state = self._open.manager.state(self.name)
        self._container_id = "" if state is None else state.id
        self._spec = replace(self._spec, published_port=port or None)
        self._open.ledger.begin(self._container_id, self._open_cgroup())

    def _drop_pages(self) -> bool:
        """Drop the cached pages of its store: they count for the group that read them first.

        Those that a server before this one has left would be memory beyond the limit.
        """
        store = find_store(self._open.manager, self._open.facts, self.name)
        if store is None:
            return False
        return drop_cached_pages(store)

    def _launch_at_same_port(self) -> None:
        def why_not() -> str | None:
            try:
                with interrupts_deferred():
                    self._launch()
            except PortInUse as error:
                return str(error)
            return None

        try:
            wait_until("its port", why_not, deadline_s=PORT_PATIENCE_S, poll_s=0.1)
        except WaitTimeout as error:
            raise PortInUse(f"{self._spec.title} did not come back: {error}") from None

    def _await_ready(self, why_not_ready: Callable[[], str | None], deadline_s: float) -> None:
        def reason() -> str | None:
            return None if self.why_dead() else why_not_ready()

        try:
            wait_until("a first query", reason, deadline_s=deadline_s, poll_s=READY_POLL_S)
        except WaitTimeout as error:
            with closing(self._open_meter()) as meter:
                memory = describe_memory(meter, self._spec.ram_bytes)
            raise ServiceUnavailable(
                f"{self._spec.title} was not ready: {error}{memory}; see its log {self.log_file}"
            ) from None
        if death := self.why_dead():
            raise start_error(death)

    def _await_daemon(self) -> None:
        def why_not() -> str | None:
            try:
                self._open.manager.state(self.name)
            except DaemonAway as error:
                return str(error)
            return None

        try:
            wait_until("the Docker daemon", why_not, deadline_s=DAEMON_PATIENCE_S, poll_s=0.1)
        except WaitTimeout as error:
            raise DaemonAway(f"{self._spec.title} cannot be restarted: {error}") from None

    def _open_meter(self) -> Meter:
        return self._open_cgroup() or StatsMeter(self._open.manager, self.name)

    def _open_cgroup(self) -> Meter | None:
        """Open the container's control group, where it is this machine's and can be seen."""
        state = None if self._open.facts.is_remote else self._open.manager.state(self.name)
        if state is None or not state.pid:
            return None
        try:
            groups = Path(f"/proc/{state.pid}/cgroup").read_text(encoding="utf-8")
        except OSError:
            return None
        # The daemon may live in another machine or container, where the pid means another process.
        return open_cgroup_meter(state.pid) if state.id in groups else None

    def _end(self) -> None:
        with interrupts_deferred():
            try:
                if self._container_id is not None:
                    self._open.manager.stop_container(self.name, patience_s=self._stop_patience_s)
                self._remove()
            except ServiceUnavailable as error:
                raise ServiceUnavailable(
                    f"{error}; the container {self.name} may be left there: "
                    "btb purge containers removes it"
                ) from None

    def _remove(self) -> None:
        """Remove the container, after what it has to tell was taken from it."""
        if self._container_id is not None:
            self._open.ledger.end()
            self._keep_log()
            self._container_id = None
        with suppress(NotOurs):
            self._open.manager.remove_container(self.name)

    def _keep_log(self) -> None:
        text = self._open.manager.get_logs(self.name, tail=KEPT_LOG_LINES)
        with suppress(OSError), self.log_file.open("a", encoding="utf-8") as log:
            log.write(text)  # for people to read; an end does not fail for want of it
