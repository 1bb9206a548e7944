"""A dataset on disk, opened for reading: the one way loaders, oracle and exports see the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basetype_benchmark.dataset.manifest import Manifest, read_manifest
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA, SERIES_SCHEMA
from basetype_benchmark.errors import DatasetError, reason_of

_UNREPEATED = ("id", "name")


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A complete dataset and where it lies."""

    folder: Path
    manifest: Manifest

    @property
    def fingerprint(self) -> str:
        """Digest of the logical content: equal for equal data, whatever wrote the files."""
        return self.manifest.fingerprint

    def nodes(self, *, coded: bool = False) -> pa.Table:
        """All nodes, in `NODE_SCHEMA`, sorted by id.

        With `coded` the columns whose texts recur come as dictionaries, as they are in the file:
        that takes half the time, and is of use to whoever decodes them late or never.
        """
        schema = _coded(NODE_SCHEMA) if coded else NODE_SCHEMA
        return _read_table(self.folder / "nodes.parquet", schema)

    def edges(self) -> pa.Table:
        """All relations, in `EDGE_SCHEMA`, sorted by (rel_type, src_id, dst_id)."""
        return _read_table(self.folder / "edges.parquet", EDGE_SCHEMA)

    def series_files(self) -> list[Path]:
        """The series files in order of building and day.

        Raises:
            DatasetError: folders go away meanwhile: something is writing this dataset.
        """
        folder = self.folder / "timeseries"
        with _damage_named(folder):
            return sorted(folder.glob("building_id=*/day=*/part-*.parquet"))

    def series_batches(
        self, files: Sequence[Path] | None = None, rows: int = 1 << 17
    ) -> Iterator[pa.RecordBatch]:
        """Stream the samples of `files` (default: all) in batches of at most `rows`.

        Batches are in `SERIES_SCHEMA`, sorted by (point_id, time) inside a file.

        Raises:
            DatasetError: a file cannot be read or has other columns.
        """
        for path in self.series_files() if files is None else files:
            with _damage_named(path):
                file = pq.ParquetFile(
                    path, read_dictionary=["point_id"], page_checksum_verification=True
                )
                _check_schema(path, file.schema_arrow, SERIES_SCHEMA)
                for batch in file.iter_batches(batch_size=rows, columns=SERIES_SCHEMA.names):
                    yield batch.cast(SERIES_SCHEMA)


def open_dataset(folder: Path) -> Dataset:
    """Open the dataset in `folder`.

    Raises:
        DatasetError: it is missing, incomplete or damaged.
    """
    return Dataset(folder=folder, manifest=read_manifest(folder))


class _damage_named:  # noqa: N801
    """Turn what Arrow says of a broken file into a `DatasetError` that names the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (pa.ArrowException, OSError, KeyError, ValueError)):
            raise DatasetError(
                f"{self.path} cannot be read: {reason_of(error)}; generate the dataset again"
            ) from error


def _read_table(path: Path, schema: pa.Schema) -> pa.Table:
    with _damage_named(path):
        coded = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        file = pq.ParquetFile(path, read_dictionary=coded, page_checksum_verification=True)
        table = file.read()
        _check_schema(path, table.schema, schema)
        return table.select(schema.names).cast(schema)


def _coded(schema: pa.Schema) -> pa.Schema:
    return pa.schema(
        field
        if field.name in _UNREPEATED
        else field.with_type(pa.dictionary(pa.int32(), field.type))
        for field in schema
    )


def _check_schema(path: Path, found: pa.Schema, expected: pa.Schema) -> None:
    missing = [name for name in expected.names if name not in found.names]
    if missing:
        raise DatasetError(
            f"{path} lacks the columns {', '.join(missing)}; it is not a file of this dataset"
        )
