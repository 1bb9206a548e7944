from pathlib import Path

import pyarrow.parquet as pq
import pytest

from basetype_benchmark.benchmark.monitoring.reading_log import Moment, ReadingLog
from basetype_benchmark.benchmark.monitoring.resources_io import (
    RESOURCES_FILE,
    RESOURCES_SCHEMA,
    add_readings,
    read_readings,
)
from basetype_benchmark.benchmark.resources import COUNTERS, GAUGES, Reading
from basetype_benchmark.errors import CheckFailed


def log(*memory_bytes: int | None, source: str = "postgresql") -> ReadingLog:
    kept = ReadingLog()
    for number, value in enumerate(memory_bytes):
        reading = Reading(memory_bytes=value, cpu_user_ns=number)
        kept.add(source, "load" if number else None, Moment.TIMED, number * 500, reading)
    return kept


def test_every_reading_is_a_row_with_every_field_and_null_where_nothing_was_read(
    tmp_path: Path,
) -> None:
    path = add_readings(tmp_path, "tiny-2d.P1.r1", log(0, None, 1 << 40))
    assert path == tmp_path / RESOURCES_FILE
    table = pq.read_table(path)
    assert table.schema.equals(RESOURCES_SCHEMA)
    assert set(table.column_names) == {
        *("cell", "source", "phase", "moment", "t_ns"),
        *GAUGES,
        *COUNTERS,
    }
    rows = table.to_pylist()
    assert [row["memory_bytes"] for row in rows] == [0, None, 1 << 40]
    assert [row["cpu_user_ns"] for row in rows] == [0, 1, 2]
    assert [row["t_ns"] for row in rows] == [0, 500, 1000]
    assert [row["phase"] for row in rows] == [None, "load", "load"]
    assert {row["moment"] for row in rows} == {"timed"}
    assert {row["read_bytes"] for row in rows} == {None}


def test_cells_are_added_one_after_the_other_and_a_cell_run_again_takes_its_place(
    tmp_path: Path,
) -> None:
    add_readings(tmp_path, "a", log(1, 2))
    add_readings(tmp_path, "b", log(3, source="oxigraph"))
    add_readings(tmp_path, "a", log(7))
    rows = read_readings(tmp_path).to_pylist()
    assert [(r["cell"], r["source"], r["memory_bytes"]) for r in rows] == [
        ("b", "oxigraph", 3),
        ("a", "postgresql", 7),
    ]


def test_a_cell_without_a_reading_leaves_a_valid_file(tmp_path: Path) -> None:
    add_readings(tmp_path, "a", ReadingLog())
    table = read_readings(tmp_path)
    assert table.num_rows == 0
    assert table.schema.equals(RESOURCES_SCHEMA)


def test_a_torn_or_foreign_file_is_refused_with_its_path(tmp_path: Path) -> None:
    path = add_readings(tmp_path, "a", log(1))
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    with pytest.raises(CheckFailed, match=r"resources\.parquet cannot be read"):
        read_readings(tmp_path)
    pq.write_table(pq.read_table(add_elsewhere(tmp_path)).drop(["t_ns"]), path)
    with pytest.raises(CheckFailed, match="its columns are others"):
        add_readings(tmp_path, "b", log(2))


def add_elsewhere(folder: Path) -> Path:
    other = folder / "other"
    return add_readings(other, "a", log(1))


def test_nothing_but_the_file_is_left_beside_it(tmp_path: Path) -> None:
    add_readings(tmp_path, "a", log(1))
    add_readings(tmp_path, "b", log(1))
    assert [path.name for path in tmp_path.iterdir()] == [RESOURCES_FILE]
