"""CSV files: any text, number and null comes back from a reader of another hand."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.export.csv_files import write_series, write_table
from basetype_benchmark.dataset.export.folder import ExportFolder
from basetype_benchmark.dataset.model import SERIES_SCHEMA
from basetype_benchmark.dataset.partitions import series_partitions
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.progress import SILENT
from tests.toy import build_toy

# What a reader that knows RFC 4180 must bear: separators, quotes, line ends, PostgreSQL's end mark.
ODD = (
    "",
    " ",
    '"',
    '""',
    ",",
    "\n",
    "\r\n",
    "\r",
    "\\",
    "\\.",
    "\\N",
    "NULL",
    "null",
    "é\u2028",
    "'",
)
texts = st.none() | st.sampled_from(ODD) | st.text(st.characters(codec="utf-8"))
rows = st.lists(st.tuples(texts, texts, st.none() | st.floats(allow_nan=False)), max_size=8)


def read_csv(content: bytes, schema: pa.Schema) -> pa.Table:
    """Read with Arrow, which tells an empty field from an empty text."""
    return pyarrow.csv.read_csv(
        io.BytesIO(content),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


@settings(max_examples=25, deadline=None)
@given(cells=rows)
def test_texts_numbers_and_nulls_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    cells: list[tuple[str | None, str | None, float | None]],
) -> None:
    schema = pa.schema([("id", pa.string()), ("name", pa.string()), ("value", pa.float64())])
    columns = zip(*cells, strict=True) if cells else ([], [], [])
    table = pa.table(list(map(list, columns)), schema=schema)
    folder = ExportFolder(tmp_path_factory.mktemp("csv"))
    write_table(folder, "t.csv", table)
    content = (folder.path / "t.csv").read_bytes()
    assert read_csv(content, schema).to_pylist() == table.to_pylist()
    assert folder.files[0].rows == len(cells)


def test_a_null_is_an_empty_field_and_an_empty_text_is_quoted(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path)
    write_table(folder, "t.csv", pa.table({"a": ["x", None, ""], "b": [None, "y", ""]}))
    assert (tmp_path / "t.csv").read_text() == 'a,b\nx,\n,y\n"",""\n'


def test_the_samples_are_those_of_the_dataset(tmp_path: Path) -> None:
    toy: Dataset = build_toy(tmp_path / "toy")
    folder = ExportFolder(tmp_path / "csv")
    with SILENT.task("export") as task:
        assert write_series(toy, folder, task) == toy.manifest.counts.samples
    schema = pa.schema(
        [("time", pa.timestamp("ms", "UTC")), ("point_id", pa.string()), ("value", pa.float64())]
    )
    for partition in series_partitions(toy):
        path = folder.path / "sample" / partition.building_id / f"{partition.day}.csv"
        expected = pa.Table.from_batches(toy.series_batches(partition.files), SERIES_SCHEMA)
        assert read_csv(path.read_bytes(), schema).to_pylist() == expected.to_pylist()
