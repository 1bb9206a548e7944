"""What runs under the name of an engine is always the same image."""

import re

import pytest

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.infrastructure.services.containers.table import CONTAINERS

REFERENCE = re.compile(r"(?P<name>[\w./-]+):(?P<tag>[\w.-]+)@sha256:(?P<digest>[0-9a-f]{64})")


def test_every_engine_with_a_container_has_an_image() -> None:
    assert IMAGES.keys() == CONTAINERS.keys()


@pytest.mark.parametrize("reference", IMAGES.values(), ids=IMAGES)
def test_an_image_is_pinned_by_a_version_and_a_digest(reference: str) -> None:
    found = REFERENCE.fullmatch(reference)
    assert found is not None
    assert re.search(r"\d+\.\d+\.\d+", found["tag"]), "latest, or a tag that moves on"
    assert len(set(found["digest"])) > 8, "made up"
