"""What of ours is in a Docker daemon: containers and volumes, whose they are, and their removal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.daemon import connect_daemon, read_facts
from basetype_benchmark.infrastructure.docker.errors import daemon_errors
from basetype_benchmark.infrastructure.docker.labels import (
    DATA_DIR,
    MACHINE,
    OURS,
    OWNER,
    VOLUME,
)
from basetype_benchmark.infrastructure.docker_manager import DockerManager
from basetype_benchmark.infrastructure.harness_id import Life, machine_id, parse_harness_id
from basetype_benchmark.infrastructure.local.data_lock import DataLock

if TYPE_CHECKING:
    import docker


class Kind(StrEnum):
    """What a leftover is."""

    CONTAINER = "container"
    VOLUME = "volume"
    GROUP = "control group"


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """A container or a volume that carries our label, or a control group of a name like ours.

    `state` is that of a container: ``running``, ``exited``; of a volume ``in use`` or ``free``; of
    a group ``empty``, which has neither `engine` nor `data_dir`.
    `size_bytes` is None where the daemon does not tell. With `why_kept` it is not ours to remove.
    """

    kind: Kind
    name: str
    engine: str
    data_dir: str
    state: str
    size_bytes: int | None
    why_kept: str | None


class Leftovers:
    """What of ours is in the daemon of ``DOCKER_HOST`` or of Docker's current context."""

    def __init__(self, client: docker.DockerClient) -> None:
        self._client = client
        self._manager = DockerManager(client, read_facts(client))

    def find(self) -> list[Leftover]:
        """List it all, containers first, so that their volumes can be removed after them."""
        with daemon_errors("list what btb left in it"):
            usage = self._client.df()
        containers = [c for c in usage.get("Containers") or [] if OURS in (c.get("Labels") or {})]
        volumes = [v for v in usage.get("Volumes") or [] if OURS in (v.get("Labels") or {})]
        found = [_container(container) for container in containers]
        busy = {
            container["Labels"].get(VOLUME): leftover.why_kept
            for container, leftover in zip(containers, found, strict=True)
            if leftover.why_kept is not None
        }
        return sorted(
            [*found, *(_volume(volume, busy) for volume in volumes)],
            key=lambda leftover: (leftover.kind, leftover.name),
        )

    def remove(self, leftover: Leftover) -> None:
        """Remove one; while it is done no harness can begin on its data.

        Raises:
            ServiceUnavailable: a harness has taken it meanwhile, or the daemon does not do it.
        """
        with _nobody_using(leftover):
            if leftover.kind is Kind.CONTAINER:
                self._manager.remove_container(leftover.name)
            else:
                self._manager.remove_volume(leftover.name)


@contextmanager
def open_leftovers() -> Iterator[Leftovers]:
    """Look into the daemon while the context is open.

    Raises:
        ServiceUnavailable: none answers, or it is of a kind that we do not support.
    """
    client = connect_daemon()
    try:
        yield Leftovers(client)
    finally:
        client.close()


def _container(found: Mapping[str, Any]) -> Leftover:
    labels = found["Labels"]
    return Leftover(
        kind=Kind.CONTAINER,
        name=str(found["Names"][0]).removeprefix("/"),
        engine=labels[OURS],
        data_dir=labels.get(DATA_DIR, ""),
        state=str(found.get("State")),
        size_bytes=found.get("SizeRw", 0),
        why_kept=why_owned(labels.get(OWNER, "")) or _why_locked(labels),
    )


def _volume(found: Mapping[str, Any], busy: Mapping[str | None, str | None]) -> Leftover:
    labels, usage = found["Labels"], found.get("UsageData") or {}
    size = usage.get("Size", -1)
    return Leftover(
        kind=Kind.VOLUME,
        name=found["Name"],
        engine=labels[OURS],
        data_dir=labels.get(DATA_DIR, ""),
        state="in use" if usage.get("RefCount", 0) > 0 else "free",
        size_bytes=None if size < 0 else size,
        why_kept=busy.get(found["Name"]) or _why_locked(labels),
    )


def why_owned(owner: str) -> str | None:
    """Say that the harness whose container carries `owner` lives, or may live; None: it ended."""
    harness = parse_harness_id(owner)
    life = Life.UNKNOWN if harness is None else harness.life()
    if harness is not None and life is Life.ALIVE:
        return f"in use by process {harness.pid}"
    if life is Life.UNKNOWN:
        return "made on another machine, or in a container that we do not see into"
    return None


def _why_locked(labels: Mapping[str, str]) -> str | None:
    """Say that a harness holds the data directory, or that it is on another machine."""
    if labels.get(MACHINE) != machine_id():
        return f"made on another machine, for its folder {labels.get(DATA_DIR)}"
    try:
        with _locked(Path(labels.get(DATA_DIR, "/"))):
            return None
    except ServiceUnavailable as error:
        return str(error).partition("; ")[0]


@contextmanager
def _nobody_using(leftover: Leftover) -> Iterator[None]:
    with _locked(Path(leftover.data_dir)):
        yield


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """Hold a data directory as a harness does, where it was ever held; others wait or give up."""
    lock_file = data_dir.with_name(f"{data_dir.name}.lock")
    with ExitStack() as stack:
        if lock_file.exists():
            stack.enter_context(DataLock(data_dir=data_dir, lock_file=lock_file))
        yield
