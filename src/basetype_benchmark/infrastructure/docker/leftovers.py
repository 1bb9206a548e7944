"""What of ours is in a Docker daemon: containers and volumes, whose they are, and their removal."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.daemon import connect_daemon, read_facts
from basetype_benchmark.infrastructure.docker.errors import DaemonRefused, daemon_errors
from basetype_benchmark.infrastructure.docker.labels import (
    DATA_DIR,
    MACHINE,
    OURS,
    OWNER,
    VOLUME,
    store_name,
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
    `size_bytes` is None where the daemon does not tell, and so is `created_at`, in seconds since
    the epoch. With `why_kept` it is not ours to remove.
    """

    kind: Kind
    name: str
    engine: str
    data_dir: str
    state: str
    size_bytes: int | None
    why_kept: str | None
    created_at: float | None = None


class Leftovers:
    """What of ours is in the daemon of ``DOCKER_HOST`` or of Docker's current context."""

    def __init__(self, client: docker.DockerClient) -> None:
        self._client = client
        self._manager = DockerManager(client, read_facts(client))

    def find(self, home: Path | None = None) -> list[Leftover]:
        """List it all, containers first, so that their volumes can be removed after them.

        With a `home`, only what holds the stores of that home of this machine.
        """
        with daemon_errors("list what btb left in it"):
            containers = self._client.api.containers(all=True, size=True, filters={"label": OURS})
            volumes = self._client.api.volumes(filters={"label": OURS}).get("Volumes") or []
            mounts = [m for c in self._client.api.containers(all=True) for m in c.get("Mounts", ())]
        used = {mount.get("Name") for mount in mounts}
        containers = [one for one in containers if _is_of(one, home)]
        volumes = [one for one in volumes if _is_of(one, home)]
        sizes = self._sizes() if volumes else {}
        found = [_container(container) for container in containers]
        busy = {
            container["Labels"].get(VOLUME): leftover.why_kept
            for container, leftover in zip(containers, found, strict=True)
            if leftover.why_kept is not None
        }
        return sorted(
            [*found, *(_volume(volume, busy, used, sizes) for volume in volumes)],
            key=lambda leftover: (leftover.kind, leftover.name),
        )

    def _sizes(self) -> Mapping[str, int]:
        """Measure the volumes; none where the daemon does not, for which nothing is kept."""
        try:
            return self._manager.volume_sizes()
        except DaemonRefused:
            return {}

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

    def remove_store(self, engine: str, data_dir: Path) -> None:
        """Remove the volume that stands for a data directory, if there is one.

        Raises:
            ServiceUnavailable: a harness uses it, or the daemon does not do it.
        """
        with _locked(data_dir):
            self._manager.remove_volume(store_name(engine, data_dir))


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
        size_bytes=found.get("SizeRw", 0),  # left out when it is zero
        why_kept=why_owned(labels.get(OWNER, "")) or _why_locked(labels),
        created_at=found.get("Created"),
    )


def _volume(
    found: Mapping[str, Any],
    busy: Mapping[str | None, str | None],
    used: Container[str | None],
    sizes: Mapping[str, int],
) -> Leftover:
    labels, name = found["Labels"], found["Name"]
    return Leftover(
        kind=Kind.VOLUME,
        name=name,
        engine=labels[OURS],
        data_dir=labels.get(DATA_DIR, ""),
        state="in use" if name in used else "free",
        size_bytes=sizes.get(name),
        why_kept=busy.get(name) or _why_locked(labels),
        created_at=_moment(found.get("CreatedAt")),
    )


def _is_of(found: Mapping[str, Any], home: Path | None) -> bool:
    labels = found["Labels"]
    if home is None:
        return True
    is_here = labels.get(MACHINE) == machine_id()
    return is_here and Path(labels.get(DATA_DIR, "/")).is_relative_to(home)


def _moment(text: str | None) -> float | None:
    """Read the time of a volume as daemons write it; None where one does not."""
    try:
        return None if text is None else datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


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
            stack.enter_context(
                DataLock(what=f"the data directory {data_dir}", lock_file=lock_file)
            )
        yield
