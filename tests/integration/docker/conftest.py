"""A daemon and images for tests with containers; what they leave in it is removed in the end."""

import shutil
from collections.abc import Iterator, Mapping

import docker
import pytest

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.daemon import connect_daemon
from basetype_benchmark.infrastructure.docker.labels import DATA_DIR, OURS
from tests.images.build import SHELL, build_images
from tests.integration.docker.second_daemon import SecondDaemon, copy_image, second_daemon


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[docker.DockerClient]:
    """The daemon that btb itself would use."""
    try:
        client = connect_daemon()
    except ServiceUnavailable as error:
        pytest.skip(f"{error}; or run tests/images/daemon.sh")
    yield client
    ours = str(tmp_path_factory.getbasetemp())
    for volume in client.volumes.list(filters={"label": OURS}):
        if volume.attrs["Labels"].get(DATA_DIR, "").startswith(ours):
            volume.remove()
    client.close()


@pytest.fixture(scope="session")
def images(daemon: docker.DockerClient) -> Mapping[str, str]:
    """References of the test images by engine id; for Memgraph that of its stand-in."""
    return build_images(daemon, IMAGES)


@pytest.fixture(scope="session")
def shell_image(daemon: docker.DockerClient) -> str:
    """Busybox alone."""
    return build_images(daemon, [SHELL])[SHELL]


@pytest.fixture(scope="session")
def second(daemon: docker.DockerClient, shell_image: str) -> Iterator[SecondDaemon]:
    """A daemon of our own with the image; who stops it starts it again."""
    if shutil.which("dockerd") is None or shutil.which("ip") is None:
        pytest.skip("no dockerd or ip on this machine to start a second daemon with")
    with second_daemon() as running:
        copy_image(daemon, running, shell_image)
        yield running
