"""A service in a container, from its start to its end, whoever meddles."""

import re
import socket
from contextlib import closing
from pathlib import Path

import pytest

from basetype_benchmark.errors import PortInUse, ServiceUnavailable
from basetype_benchmark.infrastructure.docker import server as docker_server
from basetype_benchmark.infrastructure.docker.labels import OURS
from basetype_benchmark.infrastructure.docker.service import DockerService
from basetype_benchmark.infrastructure.page_cache import cached_bytes
from basetype_benchmark.infrastructure.service import ServerStart
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.campaigns.environment import describe_service
from tests.integration.docker.obedient import (
    ROOMY,
    NeverReady,
    Obedient,
    ask,
    containers_on,
    open_obedient,
)

pytestmark = pytest.mark.servers


def test_it_runs_while_the_context_is_open_and_leaves_its_volume_alone(
    daemon, shell_image, tmp_path
):
    with open_obedient(shell_image, tmp_path / "data") as service:
        assert containers_on(daemon, tmp_path / "data") == [service.container_name]
        assert service.endpoint.host == "127.0.0.1"
        assert service.version == "Obedient 1"
        assert service.why_not_ready() is None
        assert service.why_dead() is None
        assert service.oom_kills() == 0
        assert service.store_bytes() == len("kept\n")
    assert containers_on(daemon, tmp_path / "data") == []
    volume = daemon.volumes.get(service.container_name)
    assert volume.attrs["Labels"][OURS] == "oxigraph"
    with pytest.raises(ServiceUnavailable, match="open the service first"):
        _ = service.endpoint


def test_the_container_is_limited_and_nothing_in_it_checks_its_health(
    daemon, shell_image, tmp_path
):
    options = {"ram_bytes": 64 * MIB, "shm_bytes": 8 * MIB, "needs_init": True}
    with open_obedient(shell_image, tmp_path / "data", **options) as service:
        attributes = daemon.containers.get(service.container_name).attrs
    limits = attributes["HostConfig"]
    assert (limits["Memory"], limits["MemorySwap"]) == (64 * MIB, 64 * MIB)
    assert limits["ShmSize"] == 8 * MIB
    assert limits["Init"] is True
    assert limits["RestartPolicy"]["Name"] in ("", "no")
    assert limits["LogConfig"]["Config"]["max-size"] == "10m"
    assert limits["CpusetCpus"] == ""
    assert attributes["Config"]["Healthcheck"]["Test"] == ["NONE"]
    assert attributes["Config"]["StopSignal"] == "SIGTERM"
    [binding] = limits["PortBindings"]["8080/tcp"]
    assert binding["HostIp"] == "127.0.0.1"


def test_a_restart_keeps_data_port_and_counters(daemon, shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data") as service, closing_meter(service) as meter:
        before, container = service.endpoint, daemon.containers.get(service.container_name).id
        used = meter.read_counters()
        service.restart()
        assert service.endpoint == before
        assert daemon.containers.get(service.container_name).id != container
        assert ask(service.endpoint, "note") == "kept"
        assert meter.read_counters().cpu_user_ns >= used.cpu_user_ns > 0
        assert meter.source in ("cgroup v1", "cgroup v2")


@pytest.mark.root
def test_a_start_under_a_limit_finds_none_of_its_store_in_memory(daemon, shell_image, tmp_path):
    """Else a server would read from page cache that counts for nobody, beyond its limit."""
    with open_obedient(shell_image, tmp_path / "data") as service:
        assert ask(service.endpoint, "fill") == "filled"
        assert service.cold_start is None
    volume = daemon.volumes.get(service.container_name)
    big = Path(volume.attrs["Mountpoint"], "big")
    assert warm(big) > 20 * MIB
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service:
        assert cached_bytes(big) < MIB
        assert service.cold_start
        assert warm(big) > 20 * MIB
        service.restart()
        assert cached_bytes(big) < MIB
        assert service.cold_start


def test_a_result_names_the_image_its_digest_and_whether_the_start_was_cold(
    daemon, shell_image, tmp_path
):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service:
        record = describe_service("P1", service)
        assert record.image == shell_image
        assert record.image_id == daemon.images.get(shell_image).id
        assert record.cold_start == service.cold_start


def test_a_restart_opens_no_meter_that_was_closed(shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data") as service:
        service.restart()  # what a first one leaves open for later is not what is counted
        before = open_descriptors()
        for _ in range(3):
            service.open_meter().close()
        service.restart()
        assert open_descriptors() == before


def open_descriptors() -> list[str]:
    """Give the files of control groups that this process holds open."""
    targets = [
        str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()
    ]
    return sorted(Path(target).name for target in targets if target.startswith("/sys/fs/cgroup"))


def warm(path: Path) -> int:
    path.read_bytes()
    return cached_bytes(path)


def test_a_store_stays_until_a_fresh_one_is_asked_for(shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data") as service:
        ask(service.endpoint, "keep")
    with serve_data(shell_image, tmp_path / "data") as service:
        assert ask(service.endpoint, "note") == "kept"
    with serve_data(shell_image, tmp_path / "data", is_fresh=True) as service:
        assert ask(service.endpoint, "note") == ""


def serve_data(image: str, data_dir: Path, *, is_fresh: bool = False) -> DockerService:
    class ReadyAtOnce(Obedient):
        def why_not_ready(self, endpoint):
            try:
                ask(endpoint, "note")
            except OSError as error:
                return str(error)
            return None

    start = ServerStart(data_dir=data_dir, timeout_s=5, is_fresh=is_fresh)
    return DockerService(engine=ReadyAtOnce(image=image), start=start)


def closing_meter(service: DockerService):
    return closing(service.open_meter())


def test_a_container_that_ends_says_how_and_comes_back_by_a_restart(shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data") as service:
        ask(service.endpoint, "leave")
        wait_for_death(service)
        assert service.why_dead() == (
            "The server exited with code 7; its log says: FATAL: told to leave"
        )
        service.restart()
        assert ask(service.endpoint, "note") == "kept"
    assert "told to leave" in service.log_file.read_text()


def wait_for_death(service: DockerService) -> None:
    wait_until(
        "the end", lambda: None if service.why_dead() else "it runs", deadline_s=60, poll_s=0.05
    )


def test_a_container_that_ends_before_it_is_ready_is_told_with_its_log(
    daemon, shell_image, tmp_path
):
    engine = NeverReady(image=shell_image, command=("sh", "-c", "echo ERROR: no licence; exit 3"))
    start = ServerStart(data_dir=tmp_path / "data", timeout_s=5)
    with (
        pytest.raises(ServiceUnavailable, match=r"exited with code 3; .* ERROR: no licence"),
        DockerService(engine=engine, start=start),
    ):
        pytest.fail("it was not ready")
    assert containers_on(daemon, tmp_path / "data") == []


def test_a_command_that_the_image_does_not_have_is_told_with_both(daemon, shell_image, tmp_path):
    with (
        pytest.raises(ServiceUnavailable) as caught,
        open_obedient(shell_image, tmp_path / "data", user="nobody-here", needs_init=True),
    ):
        pytest.fail("it cannot start")
    assert "nobody-here" in str(caught.value)
    assert shell_image in str(caught.value)
    assert containers_on(daemon, tmp_path / "data") == []


def test_a_container_removed_by_somebody_else_is_told_and_hides_nothing(
    daemon, shell_image, tmp_path
):
    measured = []
    with open_obedient(shell_image, tmp_path / "data") as service:
        daemon.containers.get(service.container_name).remove(force=True)
        assert service.why_dead() == (
            f"the container {service.container_name} of The server is gone: "
            "somebody else removed it"
        )
        assert service.oom_kills() == 0
        measured.append("something")
    assert measured


def test_a_container_removed_by_somebody_else_comes_back_by_a_restart(
    daemon, shell_image, tmp_path
):
    with open_obedient(shell_image, tmp_path / "data") as service:
        daemon.containers.get(service.container_name).remove(force=True)
        service.restart()
        assert ask(service.endpoint, "note") == "kept"
        assert service.why_dead() is None


def test_a_port_taken_while_it_restarts_is_waited_for_then_told(
    daemon, shell_image, tmp_path, monkeypatch
):
    with open_obedient(shell_image, tmp_path / "data") as service:
        port = service.endpoint.port
        daemon.containers.get(service.container_name).remove(force=True)
        with socket.socket() as taker:
            taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            wait_until("the port", lambda: bind_to(taker, port), deadline_s=60)
            taker.listen(1)
            with monkeypatch.context() as patched:
                patched.setattr(docker_server, "PORT_PATIENCE_S", 1.0)
                with pytest.raises(PortInUse, match=rf"did not come back: .*port {port}: another"):
                    service.restart()
            assert service.why_dead() == "The server is not running"
        service.restart()
        assert service.endpoint.port == port
    assert containers_on(daemon, tmp_path / "data") == []


def bind_to(taker: socket.socket, port: int) -> str | None:
    try:
        taker.bind(("127.0.0.1", port))
    except OSError as error:
        return str(error)
    return None


def test_a_missing_image_without_network_is_one_line_that_says_what_to_do(daemon, tmp_path):
    with (
        pytest.raises(ServiceUnavailable) as caught,
        open_obedient("btb-test.invalid/nothing:1.0", tmp_path / "data"),
    ):
        pytest.fail("there is no such image")
    said = str(caught.value)
    assert re.fullmatch(
        r"the image btb-test.invalid/nothing:1.0 is not on this machine and cannot be pulled: .+; "
        r"get it where there is a network: docker pull btb-test.invalid/nothing:1.0, "
        r"or take another one: --image oxigraph=IMAGE",
        said,
    )
