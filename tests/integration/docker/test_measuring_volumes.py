"""Finding and removing leftovers while the daemon measures for somebody else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import docker
import pytest
from docker.errors import APIError

from basetype_benchmark.infrastructure import docker_manager
from basetype_benchmark.infrastructure.docker.leftovers import open_leftovers
from tests.integration.docker.obedient import open_obedient
from tests.integration.docker.second_daemon import SecondDaemon

pytestmark = [pytest.mark.servers, pytest.mark.root]

LAST_THAT_REFUSES = (1, 42)
"""API of the last daemons that refuse to measure for two at once; newer ones let one wait."""


def test_a_daemon_that_measures_for_others_all_the_time_hides_nothing(
    second, shell_image, tmp_path, monkeypatch
):
    """As for another ``docker system df``."""
    second.start()
    monkeypatch.setenv("DOCKER_HOST", second.socket_url)
    with open_obedient(shell_image, tmp_path / "data") as service:
        name = service.container_name
    api = fill_with_files(second, name, shell_image)
    monkeypatch.setattr(docker_manager, "MEASURE_PATIENCE_S", 0.0)
    sizes: list[int | None] = []
    with open_leftovers() as leftovers:
        with measuring(second):
            for _ in range(20):
                [volume] = [left for left in leftovers.find() if left.name == name]
                assert volume.state == "free"
                sizes.append(volume.size_bytes)
        assert None in sizes or api > LAST_THAT_REFUSES, "the daemon never refused to measure"
        [volume] = [left for left in leftovers.find() if left.name == name]
        assert volume.size_bytes is not None
        leftovers.remove(volume)
        assert name not in [left.name for left in leftovers.find()]


def fill_with_files(second: SecondDaemon, volume: str, image: str) -> tuple[int, ...]:
    """Make the volume take a while to be measured; give the version of the daemon's API."""
    script = "i=0; while [ $i -lt 20000 ]; do : > /data/$i; i=$((i + 1)); done"
    client = second.client()
    try:
        client.containers.run(image, ["sh", "-c", script], volumes=[f"{volume}:/data"], remove=True)
        return tuple(int(part) for part in client.version()["ApiVersion"].split("."))
    finally:
        client.close()


@contextmanager
def measuring(second: SecondDaemon) -> Iterator[None]:
    """Have the daemon measure again and again for somebody else."""
    is_over = threading.Event()

    def measure() -> None:
        client: docker.DockerClient = second.client()
        while not is_over.is_set():
            with suppress(APIError):  # it was measuring for us
                client.df()
        client.close()

    other = threading.Thread(target=measure)
    other.start()
    try:
        yield
    finally:
        is_over.set()
        other.join(30)
