"""Binary COPY from Arrow: encoded by `pgpq`, sent by psycopg, never a Python object per row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pgpq
import pyarrow as pa
from pgpq.encoders import LargeStringEncoderBuilder, StringEncoderBuilder
from pgpq.schema import Jsonb
from psycopg import sql

from basetype_benchmark.infrastructure.postgres_client import PostgresConnection
from basetype_benchmark.loaders.ahead import made_ahead
from basetype_benchmark.progress import Task

if TYPE_CHECKING:
    from pgpq._pgpq import EncoderBuilder  # a type alias that exists in its stub only

JSON_COLUMNS = frozenset({"properties", "doc"})
"""The column names that are JSON wherever they occur."""

ROWS_PER_WRITE = 1 << 14
"""Rows encoded at once: some 1 MB of COPY data, the fastest of 4 k to 128 k rows measured."""


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
    `schema` holds plain types; a batch with dictionaries is decoded to it. With `freeze` the table
    must be made in the same transaction: its rows are then stored as if vacuumed.

    Raises:
        ServerStalled: the server took no data for `stall_s` seconds.
    """
    encoder = binary_encoder(schema)
    options = "FORMAT binary, FREEZE" if freeze else "FORMAT binary"
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH ({})").format(
        table, sql.SQL(", ").join(map(sql.Identifier, schema.names)), sql.SQL(options)
    )
    rows = 0
    with (
        connection.exchange_limit(stall_s),
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        copy.write(encoder.write_header())
        for part in made_ahead(_encoded(encoder, batches, schema)):
            copy.write(part.data)
            rows += part.rows
            task.advance(part.rows)
        copy.write(encoder.finish())
    return rows


def binary_encoder(schema: pa.Schema) -> pgpq.ArrowToPostgresBinaryEncoder:
    """Make what turns batches of plain types into COPY data, for one COPY."""
    encoders = {field.name: _encoder(field) for field in schema}
    return pgpq.ArrowToPostgresBinaryEncoder.new_with_encoders(schema, encoders)


@dataclass(frozen=True, kw_only=True)
class _Part:
    data: bytes
    rows: int


def _encoded(
    encoder: pgpq.ArrowToPostgresBinaryEncoder,
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
) -> Iterator[_Part]:
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS_PER_WRITE):
            rows = batch.slice(start, ROWS_PER_WRITE)
            yield _Part(data=encoder.write_batch(rows.cast(schema)), rows=rows.num_rows)


def _encoder(field: pa.Field) -> EncoderBuilder:
    if field.name in JSON_COLUMNS:
        is_large = pa.types.is_large_string(field.type)
        builder = LargeStringEncoderBuilder if is_large else StringEncoderBuilder
        return builder.new_with_output(field, Jsonb())
    return pgpq.ArrowToPostgresBinaryEncoder.infer_encoder(field)
