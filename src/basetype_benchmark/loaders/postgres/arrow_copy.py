"""Binary COPY from Arrow: encoded by `pgpq`, sent by psycopg, never a Python object per row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pgpq
import pyarrow as pa
from pgpq.encoders import LargeStringEncoderBuilder
from pgpq.schema import Jsonb
from psycopg import sql

from basetype_benchmark.infrastructure.postgres_client import PostgresConnection
from basetype_benchmark.progress import Task

if TYPE_CHECKING:
    from pgpq._pgpq import EncoderBuilder  # a type alias that exists in its stub only

JSON_COLUMN = "properties"
"""The one column name that is JSON wherever it occurs."""

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

    `schema` holds plain types; a batch with dictionaries is decoded to it. With `freeze` the table
    must be made in the same transaction: its rows are then stored as if vacuumed.

    Raises:
        ServerStalled: the server took no data for `stall_s` seconds.
    """
    encoder = pgpq.ArrowToPostgresBinaryEncoder.new_with_encoders(
        schema, {field.name: _encoder(field) for field in schema}
    )
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
        for batch in _sliced(batches):
            copy.write(encoder.write_batch(batch.cast(schema)))
            rows += batch.num_rows
            task.advance(batch.num_rows)
        copy.write(encoder.finish())
    return rows


def _sliced(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS_PER_WRITE):
            yield batch.slice(start, ROWS_PER_WRITE)


def _encoder(field: pa.Field) -> EncoderBuilder:
    if field.name == JSON_COLUMN:
        return LargeStringEncoderBuilder.new_with_output(field, Jsonb())
    return pgpq.ArrowToPostgresBinaryEncoder.infer_encoder(field)
