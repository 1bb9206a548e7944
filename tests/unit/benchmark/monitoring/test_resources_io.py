from pathlib import Path

import pyarrow.parquet as pq
import pytest

from basetype_benchmark.benchmark.monitoring.reading_log import Moment, ReadingLog
from basetype_benchmark.benchmark.monitoring.resources_io import (
    RESOURCES_FILE,
    RESOURCES_SCHEMA,
    join_readings,
    read_readings,
    readings_path,
    write_cell_readings,
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
    write_cell_readings(tmp_path, "tiny-2d.P1.r1", log(0, None, 1 << 40))
    table = pq.read_table(tmp_path / "tiny-2d.P1.r1.resources.parquet")
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


def test_the_cells_of_a_campaign_are_joined_in_order(tmp_path: Path) -> None:
    write_cell_readings(tmp_path, "a", log(1, 2))
    write_cell_readings(tmp_path, "b", log(3, source="oxigraph"))
    rows = read_readings(join_readings(tmp_path / "all", tmp_path, ["b", "a"])).to_pylist()
    assert [(r["cell"], r["source"], r["memory_bytes"]) for r in rows] == [
        ("b", "oxigraph", 3),
        ("a", "postgresql", 1),
        ("a", "postgresql", 2),
    ]


def test_a_cell_without_a_reading_leaves_a_valid_file(tmp_path: Path) -> None:
    write_cell_readings(tmp_path, "a", ReadingLog())
    table = read_readings(readings_path(tmp_path, "a"))
    assert table.num_rows == 0
    assert table.schema.equals(RESOURCES_SCHEMA)


def test_a_torn_or_foreign_file_is_refused_with_its_path(tmp_path: Path) -> None:
    write_cell_readings(tmp_path, "a", log(1))
    path = readings_path(tmp_path, "a")
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    with pytest.raises(CheckFailed, match=r"a\.resources\.parquet cannot be read"):
        read_readings(path)
    path.write_bytes(whole)
    pq.write_table(pq.read_table(path).drop(["t_ns"]), path)
    with pytest.raises(CheckFailed, match="its columns are others"):
        join_readings(tmp_path / "all", tmp_path, ["a"])
    assert not (tmp_path / "all" / RESOURCES_FILE).exists()
