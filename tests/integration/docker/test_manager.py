"""`DockerManager` alone: what it says of a container that runs, has ended, was killed, is gone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from basetype_benchmark.infrastructure.docker.daemon import read_facts
from basetype_benchmark.infrastructure.docker.labels import store_name, volume_labels
from basetype_benchmark.infrastructure.docker.stats import ContainerStats
from basetype_benchmark.infrastructure.docker_manager import ContainerSpec, DockerManager
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import MIB
from tests.integration.docker.obedient import EATING, ROOMY

pytestmark = pytest.mark.servers

WAITING = "echo first; echo last; trap 'exit 3' TERM; while :; do busybox sleep 0.05; done"


@pytest.fixture
def manager(daemon: docker.DockerClient) -> DockerManager:
    return DockerManager(daemon, read_facts(daemon))


@pytest.fixture
def spec(manager: DockerManager, shell_image: str, tmp_path: Path) -> Iterator[ContainerSpec]:
    """A container that waits to be told to end."""
    name, labels = store_name("oxigraph", tmp_path), volume_labels("oxigraph", tmp_path)
    manager.make_volume(name, labels)
    yield ContainerSpec(
        name=name,
        title="The server",
        image=shell_image,
        port=8080,
        volume=name,
        data_path="/data",
        labels=labels,
        command=("sh", "-c", WAITING),
        ram_bytes=ROOMY,
    )
    manager.remove_container(name)
    manager.remove_volume(name)


def await_end(manager: DockerManager, name: str) -> None:
    wait_until("its end", lambda: "it runs" if manager.is_running(name) else None, deadline_s=60)


def test_a_container_that_runs_then_ends_then_is_gone(manager, spec):
    port = manager.start_container(spec)
    assert port > 0
    assert manager.is_running(spec.name)
    assert not manager.check_oom_killed(spec.name)
    wait_until("its words", lambda: None if manager.get_logs(spec.name) else "none", deadline_s=60)
    assert manager.get_logs(spec.name) == "first\nlast\n"
    assert manager.get_logs(spec.name, tail=1) == "last\n"
    stats = manager.get_container_stats(spec.name)
    assert stats.memory_limit_bytes == ROOMY
    assert 0 < stats.memory_usage_bytes < 64 * MIB
    assert stats.cpu_percent >= 0
    assert stats.cpu_user_ns is not None

    manager.stop_container(spec.name, patience_s=30)
    assert not manager.is_running(spec.name)
    assert manager.state(spec.name).exit_code == 3
    assert not manager.check_oom_killed(spec.name)
    assert manager.get_container_stats(spec.name) == ContainerStats()
    assert manager.get_logs(spec.name) == "first\nlast\n"

    manager.remove_container(spec.name)
    assert manager.state(spec.name) is None
    assert not manager.is_running(spec.name)
    assert not manager.check_oom_killed(spec.name)
    assert manager.get_container_stats(spec.name) is None
    assert manager.get_logs(spec.name) == ""
    manager.stop_container(spec.name, patience_s=1)
    manager.remove_container(spec.name)


def test_a_container_that_the_kernel_killed_for_lack_of_memory(manager, spec):
    manager.start_container(eating(spec))
    await_end(manager, spec.name)
    assert manager.check_oom_killed(spec.name)
    assert manager.state(spec.name).exit_code == 137
    assert manager.get_logs(spec.name) == "eating\n"
    manager.remove_container(spec.name)
    assert not manager.check_oom_killed(spec.name)


def eating(spec: ContainerSpec) -> ContainerSpec:
    return replace(spec, command=("sh", "-c", f"echo eating; exec {EATING}"))


def test_a_container_killed_for_another_reason_did_not_run_out_of_memory(manager, spec, daemon):
    manager.start_container(spec)
    daemon.containers.get(spec.name).kill("SIGKILL")
    await_end(manager, spec.name)
    assert not manager.check_oom_killed(spec.name)
    assert manager.state(spec.name).exit_code == 137
