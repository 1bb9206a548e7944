"""Parquet tables of results: whole or not there, one of each cell and one of all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basetype_benchmark.atomic_files import open_atomically
from basetype_benchmark.errors import CheckFailed

_PIECE_BYTES = 1 << 20


def write_table(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> str:
    """Write a table, a row group for each part, and give the SHA-256 of the file in hex.

    Raises:
        DiskFull: there is no space left.
    """
    with (
        open_atomically(path) as file,
        pq.ParquetWriter(file, schema, compression="zstd") as writer,
    ):
        for table in tables:
            writer.write_table(table)
    return digest_file(path)


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Read a table of this version.

    Raises:
        CheckFailed: it is missing, torn, or its columns are others.
    """
    try:
        table = pq.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise CheckFailed(f"{path} cannot be read: {error}") from error
    if not table.schema.equals(schema):
        raise CheckFailed(f"{path} is not a result of this version: its columns are others")
    return table


def join_tables(path: Path, schema: pa.Schema, parts: Sequence[Path]) -> str:
    """Write one table out of several, in their order, with one of them in memory at a time.

    Raises:
        CheckFailed: one of them is missing, torn, or its columns are others.
        DiskFull: there is no space left.
    """

    def read_all() -> Iterator[pa.Table]:
        for part in parts:
            yield read_table(part, schema)

    return write_table(path, schema, read_all())


def digest_file(path: Path) -> str:
    """Give the SHA-256 of a file in hex.

    Raises:
        CheckFailed: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                digest.update(piece)
    except OSError as error:
        raise CheckFailed(f"{path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()
