"""Daemons that stop under us, that are elsewhere, and that lack something."""

import gc
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.paths import find_mounts
from basetype_benchmark.infrastructure.docker import server as docker_server
from basetype_benchmark.infrastructure.docker.daemon import connect_daemon, read_facts
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.workflows.limits import require_limits
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from tests.integration.docker.obedient import ROOMY, ask, eat, open_obedient
from tests.integration.docker.second_daemon import SecondDaemon, copy_image, second_daemon

pytestmark = [
    pytest.mark.servers,
    pytest.mark.root,
    # The client leaves its socket open when nobody listens.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket"),
]


@pytest.fixture
def in_second(second: SecondDaemon, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecondDaemon]:
    monkeypatch.setenv("DOCKER_HOST", second.socket_url)
    second.start()  # where a test before failed while it was stopped
    yield second
    gc.collect()  # while those sockets are still forgiven


def test_a_daemon_stopped_and_started_again_is_survived(in_second, shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service:
        eat(service)
        killed = service.oom_kills()
        assert killed > 0
        meter = service.open_meter()
        used, endpoint = meter.read_counters(), service.endpoint
        in_second.stop()
        assert re.match(
            "The server is out of reach: the Docker daemon does not answer, asked to look at "
            r"the container \S+: no such file or directory; see that it runs",
            str(service.why_dead()),
        )
        assert service.oom_kills() == killed
        assert service.store_bytes() is None
        wait_until(
            "the end of its group",
            lambda: None if meter.read_counters().memory_bytes is None else "it can be read",
            deadline_s=30,
        )
        in_second.start()
        assert "exited" in str(service.why_dead()) or "ended" in str(service.why_dead())
        assert service.oom_kills() == killed
        service.restart()
        assert service.endpoint == endpoint
        assert ask(service.endpoint, "note") == "kept"
        assert meter.read_counters().cpu_user_ns >= used.cpu_user_ns
        assert service.oom_kills() == killed
        eat(service)
        assert service.oom_kills() > killed
        meter.close()
    client = in_second.client()
    assert client.containers.list(all=True) == []
    client.close()


def test_a_daemon_that_goes_away_for_good_ends_in_one_line(
    in_second, shell_image, tmp_path, monkeypatch
):
    monkeypatch.setattr(docker_server, "DAEMON_PATIENCE_S", 0.5)
    service = open_obedient(shell_image, tmp_path / "data")
    service.__enter__()
    in_second.stop()
    with pytest.raises(ServiceUnavailable, match="cannot be restarted: the Docker daemon"):
        service.restart()
    with pytest.raises(ServiceUnavailable, match="may be left there: btb purge containers") as left:
        service.__exit__(None, None, None)
    assert "\n" not in str(left.value)
    in_second.start()
    with open_obedient(shell_image, tmp_path / "data") as again:
        assert ask(again.endpoint, "note") == "kept"


def test_what_failed_first_is_what_is_told(in_second, shell_image, tmp_path):
    def fail_without_daemon() -> None:
        with open_obedient(shell_image, tmp_path / "data"):
            in_second.stop()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        fail_without_daemon()
    assert "may be left there" in caught.value.__notes__[0]
    in_second.start()
    with open_obedient(shell_image, tmp_path / "data"):
        pass


def test_a_remote_daemon_publishes_at_its_address_and_is_measured_by_its_api(
    second, shell_image, tmp_path, monkeypatch
):
    monkeypatch.setenv("DOCKER_HOST", second.tcp_url)
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service:
        host, port = re.fullmatch(r"tcp://([\d.]+):(\d+)", second.tcp_url).groups()
        assert service.endpoint.host == host != "127.0.0.1"
        assert service.endpoint.port != int(port)
        assert service.cold_start is False, "its files are another machine's"
        meter = service.open_meter()
        assert meter.source == "docker stats"
        reading = meter.read()
        assert reading.memory_bytes > 0
        assert reading.cpu_user_ns is not None
        assert reading.oom_kills is None
        eat(service)
        wait_until("the event", lambda: None if service.oom_kills() else "none", deadline_s=60)
        assert service.why_dead() is None
        assert service.store_bytes() == len("kept\n")
        service.restart()
        assert meter.read_counters().cpu_user_ns >= reading.cpu_user_ns
        meter.close()


def test_its_facts_say_where_it_is(second, monkeypatch):
    for url, is_remote in ((second.socket_url, False), (second.tcp_url, True)):
        monkeypatch.setenv("DOCKER_HOST", url)
        client = connect_daemon()
        facts = read_facts(client)
        client.close()
        assert facts.is_remote is is_remote
        assert (facts.swap_bytes is None) is is_remote
        assert facts.limits_memory


def test_a_daemon_without_an_init_says_which_package_has_one(
    daemon, shell_image, tmp_path, monkeypatch
):
    with second_daemon("--init-path=/nowhere/docker-init") as bare:
        copy_image(daemon, bare, shell_image)
        monkeypatch.setenv("DOCKER_HOST", bare.socket_url)
        with (
            pytest.raises(ServiceUnavailable, match=r"needs an init .* apt-get install tini"),
            open_obedient(shell_image, tmp_path / "data", needs_init=True),
        ):
            pytest.fail("there is no init")


def test_a_daemon_that_cannot_limit_memory_is_refused_before_anything_is_begun(
    daemon, shell_image, tmp_path, monkeypatch
):
    with second_daemon(launcher=without_memory_controller(tmp_path)) as unfit:
        copy_image(daemon, unfit, shell_image)
        monkeypatch.setenv("DOCKER_HOST", unfit.socket_url)
        choice = ServiceChoice(provider=Provider.DOCKER)
        with pytest.raises(ServiceUnavailable) as early:
            require_limits([SCENARIOS["O1"]], choice)
        with (
            pytest.raises(ServiceUnavailable) as late,
            open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY),
        ):
            pytest.fail("it cannot be limited")
        with open_obedient(shell_image, tmp_path / "data") as service:
            assert service.why_not_ready() is None
    assert str(early.value).startswith("the RAM of containers cannot be limited here: the Docker")
    assert str(late.value).startswith("The server cannot be limited to 128 MiB: the Docker daemon")
    for caught in (early, late):
        assert "boot it with cgroup_enable=memory" in str(caught.value)


def without_memory_controller(folder: Path) -> list[str]:
    """Give what hides the controller from a command, as from one under another kernel."""
    version_1 = [m for m in find_mounts() if m.controllers and "memory" in m.controllers]
    [shown] = version_1 or [m for m in find_mounts() if m.controllers is None]
    hide = f"umount --lazy {shown.point}"
    if shown.controllers is None:
        listed, shorter = shown.point / "cgroup.controllers", folder / "controllers"
        shorter.write_text(listed.read_text().replace("memory", ""))
        hide = f"mount --bind {shorter} {listed}"
    return ["unshare", "--mount", "sh", "-c", f'{hide} && exec "$@"', "sh"]


def test_no_daemon_is_told_with_the_command_that_mends_it(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(ServiceUnavailable) as caught:
        connect_daemon()
    assert str(caught.value) == (
        f"no Docker daemon answers: there is no socket {tmp_path}/none.sock; start it: "
        "systemctl start docker (or install it: apt-get install docker.io)"
    )
