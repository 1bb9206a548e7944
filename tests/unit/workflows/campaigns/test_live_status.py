import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.progress import SILENT
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.campaigns.heard_progress import HeardProgress
from basetype_benchmark.workflows.campaigns.live_status import (
    LIVE_FILE,
    LiveStatus,
    MemoryStatus,
    TaskStatus,
    read_live,
    write_live,
)
from basetype_benchmark.workflows.campaigns.live_status_writer import (
    INTERVAL_S,
    SILENCE_S,
    LiveStatusWriter,
)
from basetype_benchmark.workflows.campaigns.live_tracker import LiveTracker
from tests.records import make_campaign, make_cell

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HELD = Reading(memory_bytes=30 * MIB, anonymous_bytes=20 * MIB)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tracker(clock: Clock) -> LiveTracker:
    return LiveTracker(clock, lambda: NOW)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    status = LiveStatus(
        pid=5,
        updated_at=NOW,
        cell="tiny-2d.P1.r1",
        cell_elapsed_s=1.5,
        phase="measure",
        task=TaskStatus(name="queries", unit="executions", done=3, total=78, elapsed_s=0.5),
        query="Q7",
        memory=(
            MemoryStatus(source="postgresql", memory_bytes=1, anonymous_bytes=None, limit_bytes=2),
        ),
    )
    write_live(tmp_path, status)
    assert read_live(tmp_path) == status
    assert [file.name for file in tmp_path.iterdir()] == [LIVE_FILE]


def test_what_is_torn_or_missing_is_nothing(tmp_path: Path) -> None:
    assert read_live(tmp_path) is None
    (tmp_path / LIVE_FILE).write_text('{"pid": 5}')
    assert read_live(tmp_path) is None


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    write_live(tmp_path / "gone", LiveStatus(pid=1, updated_at=NOW))
    assert list(tmp_path.iterdir()) == []


def test_a_tracker_knows_cell_phase_task_query_and_memory(
    tracker: LiveTracker, clock: Clock
) -> None:
    progress = HeardProgress(SILENT, [tracker], clock)
    with progress.task("cells", 2, "cells"):
        assert tracker.snapshot().task is not None
        tracker.cell_started("tiny-2d.P1.r1")
        assert tracker.snapshot().task is None  # that of the campaign is none of the cell's
        tracker.cell_read("postgresql", "measure", HELD, 64 * MIB)
        tracker.cell_read("harness", "measure", HELD, None)
        tracker.cell_read("postgresql", None, HELD, 64 * MIB)
        with progress.task("queries", 10, "executions") as task:
            clock.now += 2
            task.on("Q7")
            task.advance(4)
            found = tracker.snapshot()
        assert (found.cell, found.cell_elapsed_s, found.phase) == ("tiny-2d.P1.r1", 2, "measure")
        assert found.query == "Q7"
        assert found.task == TaskStatus(
            name="queries", unit="executions", done=4, total=10, elapsed_s=2
        )
        assert (found.task.rate_per_s, found.task.left_s) == (2, 3)
        assert [memory.source for memory in found.memory] == ["postgresql"]
        assert found.memory[0].limit_bytes == 64 * MIB
        assert tracker.snapshot().query is None
        tracker.cell_finished(make_cell())
    found = tracker.snapshot()
    assert (found.cell, found.phase, found.task, found.memory) == (None, None, None, ())


def test_a_task_ended_by_an_error_is_not_kept(tracker: LiveTracker) -> None:
    with pytest.raises(KeyboardInterrupt), HeardProgress(SILENT, [tracker]).task("graph"):
        raise KeyboardInterrupt
    assert tracker.snapshot().task is None


@pytest.fixture
def writer(tmp_path: Path, tracker: LiveTracker, clock: Clock) -> LiveStatusWriter:
    (tmp_path / make_campaign().campaign).mkdir()
    writer = LiveStatusWriter(tmp_path, tracker, clock)
    writer.opened(make_campaign(), {})
    return writer


def age(tmp_path: Path) -> float:
    """How much has been done in what is written."""
    live = read_live(tmp_path / make_campaign().campaign)
    assert live is not None
    return 0 if live.task is None else live.task.done


def test_it_is_written_at_most_once_in_an_interval(
    writer: LiveStatusWriter, tracker: LiveTracker, clock: Clock, tmp_path: Path
) -> None:
    with HeardProgress(SILENT, [tracker, writer], clock).task("series", 100, "rows") as task:
        for _ in range(10):
            clock.now += INTERVAL_S / 16
            task.advance()
        assert age(tmp_path) == 0
        clock.now += INTERVAL_S / 2
        task.advance()
        assert age(tmp_path) == 11
        clock.now += INTERVAL_S / 2
        task.advance()
        assert age(tmp_path) == 11


def test_the_sampler_writes_only_where_the_work_is_silent(
    writer: LiveStatusWriter, tracker: LiveTracker, clock: Clock, tmp_path: Path
) -> None:
    def held() -> int:
        live = read_live(tmp_path / make_campaign().campaign)
        return 0 if live is None else len(live.memory)

    tracker.cell_read("postgresql", "measure", HELD, None)
    clock.now += (INTERVAL_S + SILENCE_S) / 2
    writer.cell_read("postgresql", "measure", HELD, None)
    assert held() == 0
    clock.now += SILENCE_S / 2
    writer.cell_read("postgresql", "measure", HELD, None)
    assert held() == 1


def test_nothing_is_left_when_the_run_is_over(writer: LiveStatusWriter, tmp_path: Path) -> None:
    folder = tmp_path / make_campaign().campaign
    assert (folder / LIVE_FILE).exists()
    writer.closed(Event.STOPPED)
    writer.cell_started("too late")
    assert not (folder / LIVE_FILE).exists()


def test_saying_what_is_worked_on_costs_next_to_nothing_where_nobody_listens() -> None:
    """Called before every query: the bound is far above what it takes, far below what matters."""
    with SILENT.task("queries") as task:
        best_ns = min(_time_calls(task.on) for _ in range(20))
    assert best_ns < 5_000


def _time_calls(call) -> float:
    begin_ns = time.perf_counter_ns()
    for _ in range(1000):
        call("Q7")
    return (time.perf_counter_ns() - begin_ns) / 1000
