"""Files that are only added to, whole lines and torn ones."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal, read_journal
from basetype_benchmark.benchmark.sentinel import (
    SENTINEL_FILE,
    SentinelReading,
    add_sentinel_reading,
    read_sentinel,
)
from basetype_benchmark.errors import HostError


def reading(cpu_ns: int, after_cell: str | None = None) -> SentinelReading:
    return SentinelReading(
        at=datetime(2026, 1, 2, tzinfo=UTC), after_cell=after_cell, cpu_ns=cpu_ns, disk_ns=None
    )


def test_readings_come_back_in_the_order_written(tmp_path: Path) -> None:
    readings = (reading(5), reading(7, "tiny-2d.P1.r1"), reading(6))
    for one in readings:
        add_sentinel_reading(tmp_path, one)
    assert read_sentinel(tmp_path) == readings


def test_a_file_that_is_not_there_has_no_records(tmp_path: Path) -> None:
    assert read_sentinel(tmp_path) == ()


@pytest.mark.parametrize("torn", [b'{"at": "2026-01-02T', b'{"unknown": 1}\n'])
def test_a_torn_line_is_passed_over_and_the_next_one_is_whole(tmp_path: Path, torn: bytes) -> None:
    add_sentinel_reading(tmp_path, reading(5))
    with (tmp_path / SENTINEL_FILE).open("ab") as file:
        file.write(torn)
    add_sentinel_reading(tmp_path, reading(7))
    assert [one.cpu_ns for one in read_sentinel(tmp_path)] == [5, 7]


def test_the_journal_counts_what_is_torn(tmp_path: Path) -> None:
    journal = Journal(tmp_path / JOURNAL_FILE)
    journal.add(Event.OPENED)
    with (tmp_path / JOURNAL_FILE).open("ab") as file:
        file.write(b'{"event": "op')
    journal.add(Event.COMPLETED, detail="done")
    content = read_journal(tmp_path / JOURNAL_FILE)
    assert [(entry.event, entry.detail) for entry in content.entries] == [
        (Event.OPENED, None),
        (Event.COMPLETED, "done"),
    ]
    assert content.torn_lines == 1
    assert {entry.pid for entry in content.entries} == {os.getpid()}


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="gone"):
        add_sentinel_reading(tmp_path / "gone", reading(5))
