"""What a dataset says of itself: ``dataset.json``, written last: its presence means whole."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from basetype_benchmark.errors import DatasetError

MANIFEST_NAME = "dataset.json"
FORMAT_VERSION = 1


class Counts(BaseModel):
    """How much there is, to be found again in every engine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: dict[str, int]  # by node type
    edges: dict[str, int]  # by relation type
    samples: int


class PlantedDefects(BaseModel):
    """Defects put into the inventory on purpose: data-quality queries have a known answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ghosts: list[str]  # ids of equipment that is only LOCATED_IN a space


class Manifest(BaseModel):
    """The content of ``dataset.json``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int
    generator_version: str
    profile: str
    seed: int
    start: datetime
    end: datetime  # exclusive
    buildings: list[str]
    counts: Counts
    planted: PlantedDefects
    fingerprint: str
    size_bytes: int  # of the Parquet files


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the dataset in `folder`.

    Raises:
        DatasetError: there is no dataset, it is incomplete, or its manifest is damaged.
    """
    path = folder / MANIFEST_NAME
    if not folder.is_dir():
        raise DatasetError(
            f"there is no dataset in {folder}; make one with: btb dataset generate PROFILE"
        )
    if not path.is_file():
        raise DatasetError(
            f"the dataset in {folder} is incomplete: it has no {MANIFEST_NAME}, so its generation "
            "did not finish; make it again with: btb dataset generate PROFILE"
        )
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()
        )
        raise DatasetError(f"{path} is damaged: {problems}; make the dataset again") from error
    if manifest.format_version != FORMAT_VERSION:
        raise DatasetError(
            f"{path} has format {manifest.format_version}, this version reads {FORMAT_VERSION}; "
            "make the dataset again"
        )
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest atomically: to a temporary name, synced, then renamed."""
    path = folder / MANIFEST_NAME
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(manifest.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
