"""Kills for lack of memory in a container: counted once each, over restarts."""

import time
from contextlib import closing

import pytest

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.events import ONE_KILL_S
from basetype_benchmark.infrastructure.docker.service import DockerService
from basetype_benchmark.infrastructure.service import ServerStart
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.integration.docker.obedient import (
    EATING,
    ROOMY,
    NeverReady,
    ask,
    eat,
    open_obedient,
)

pytestmark = pytest.mark.servers


def wait_for_death(service: DockerService) -> None:
    wait_until(
        "the end", lambda: None if service.why_dead() else "it runs", deadline_s=60, poll_s=0.05
    )


def test_a_child_that_is_killed_counts_while_the_container_lives(shell_image, tmp_path):
    with (
        open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service,
        closing(service.open_meter()) as meter,
    ):
        for _ in range(3):
            before = service.oom_kills()
            eat(service)
            assert service.oom_kills() >= before + 1  # the kernel can take its parent too
            assert service.oom_kills() == meter.read_counters().oom_kills
            assert service.why_dead() is None
            assert service.why_not_ready() is None


def test_the_first_process_killed_ends_the_container_and_counts(shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service:
        ask(service.endpoint, "turn")
        wait_for_death(service)
        assert service.oom_kills() == 1
        assert service.why_dead().startswith(
            "The server ran out of memory of 128 MiB and was killed by the kernel (exit code 137)"
        )


def test_kills_add_up_over_restarts_and_a_restart_adds_none(shell_image, tmp_path):
    with (
        open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service,
        closing(service.open_meter()) as meter,
    ):
        for _ in range(2):
            begun = service.oom_kills()
            eat(service)
            child_killed = service.oom_kills()
            assert child_killed >= begun + 1
            wait_until_another_kill_is_told_apart(service)
            assert service.oom_kills() == child_killed
            ask(service.endpoint, "turn")
            wait_for_death(service)
            ended = service.oom_kills()
            assert ended >= child_killed + 1
            service.restart()
            assert service.oom_kills() == ended == meter.read_counters().oom_kills


def wait_until_another_kill_is_told_apart(service: DockerService) -> None:
    begin = time.monotonic()
    wait_until(
        "the last echo of a kill",
        lambda: None if time.monotonic() - begin > ONE_KILL_S + 0.2 else "too early",
        deadline_s=5,
    )
    assert service.why_dead() is None


def test_a_kill_that_was_not_for_memory_does_not_count(daemon, shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service:
        daemon.containers.get(service.container_name).kill("SIGKILL")
        wait_for_death(service)
        assert service.oom_kills() == 0
        assert service.why_dead().startswith("The server was ended by SIGKILL (exit code 137)")


def test_the_server_of_a_restart_is_not_blamed_for_the_kill_before(shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data", ram_bytes=ROOMY) as service:
        ask(service.endpoint, "turn")
        wait_for_death(service)
        killed = service.oom_kills()
        service.restart()
        ask(service.endpoint, "leave")
        wait_for_death(service)
        assert "exited with code 7" in str(service.why_dead())
        assert service.oom_kills() == killed


def test_a_server_that_never_fits_says_so_at_its_start(shell_image, tmp_path):
    engine = NeverReady(image=shell_image, command=("sh", "-c", f"exec {EATING}"))
    start = ServerStart(data_dir=tmp_path / "data", timeout_s=5, ram_bytes=ROOMY)
    with (
        pytest.raises(ServiceUnavailable, match="ran out of memory of 128 MiB"),
        DockerService(engine=engine, start=start),
    ):
        pytest.fail("it does not fit")
