"""Starts that fail for another reason than memory: the reason is what the cell's result says."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.errors import OutOfMemory, ServiceUnavailable
from basetype_benchmark.infrastructure import readiness
from basetype_benchmark.infrastructure.docker import server as docker_server
from basetype_benchmark.infrastructure.docker.daemon import await_daemon
from basetype_benchmark.infrastructure.docker.service import DockerService
from basetype_benchmark.infrastructure.service import ServerStart
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.placement import Provider, ServiceChoice, open_services
from tests.integration.docker.obedient import ROOMY, NeverReady, open_obedient

pytestmark = pytest.mark.servers

NOBODY = 65534


def start_oxigraph(image: str, folder: Path) -> None:
    choice = ServiceChoice(provider=Provider.DOCKER, images={"oxigraph": image})
    limits = {"oxigraph": 256 * MIB}
    with open_services(SCENARIOS["O1"], choice, folder, 5, ram_bytes=limits):
        pytest.fail("it cannot start")


def test_a_missing_image_is_told(daemon, tmp_path):
    with pytest.raises(
        ServiceUnavailable, match=r"btb-test\.invalid/none:1 is not on this machine"
    ):
        start_oxigraph("btb-test.invalid/none:1", tmp_path)


def test_no_daemon_is_waited_for_then_told(tmp_path, monkeypatch):
    monkeypatch.setattr(docker_server, "DAEMON_PATIENCE_S", 0.5)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(ServiceUnavailable, match=f"there is no socket {tmp_path}/none.sock"):
        start_oxigraph("any", tmp_path)


@pytest.mark.root
def test_a_daemon_that_is_not_ours_to_use_is_told_at_once(tmp_path, monkeypatch):
    """Else a user would wait for what only a change of rights mends."""
    place = tmp_path / "closed"
    place.mkdir(mode=0o700)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{place}/docker.sock")
    begin = time.monotonic()
    with (
        acting_as_nobody(),
        pytest.raises(ServiceUnavailable, match="not ours to use: permission denied"),
    ):
        await_daemon(docker_server.DAEMON_PATIENCE_S)
    assert time.monotonic() - begin < docker_server.DAEMON_PATIENCE_S / 2


@contextmanager
def acting_as_nobody() -> Iterator[None]:
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_data_that_another_harness_holds_is_told(shell_image, tmp_path):
    with (
        open_obedient(shell_image, tmp_path / "oxigraph"),
        pytest.raises(ServiceUnavailable, match=f"in use by process {os.getpid()}") as caught,
    ):
        start_oxigraph(shell_image, tmp_path)
    assert not isinstance(caught.value, OutOfMemory)


def test_a_server_that_is_not_ready_under_its_limit_is_given_up_sooner_and_told_why(
    daemon, shell_image, tmp_path, monkeypatch
):
    monkeypatch.setattr(readiness, "LIMITED_READY_DEADLINE_S", 4.0)
    fill = "echo filling; busybox dd if=/dev/zero of=/dev/shm/x bs=1048576 count=124; echo full"
    engine = NeverReady(
        image=shell_image,
        command=("sh", "-c", f"trap 'exit 0' TERM; {fill}; while :; do busybox sleep 0.1; done"),
        shm_bytes=ROOMY,
    )
    start = ServerStart(data_dir=tmp_path / "data", timeout_s=5, ram_bytes=ROOMY)
    service = DockerService(engine=engine, start=start)
    with (
        pytest.raises(
            ServiceUnavailable,
            match=r"^The server was not ready: a first query: not within 4 s: not yet; its memory "
            rf"is at its limit of 128 MiB: give it more; see its log {service.log_file}$",
        ),
        service,
    ):
        pytest.fail("it was not ready")
    assert service.log_file.read_text().splitlines()[0] == "filling"
    assert daemon.containers.list(all=True, filters={"name": service.container_name}) == []


def test_a_service_that_was_never_entered_tells_that_nothing_was_killed(shell_image, tmp_path):
    service = open_obedient(shell_image, tmp_path / "oxigraph")
    assert service.oom_kills() == 0
    assert service.store_bytes() is None
    assert service.why_dead() == "The server is not running"
    with pytest.raises(ServiceUnavailable, match="open the service first"):
        _ = service.image_id
    with pytest.raises(ServiceUnavailable, match="open the service first"):
        service.open_meter()
