"""Binary COPY from Arrow: encoded by `pgpq`, sent by psycopg, never a Python object per row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pgpq
import pyarrow as pa
from pgpq.encoders import LargeStringEncoderBuilder, StringEncoderBuilder
from pgpq.schema import Jsonb
from psycopg import sql

from basetype_benchmark.infrastructure.clients.postgres_client import PostgresConnection
from basetype_benchmark.loaders.ahead import made_ahead
from basetype_benchmark.progress import Task

if TYPE_CHECKING:
    from pgpq._pgpq import EncoderBuilder  # a type alias that exists in its stub only

JSON_COLUMNS = frozenset({"properties", "doc"})
"""The column names that are JSON wherever they occur."""

ROWS_PER_WRITE = 1 << 14
"""Rows encoded at once: some 1 MB of COPY data, the fastest of 4 k to 128 k rows measured."""


@dataclass(frozen=True, kw_only=True)
class CopyPart:
    """Some of the bytes of a COPY, and the rows that end in them."""

    data: bytes
    rows: int


def copy_batches(
    connection: PostgresConnection,
    table: sql.Composable,
    batches: Iterable[pa.RecordBatch],
    *,
    schema: pa.Schema,
    task: Task,
    stall_s: float,
    freeze: bool = False,
) -> int:
    """COPY `batches` into `table` and give the number of rows.

    The next rows are read and encoded, in another thread, while the server takes the last ones.
    For the rest see `encode_copy` and `copy_parts`.
    """
    parts = made_ahead(encode_copy(batches, schema))
    return copy_parts(
        connection, table, schema.names, parts, task=task, stall_s=stall_s, freeze=freeze
    )


def copy_parts(
    connection: PostgresConnection,
    table: sql.Composable,
    columns: Sequence[str],
    parts: Iterable[CopyPart],
    *,
    task: Task,
    stall_s: float,
    freeze: bool = False,
) -> int:
    """COPY into `table` what was encoded before, and give the number of rows.

    With `freeze` the table must be made in the same transaction: its rows are then stored as if
    vacuumed.

    Raises:
        ServerStalled: the server took no data for `stall_s` seconds.
    """
    options = "FORMAT binary, FREEZE" if freeze else "FORMAT binary"
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH ({})").format(
        table, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(options)
    )
    rows = 0
    with (
        connection.exchange_limit(stall_s),
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for part in parts:
            copy.write(part.data)
            rows += part.rows
            task.advance(part.rows)
    return rows


def encode_copy(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, rows: int = ROWS_PER_WRITE
) -> Iterator[CopyPart]:
    """Give the whole of a binary COPY, in parts of at most so many rows.

    `schema` holds plain types; a batch with dictionaries is decoded to it.
    """
    encoder = binary_encoder(schema)
    yield CopyPart(data=encoder.write_header(), rows=0)
    for batch in batches:
        for start in range(0, batch.num_rows, rows):
            part = batch.slice(start, rows)
            yield CopyPart(data=encoder.write_batch(part.cast(schema)), rows=part.num_rows)
    yield CopyPart(data=encoder.finish(), rows=0)


def binary_encoder(schema: pa.Schema) -> pgpq.ArrowToPostgresBinaryEncoder:
    """Make what turns batches of plain types into COPY data, for one COPY."""
    encoders = {field.name: _encoder(field) for field in schema}
    return pgpq.ArrowToPostgresBinaryEncoder.new_with_encoders(schema, encoders)


def _encoder(field: pa.Field) -> EncoderBuilder:
    if field.name in JSON_COLUMNS:
        is_large = pa.types.is_large_string(field.type)
        builder = LargeStringEncoderBuilder if is_large else StringEncoderBuilder
        return builder.new_with_output(field, Jsonb())
    return pgpq.ArrowToPostgresBinaryEncoder.infer_encoder(field)
