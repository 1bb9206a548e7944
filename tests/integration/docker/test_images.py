"""Images: pulled when they are missing, with progress, by tag and digest."""

import docker
import pytest

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.daemon import find_image
from basetype_benchmark.infrastructure.docker.images import require_image
from basetype_benchmark.units import MIB
from tests.fakes import RecordingProgress
from tests.integration.docker.obedient import ask, open_obedient
from tests.integration.docker.registry import NEW_BYTES, registry

pytestmark = pytest.mark.servers


@pytest.fixture
def pulled(daemon: docker.DockerClient):
    """References whose images are removed afterwards."""
    references: list[str] = []
    yield references
    for reference in references:
        if find_image(daemon, reference) is not None:
            daemon.images.remove(reference)


def test_an_image_pinned_by_tag_and_digest_is_pulled_once_with_progress(
    daemon, shell_image, pulled
):
    progress = RecordingProgress()
    with registry(daemon, shell_image, "btb/server") as (address, digest):
        reference = f"{address}/btb/server:1.0@{digest}"
        pulled.append(f"{address}/btb/server@{digest}")
        assert find_image(daemon, reference) is None
        image_id = require_image(daemon, reference, engine="oxigraph", progress=progress)
        # And the layers of Busybox, should the daemon not know that it has them.
        assert NEW_BYTES <= progress.done[f"pulling {reference}"] < NEW_BYTES + 2 * MIB
    # Nobody answers there any more, and nobody is asked.
    assert require_image(daemon, reference, engine="oxigraph") == image_id


def test_another_image_under_the_same_tag_is_refused(daemon, shell_image, pulled):
    with registry(daemon, shell_image, "btb/server") as (address, digest):
        other = f"sha256:{'0' * 64}"
        reference = f"{address}/btb/server:1.0@{other}"
        with pytest.raises(ServiceUnavailable, match=f"{other} is not on this machine and cannot"):
            require_image(daemon, reference, engine="oxigraph")
        assert digest != other


def test_a_service_pulls_what_it_lacks(daemon, shell_image, pulled, tmp_path):
    with registry(daemon, shell_image, "btb/server") as (address, _):
        reference = f"{address}/btb/server:1.0"
        pulled.append(reference)
        with open_obedient(reference, tmp_path / "data") as service:
            assert ask(service.endpoint, "note") == "kept"
