"""What a dataset says of itself: ``dataset.json``, written last: its presence means whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    NonNegativeInt,
    ValidationError,
    model_validator,
)

from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.dataset.model import DAY
from basetype_benchmark.errors import DatasetError

MANIFEST_NAME = "dataset.json"
FORMAT_VERSION = 1


class Counts(BaseModel):
    """How much there is, to be found again in every engine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: dict[str, NonNegativeInt]  # by node type
    edges: dict[str, NonNegativeInt]  # by relation type
    samples: NonNegativeInt


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
    start: AwareDatetime
    end: AwareDatetime  # exclusive
    buildings: list[str]
    counts: Counts
    planted: PlantedDefects
    fingerprint: str
    size_bytes: NonNegativeInt  # of the Parquet files

    @model_validator(mode="after")
    def _lasts_whole_days(self) -> Self:
        if self.end <= self.start or (self.end - self.start) % DAY != timedelta(0):
            raise ValueError("from start to end it must be one day or several, and whole ones")
        return self


class _Version(BaseModel):
    """The one key of which every version says what it means."""

    format_version: int


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
        return _parse(path, path.read_bytes())
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()
        )
        raise DatasetError(f"{path} is damaged: {problems}; make the dataset again") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}") from error


def _parse(path: Path, content: bytes) -> Manifest:
    version = _Version.model_validate_json(content).format_version
    if version != FORMAT_VERSION:
        raise DatasetError(
            f"{path} has format {version}, this version reads {FORMAT_VERSION}; "
            "make the dataset again"
        )
    return Manifest.model_validate_json(content)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, whole or not at all.

    Raises:
        DiskFull: there is no space left.
    """
    content = manifest.model_dump_json(indent=2) + "\n"
    write_atomically(folder / MANIFEST_NAME, content.encode())
