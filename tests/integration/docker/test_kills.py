"""Kills for lack of memory in a container: counted once each, over restarts."""

import time

import pytest

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker_events import ONE_KILL_S
from basetype_benchmark.infrastructure.docker_service import DockerService
from basetype_benchmark.infrastructure.service import ServerStart
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB
from tests.integration.docker.obedient import EATING, NeverReady, ask, open_obedient

pytestmark = pytest.mark.servers
LIMIT = 32 * MIB


def wait_for_death(service: DockerService) -> None:
    wait_until(
        "the end", lambda: None if service.why_dead() else "it runs", deadline_s=20, poll_s=0.05
    )


def test_a_child_that_is_killed_counts_while_the_container_lives(shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=LIMIT) as service:
        for kills in (1, 2, 3):
            assert ask(service.endpoint, "eat") == "child gone"
            assert service.oom_kills() == kills
            assert service.why_dead() is None


def test_the_first_process_killed_ends_the_container_and_counts(shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=LIMIT) as service:
        ask(service.endpoint, "turn")
        wait_for_death(service)
        assert service.oom_kills() == 1
        assert service.why_dead().startswith(
            "The server ran out of memory of 32 MiB and was killed by the kernel (exit code 137)"
        )


def test_kills_add_up_over_restarts_and_never_fall(shell_image, tmp_path):
    counts = []
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=LIMIT) as service:
        meter = service.open_meter()
        for _ in range(2):
            ask(service.endpoint, "eat")
            counts.append(service.oom_kills())
            wait_until_another_kill_is_told_apart(service)
            ask(service.endpoint, "turn")
            wait_for_death(service)
            counts.append(service.oom_kills())
            service.restart()
            counts.append(service.oom_kills())
            assert meter.read_counters().oom_kills == service.oom_kills()
        meter.close()
    assert counts == [1, 2, 2, 3, 4, 4]


def wait_until_another_kill_is_told_apart(service: DockerService) -> None:
    begin = time.monotonic()
    wait_until(
        "the last echo of a kill",
        lambda: None if time.monotonic() - begin > ONE_KILL_S + 0.2 else "too early",
        deadline_s=5,
    )
    assert service.why_dead() is None


def test_a_kill_that_was_not_for_memory_does_not_count(daemon, shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=LIMIT) as service:
        daemon.containers.get(service.container_name).kill("SIGKILL")
        wait_for_death(service)
        assert service.oom_kills() == 0
        assert service.why_dead().startswith("The server was ended by SIGKILL (exit code 137)")


def test_the_server_of_a_restart_is_not_blamed_for_the_kill_before(shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=LIMIT) as service:
        ask(service.endpoint, "turn")
        wait_for_death(service)
        service.restart()
        ask(service.endpoint, "leave")
        wait_for_death(service)
        assert "exited with code 7" in str(service.why_dead())
        assert service.oom_kills() == 1


def test_a_server_that_never_fits_says_so_at_its_start(shell_image, tmp_path):
    engine = NeverReady(image=shell_image, command=("sh", "-c", f"exec {EATING}"))
    start = ServerStart(data_dir=tmp_path / "data", timeout_s=5, ram_bytes=LIMIT)
    with (
        pytest.raises(ServiceUnavailable, match="ran out of memory of 32 MiB"),
        DockerService(engine=engine, start=start),
    ):
        pytest.fail("it does not fit")
