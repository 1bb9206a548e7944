"""What a dataset says of itself: ``dataset.json``, written last: its presence means whole."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
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
from basetype_benchmark.config.dataset_names import generate_command, parse_dataset_name
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.dataset.model import DAY
from basetype_benchmark.errors import DatasetError

MANIFEST_NAME = "dataset.json"
FORMAT_VERSION = 1
GENERATOR_VERSION = "1"
"""Of what is generated: raised with every change of the content, whatever the package's version."""


class Counts(BaseModel):
    """How much there is, to be found again in every engine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: dict[str, NonNegativeInt]  # by node type
    edges: dict[str, NonNegativeInt]  # by relation type
    samples: NonNegativeInt


class FaultKind(StrEnum):
    """What is wrong with a sensor."""

    BIAS = "bias"  # reads too much or too little by a constant
    DRIFT = "drift"  # ever further off, from nothing at the epoch
    FLOATING = "floating"  # an open input: swings around zero


class SensorFault(BaseModel):
    """A sensor that is wrong on purpose; `unit` is that of `amount`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    point_id: str
    kind: FaultKind
    amount: float
    unit: str


class PlantedDefects(BaseModel):
    """Defects put into the data on purpose: data-quality queries have a known answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ghosts: list[str]  # ids of equipment that is only LOCATED_IN a space
    sensor_faults: list[SensorFault] = []
    gap_rate: float = 0.0  # share of polled points that lose the connection once on a day

    def of_buildings(self, building_ids: Collection[str]) -> PlantedDefects:
        """Give the defects in some of the buildings."""
        return PlantedDefects(
            ghosts=[node_id for node_id in self.ghosts if _building_of(node_id) in building_ids],
            sensor_faults=[
                fault
                for fault in self.sensor_faults
                if _building_of(fault.point_id) in building_ids
            ],
            gap_rate=self.gap_rate,
        )


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


def _building_of(node_id: str) -> str:
    return node_id.split(".", 1)[0]


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
            f"there is no dataset in {folder}; make one with: {_command_for(folder)}"
        )
    if not path.is_file():
        raise DatasetError(
            f"the dataset in {folder} is incomplete: it has no {MANIFEST_NAME}, so its generation "
            f"did not finish; finish it with: {_command_for(folder)}"
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


def _command_for(folder: Path) -> str:
    """Give the command that makes the dataset of a folder, as far as its name tells."""
    return generate_command(*(parse_dataset_name(folder.name) or ("PROFILE", DEFAULT_SEED)))


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
    write_atomically(folder / MANIFEST_NAME, encode_manifest(manifest))


def encode_manifest(manifest: Manifest) -> bytes:
    """Write out the content of ``dataset.json``."""
    return (manifest.model_dump_json(indent=2) + "\n").encode()
