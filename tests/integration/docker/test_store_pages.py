"""Dropping what is cached of a container's store, for cells that share one."""

from pathlib import Path

import pytest

from basetype_benchmark.infrastructure.docker.store_pages import drop_store_pages
from basetype_benchmark.infrastructure.page_cache import cached_bytes
from basetype_benchmark.units import MIB
from tests.disk import disk_path
from tests.integration.docker.obedient import ask, open_obedient

__all__ = ["disk_path"]  # a fixture

pytestmark = [pytest.mark.servers, pytest.mark.root]


def test_the_pages_of_a_volume_are_dropped_and_no_others(daemon, shell_image, tmp_path, disk_path):
    with open_obedient(shell_image, tmp_path / "data") as service:
        ask(service.endpoint, "fill")
    volume = daemon.volumes.get(service.container_name)
    big, strange = Path(volume.attrs["Mountpoint"], "big"), disk_path / "strange"
    strange.write_bytes(bytes(MIB))
    big.read_bytes()
    assert cached_bytes(big) > 20 * MIB
    assert drop_store_pages("oxigraph", tmp_path / "data")
    assert cached_bytes(big) == 0
    assert cached_bytes(strange) == MIB


def test_of_a_store_that_is_not_there_nothing_is_cached(daemon, tmp_path):
    assert drop_store_pages("oxigraph", tmp_path / "data")


def test_of_another_machines_store_it_is_said_that_nothing_was_dropped(
    second, shell_image, tmp_path, monkeypatch
):
    second.start()
    monkeypatch.setenv("DOCKER_HOST", second.tcp_url)
    with open_obedient(shell_image, tmp_path / "data"):
        pass
    assert not drop_store_pages("oxigraph", tmp_path / "data")


def test_without_a_daemon_it_is_not_said_that_pages_were_dropped(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    assert not drop_store_pages("oxigraph", tmp_path / "data")
