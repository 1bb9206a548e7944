"""How what is ours is marked in a Docker daemon: labels and names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from basetype_benchmark.infrastructure.harness_id import HarnessId, machine_id

OURS = "io.basetype-benchmark.engine"
"""The label by which we know our containers and volumes; its value is the engine's id."""

DATA_DIR = "io.basetype-benchmark.data-dir"
MACHINE = "io.basetype-benchmark.machine"
VOLUME = "io.basetype-benchmark.volume"
OWNER = "io.basetype-benchmark.owner"
NAME_PREFIX = "btb"


def store_name(engine: str, data_dir: Path) -> str:
    """Name the volume and the container of the store that stands for a data directory.

    Harnesses of several machines can share a daemon, each with a folder of this name.
    """
    told_apart = hashlib.blake2s(f"{machine_id()}:{data_dir}".encode(), digest_size=6).hexdigest()
    return f"{NAME_PREFIX}-{engine}-{told_apart}"


def volume_labels(engine: str, data_dir: Path) -> dict[str, str]:
    """Mark a volume, which outlives the harness that made it."""
    return {OURS: engine, DATA_DIR: str(data_dir), MACHINE: machine_id()}


def container_labels(
    engine: str, data_dir: Path, volume: str, owner: HarnessId
) -> Mapping[str, str]:
    """Mark a container, which should not outlive its harness."""
    return {**volume_labels(engine, data_dir), VOLUME: volume, OWNER: str(owner)}
