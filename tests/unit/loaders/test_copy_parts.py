"""A binary COPY is the same bytes however it is cut, and whatever form its texts come in."""

import pyarrow as pa
import pytest

from basetype_benchmark.loaders.postgres.arrow_copy import encode_copy

SCHEMA = pa.schema([pa.field("id", pa.string()), pa.field("properties", pa.string())])
ROWS = [
    {"id": "a", "properties": None},
    {"id": None, "properties": '{"kw": 5}'},
    {"id": "\N{SNOWMAN}\t\\N", "properties": "{}"},
]
# What PostgreSQL's manual says of the format: signature, flags, length of the extension; per row
# the number of fields, each with its length; JSONB begins with its version; at the end -1.
EXPECTED = (
    b"PGCOPY\n\xff\r\n\0" + bytes(8)
    + b"\0\2" b"\0\0\0\1a" b"\xff\xff\xff\xff"
    + b"\0\2" b"\xff\xff\xff\xff" b'\0\0\0\x0a\1{"kw": 5}'
    + b"\0\2" b"\0\0\0\6\xe2\x98\x83\t\\N" b"\0\0\0\3\1{}"
    + b"\xff\xff"
)  # fmt: skip


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
@pytest.mark.parametrize("are_coded", [False, True], ids=["plain", "coded"])
def test_the_bytes_are_those_of_the_format(rows: int, are_coded: bool) -> None:
    table = pa.Table.from_pylist(ROWS, schema=SCHEMA)
    if are_coded:
        table = pa.table({name: table[name].dictionary_encode() for name in SCHEMA.names})
    parts = list(encode_copy(table.to_batches(), SCHEMA, rows))
    assert b"".join(part.data for part in parts) == EXPECTED
    assert sum(part.rows for part in parts) == len(ROWS)


def test_no_rows_are_a_whole_copy_too() -> None:
    parts = list(encode_copy(SCHEMA.empty_table().to_batches(), SCHEMA))
    assert b"".join(part.data for part in parts) == b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\xff\xff"
