"""Whose a container or a store is: of strangers, of other harnesses, of one that was killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from docker.errors import NotFound

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.labels import OWNER, container_labels, store_name
from basetype_benchmark.infrastructure.harness_id import HarnessId, this_harness
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.integration.docker.obedient import ask, containers_on, open_obedient
from tests.integration.probe import ROOT

pytestmark = pytest.mark.servers


def test_a_strangers_container_or_volume_of_our_name_is_left_alone(daemon, shell_image, tmp_path):
    name = store_name("oxigraph", tmp_path / "data")
    stranger = daemon.containers.create(shell_image, ["sleep", "60"], name=name)
    try:
        with (
            pytest.raises(ServiceUnavailable, match=f"{name} was not made by btb"),
            open_obedient(shell_image, tmp_path / "data"),
        ):
            pytest.fail("the name is taken")
        stranger.reload()
        assert stranger.status == "created"
    finally:
        stranger.remove(force=True)
        daemon.volumes.get(name).remove()
    volume = daemon.volumes.create(name)
    try:
        with (
            pytest.raises(ServiceUnavailable, match=f"the volume {name} was not made by btb"),
            open_obedient(shell_image, tmp_path / "data", is_fresh=True),
        ):
            pytest.fail("the volume is another's")
        assert daemon.volumes.get(name).attrs["Labels"] is None
    finally:
        volume.remove()


def test_a_second_harness_on_the_same_data_is_refused(shell_image, tmp_path):
    with (
        open_obedient(shell_image, tmp_path / "data"),
        pytest.raises(ServiceUnavailable, match=f"in use by process {os.getpid()}"),
        open_obedient(shell_image, tmp_path / "data"),
    ):
        pytest.fail("the data is in use")


HARNESS = """
import sys
from pathlib import Path
from tests.integration.docker.obedient import ask, containers_on, open_obedient
with open_obedient(sys.argv[1], Path(sys.argv[2])) as service:
    print(service.container_name, flush=True)
    sys.stdin.read()
"""


@contextmanager
def harness(image: str, data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a harness in another process; whatever the test does, none is left."""
    process = subprocess.Popen(
        [sys.executable, "-c", HARNESS, image, data_dir],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_what_a_killed_harness_left_is_ended_by_the_next(daemon, shell_image, tmp_path):
    with harness(shell_image, tmp_path / "data") as process:
        name = process.stdout.readline().strip()
        orphan = daemon.containers.get(name).id
        process.kill()
    assert daemon.containers.get(name).status == "running"
    with open_obedient(shell_image, tmp_path / "data") as service:
        assert service.container_name == name
        assert daemon.containers.get(name).id != orphan
        assert ask(service.endpoint, "note") == "kept"
    with pytest.raises(NotFound):
        daemon.containers.get(orphan)


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        (None, "in use by process"),
        ("another boot pid:[1] 4711 1.0", "made on another machine"),
        ("", "made on another machine"),
    ],
)
def test_what_may_be_anothers_is_not_removed_from_the_store(
    owner, reason, daemon, shell_image, tmp_path
):
    """As where two harnesses in containers share a daemon and not the lock."""
    data_dir = tmp_path / "data"
    name = store_name("oxigraph", data_dir)
    with subprocess.Popen(["sleep", "600"]) as living:
        labels = dict(container_labels("oxigraph", data_dir, name, identify(living.pid)))
        if owner is not None:
            labels[OWNER] = owner
        other = daemon.containers.create(shell_image, ["sleep", "60"], name=name, labels=labels)
        try:
            with (
                pytest.raises(ServiceUnavailable, match=f"{reason}.*: docker rm -f {name}$"),
                open_obedient(shell_image, data_dir),
            ):
                pytest.fail("the store is another's")
            assert daemon.containers.get(name).id == other.id
        finally:
            living.kill()
            other.remove(force=True)


def identify(pid: int) -> HarnessId:
    return replace(this_harness(), pid=pid, create_time=psutil.Process(pid).create_time())


@pytest.mark.parametrize("moment", ["starting", "running"])
def test_ctrl_c_leaves_no_container(moment, daemon, shell_image, tmp_path):
    with harness(shell_image, tmp_path / "data") as process:
        if moment == "running":
            process.stdout.readline()
        else:
            wait_until(
                "its container",
                lambda: None if containers_on(daemon, tmp_path / "data") else "none",
                deadline_s=60,
                poll_s=0.002,
            )
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        assert "KeyboardInterrupt" in process.stderr.read()
    assert containers_on(daemon, tmp_path / "data") == []
