"""What an export says of itself: ``export.json``, written last: its presence means whole."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

EXPORT_MANIFEST_NAME = "export.json"
EXPORT_VERSION = 1
"""Raised whenever a format changes, so that exports of older versions are made again."""


class ExportFormat(StrEnum):
    """The formats that a dataset can be written in; all but the last are storage models."""

    P1 = "p1"  # relational: CSV
    P2 = "p2"  # documents: CSV with JSON
    M1 = "m1"  # property graph with chunks: CSV and Cypher
    M2 = "m2"  # property graph: CSV and Cypher
    O1 = "o1"  # RDF with chunks: N-Triples
    O2 = "o2"  # RDF: N-Triples
    BRICK = "brick"  # Brick 1.5 for other tools: Turtle


class ExportFile(BaseModel):
    """One file; `rows` is null where it holds none: a script."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str  # relative to the export's folder, with slashes
    rows: NonNegativeInt | None
    size_bytes: NonNegativeInt
    sha256: str


class ExportCounts(BaseModel):
    """What was written; null where the format holds none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: dict[str, NonNegativeInt]  # by node type
    edges: dict[str, NonNegativeInt]  # by relation type
    samples: NonNegativeInt | None = None
    chunks: NonNegativeInt | None = None


class ExportManifest(BaseModel):
    """The content of ``export.json``; no time of day, so that equal exports are equal files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    export_version: int
    format: ExportFormat
    profile: str
    seed: int
    fingerprint: str  # of the dataset
    gzip: bool
    counts: ExportCounts
    files: list[ExportFile]

    @property
    def size_bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.size_bytes for file in self.files)


def read_export(folder: Path) -> ExportManifest | None:
    """Read what the export in `folder` says of itself; None unless it is whole.

    The sizes of all files are compared, not their digests: `sha256sum` is for those who copied.
    """
    try:
        content = (folder / EXPORT_MANIFEST_NAME).read_bytes()
        manifest = ExportManifest.model_validate_json(content)
        sizes = [(folder / file.name).stat().st_size for file in manifest.files]
    except (OSError, ValidationError):
        return None
    stated = [file.size_bytes for file in manifest.files]
    return manifest if manifest.export_version == EXPORT_VERSION and sizes == stated else None


def encode_export(manifest: ExportManifest) -> bytes:
    """Write out the content of ``export.json``."""
    return (manifest.model_dump_json(indent=2) + "\n").encode()
