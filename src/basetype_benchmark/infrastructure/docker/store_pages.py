"""Where the files of a volume lie, if they can be seen from here, and their cached pages."""

from __future__ import annotations

import os
from pathlib import Path

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.daemon import DaemonFacts, connect_daemon, read_facts
from basetype_benchmark.infrastructure.docker.errors import NotThere
from basetype_benchmark.infrastructure.docker.labels import store_name
from basetype_benchmark.infrastructure.docker_manager import DockerManager
from basetype_benchmark.infrastructure.page_cache import drop_all_caches, drop_cached_pages


def find_store(manager: DockerManager, facts: DaemonFacts, volume: str) -> Path | None:
    """Give the folder of a volume; None where it is not on this machine, or we are not root.

    Raises:
        NotThere: there is no such volume.
        ServiceUnavailable: the daemon does not tell.
    """
    if facts.is_remote or os.geteuid() != 0:
        return None
    place = manager.volume_mountpoint(volume)
    return place if place.is_dir() else None  # the machine of Docker Desktop is another one


def drop_store_pages(engine: str, data_dir: Path) -> bool:
    """Drop the cached pages of the volume that stands for a data directory.

    Where its files cannot be seen, those of all files of the daemon's machine, if it is this one.
    False when any is left, or may be: no daemon answers, or it is another machine's.
    """
    try:
        client = connect_daemon()
        try:
            facts = read_facts(client)
            volume = store_name(engine, data_dir.resolve())
            store = find_store(DockerManager(client, facts), facts, volume)
        finally:
            client.close()
    except NotThere:
        return True
    except ServiceUnavailable:
        return False
    if store is not None:
        return drop_cached_pages(store)
    return not facts.is_remote and drop_all_caches()
