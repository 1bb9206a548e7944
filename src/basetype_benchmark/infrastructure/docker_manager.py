"""Containers and volumes of ours in one daemon: started, asked, ended, and nothing of others."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from basetype_benchmark.errors import PortInUse, ServiceUnavailable
from basetype_benchmark.infrastructure.docker.daemon import DaemonFacts
from basetype_benchmark.infrastructure.docker.errors import (
    DaemonRefused,
    NotThere,
    daemon_errors,
)
from basetype_benchmark.infrastructure.docker.labels import OURS
from basetype_benchmark.infrastructure.docker.stats import ContainerStats, parse_stats
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container


class NotOurs(ServiceUnavailable):
    """A container or volume has the name that ours would have, and somebody else made it."""


REMOVAL_DEADLINE_S = 30.0
MEASURE_PATIENCE_S = 5.0
LOG_SIZE = {"max-size": "10m", "max-file": "2"}
_PORT_TAKEN = re.compile(r"port is already allocated|address already in use")
_MEASURING = re.compile(r"disk usage operation is already running")
_NO_INIT = re.compile(r"docker-init|init binary|tini")


@dataclass(frozen=True, kw_only=True)
class ContainerSpec:
    """How a container is to be: what `DockerManager.start_container` needs of it.

    `published_port` is the port of the host; None: one that is free. `ram_bytes` is the limit of
    memory, with no swap beyond it, and ``/dev/shm`` counts in it.
    """

    name: str
    title: str
    image: str
    port: int
    volume: str
    data_path: str
    labels: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    published_port: int | None = None
    stop_signal: str = "SIGTERM"
    needs_init: bool = False
    ram_bytes: int | None = None
    shm_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class ContainerState:
    """A container as the daemon sees it. `pid` is that of its first process, on its host."""

    id: str
    is_running: bool
    pid: int
    exit_code: int
    is_oom_killed: bool
    error: str


class DockerManager:
    """The containers and volumes of ours in one daemon.

    Errors are raised as they come: `ServiceUnavailable` and its kinds. Everything made carries our
    label, and nothing without it is ever touched.
    """

    def __init__(self, client: docker.DockerClient, facts: DaemonFacts) -> None:
        self._client = client
        self._facts = facts

    def start_container(self, spec: ContainerSpec) -> int:
        """Create and start a container, and give the port of the host where it is reached.

        Raises:
            PortInUse: the port asked for is taken.
            ServiceUnavailable: the daemon cannot start it, or somebody else's has its name.
        """
        with suppress(NotThere):
            self._get_ours(spec.name)
        with daemon_errors(f"create the container {spec.name}"):
            container = self._client.containers.create(**self._options(spec))
        try:
            with daemon_errors(f"start the container {spec.name}"):
                container.start()
                container.reload()
                return _published_port(container, spec)
        except (DaemonRefused, NotThere) as error:
            self.remove_container(spec.name)
            raise _start_error(error, spec) from None

    def stop_container(self, name: str, *, patience_s: float) -> None:
        """End a container by its stop signal, kill it after `patience_s`; also one that is gone."""
        with suppress(NotThere):
            container = self._get_ours(name)
            with daemon_errors(f"stop the container {name}"):
                container.stop(timeout=math.ceil(patience_s))

    def remove_container(self, name: str) -> None:
        """Kill a container if it runs, and remove it with its nameless volumes; also one that is
        gone, or that somebody else is just removing.
        """
        try:
            container = self._get_ours(name)
            with daemon_errors(f"remove the container {name}"):
                container.remove(force=True, v=True)
        except NotThere:
            return
        except DaemonRefused as error:
            if error.status != 409:
                raise
            self._await_removal(name, error)

    def state(self, name: str) -> ContainerState | None:
        """Give the state of a container; None when there is none of this name."""
        try:
            with daemon_errors(f"look at the container {name}"):
                container = self._client.containers.get(name)
        except NotThere:
            return None
        state = container.attrs["State"]
        return ContainerState(
            id=str(container.id),
            is_running=bool(state.get("Running")),
            pid=int(state.get("Pid") or 0),
            exit_code=int(state.get("ExitCode") or 0),
            is_oom_killed=bool(state.get("OOMKilled")),
            error=str(state.get("Error") or ""),
        )

    def is_running(self, name: str) -> bool:
        """Whether there is such a container and it runs."""
        state = self.state(name)
        return state is not None and state.is_running

    def check_oom_killed(self, name: str) -> bool:
        """Whether the daemon says that the kernel killed it for lack of memory.

        Docker 20.10 says so of its first process only, and goes on saying it after a restart.
        """
        state = self.state(name)
        return state is not None and state.is_oom_killed

    def get_container_stats(self, name: str) -> ContainerStats | None:
        """Read what a container uses, which takes the daemon 1 to 2 s; None when it is gone."""
        return self._stats(name, at_once=False)

    def get_stats_at_once(self, name: str) -> ContainerStats | None:
        """Read the same without the share of CPU, which needs two moments."""
        return self._stats(name, at_once=True)

    def get_logs(self, name: str, tail: int = 100) -> str:
        """Give the last lines that a container wrote; empty when it is gone."""
        try:
            with daemon_errors(f"give the log of {name}"):
                text: bytes = self._client.containers.get(name).logs(tail=tail)
        except NotThere:
            return ""
        return text.decode("utf-8", "replace")

    def find_containers(self, label: str) -> list[str]:
        """List the names of our containers that carry a label (``key`` or ``key=value``)."""
        with daemon_errors("list its containers"):
            found = self._client.containers.list(
                all=True, filters={"label": [OURS, label]}, ignore_removed=True
            )
        return [str(container.name) for container in found]

    def labels(self, name: str) -> Mapping[str, str]:
        """Give the labels of a container; none when it is gone."""
        try:
            with daemon_errors(f"look at the container {name}"):
                return dict(self._client.containers.get(name).labels)
        except NotThere:
            return {}

    def make_volume(self, name: str, labels: Mapping[str, str]) -> None:
        """Create a volume, or take the one of ours that is there.

        Raises:
            ServiceUnavailable: a volume of this name is not ours.
        """
        if self._has_volume(name):
            return
        with daemon_errors(f"create the volume {name}"):
            self._client.volumes.create(name, labels=dict(labels))

    def remove_volume(self, name: str) -> None:
        """Remove a volume of ours; also one that is gone."""
        if not self._has_volume(name):
            return
        with suppress(NotThere), daemon_errors(f"remove the volume {name}"):
            self._client.volumes.get(name).remove()

    def volume_mountpoint(self, name: str) -> Path:
        """Give where a volume lies on the daemon's machine."""
        with daemon_errors(f"look at the volume {name}"):
            return Path(self._client.volumes.get(name).attrs["Mountpoint"])

    def volume_sizes(self) -> dict[str, int]:
        """Add up what volumes take, by name; takes the daemon a while for big ones.

        Raises:
            DaemonRefused: it was measuring for somebody else all the time that we waited.
        """
        volumes = self._measure_disk().get("Volumes") or []
        sizes = {v["Name"]: (v.get("UsageData") or {}).get("Size", -1) for v in volumes}
        return {name: size for name, size in sizes.items() if size >= 0}

    def _measure_disk(self) -> Mapping[str, Any]:
        """Ask until the daemon, which measures for one at a time only, measures for us."""
        answers: list[Mapping[str, Any]] = []
        refused: list[DaemonRefused] = []

        def why_not() -> str | None:
            try:
                with daemon_errors("measure its volumes"):
                    answers.append(self._client.df())
            except DaemonRefused as error:
                if not _MEASURING.search(error.said):
                    raise
                refused.append(error)
                return error.said
            return None

        try:
            wait_until("its measure", why_not, deadline_s=MEASURE_PATIENCE_S, poll_s=0.1)
        except WaitTimeout:
            raise refused[-1] from None
        return answers[0]

    def _options(self, spec: ContainerSpec) -> dict[str, Any]:
        limits: dict[str, Any] = {}
        if spec.ram_bytes is not None:
            limits = {"mem_limit": spec.ram_bytes, "memswap_limit": spec.ram_bytes}
        if spec.shm_bytes is not None:
            limits["shm_size"] = spec.shm_bytes
        return {
            "image": spec.image,
            "command": list(spec.command) or None,
            "name": spec.name,
            "environment": dict(spec.environment),
            "user": spec.user,
            "labels": dict(spec.labels),
            "ports": {f"{spec.port}/tcp": (self._facts.address, spec.published_port)},
            "volumes": {spec.volume: {"bind": spec.data_path, "mode": "rw"}},
            "stop_signal": spec.stop_signal,
            "init": spec.needs_init,
            # The image's own check would use CPU inside of what is measured.
            "healthcheck": {"test": ["NONE"]},
            "log_config": {"type": "json-file", "config": LOG_SIZE},
            **limits,
        }

    def _get_ours(self, name: str) -> Container:
        with daemon_errors(f"find the container {name}"):
            container = self._client.containers.get(name)
        if OURS not in container.labels:
            raise NotOurs(
                f"the container {name} was not made by btb, which leaves it alone; rename it: "
                f"docker rename {name} OTHER"
            )
        return container

    def _has_volume(self, name: str) -> bool:
        try:
            with daemon_errors(f"look at the volume {name}"):
                labels = self._client.volumes.get(name).attrs.get("Labels") or {}
        except NotThere:
            return False
        if OURS not in labels:
            raise NotOurs(
                f"the volume {name} was not made by btb, which leaves it alone; remove it "
                f"(docker volume rm {name}) or choose another --home"
            )
        return True

    def _await_removal(self, name: str, error: DaemonRefused) -> None:
        try:
            wait_until(
                "its removal",
                lambda: None if self.state(name) is None else "still there",
                deadline_s=REMOVAL_DEADLINE_S,
            )
        except WaitTimeout:
            raise error from None

    def _stats(self, name: str, *, at_once: bool) -> ContainerStats | None:
        options = {"one_shot": True} if at_once else {}
        try:
            with daemon_errors(f"measure the container {name}"):
                document = self._client.api.stats(name, stream=False, **options)
        except NotThere:
            return None
        return parse_stats(document, cgroup_version=self._facts.cgroup_version)


def _published_port(container: Container, spec: ContainerSpec) -> int:
    bindings = container.ports.get(f"{spec.port}/tcp")
    if bindings:
        return int(bindings[0]["HostPort"])
    # A container that ended at once has none any more; why is told by whoever waits for it.
    return spec.published_port or 0


def _start_error(
    error: DaemonRefused | NotThere, spec: ContainerSpec
) -> ServiceUnavailable | PortInUse:
    said = str(error)
    if _PORT_TAKEN.search(said):
        return PortInUse(
            f"{spec.title} cannot be published on port {spec.published_port}: another process "
            f"listens there; end it (`ss -ltnp 'sport = :{spec.published_port}'` shows it) or "
            "choose another port"
        )
    if spec.needs_init and _NO_INIT.search(said):
        return ServiceUnavailable(
            f"{spec.title} needs an init in its container, and the Docker daemon has none; on its "
            "machine: apt-get install tini"
        )
    command = shlex.join(spec.command)
    return ServiceUnavailable(f"{said}; the image is {spec.image}, its arguments: {command or '-'}")
