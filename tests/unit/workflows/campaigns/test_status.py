from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.campaign import PlannedCell
from basetype_benchmark.benchmark.journal import Event, JournalContent, JournalEntry
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.workflows.campaigns.live_status import LiveStatus, TaskStatus
from basetype_benchmark.workflows.campaigns.status import (
    CampaignStatus,
    CellGlance,
    CellState,
    State,
    campaign_status,
)
from tests.records import make_campaign, make_gradient_campaign

BEGIN = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
RIGHT = CellGlance(
    fingerprint="a", outcome=CellOutcome.COMPLETED, elapsed_ns=2_000_000_000, failure=None
)
OOM = replace(RIGHT, outcome=CellOutcome.OOM_LOAD, failure="oom load")


def at(seconds: float, event: Event, cell: str | None = None, **more) -> JournalEntry:
    when = BEGIN + timedelta(seconds=seconds)
    return JournalEntry(at=when, event=event, pid=more.pop("pid", 77), cell=cell, **more)


def planned(cell: str, profile: str = "tiny-2d", scenario: str = "P1") -> PlannedCell:
    return PlannedCell(
        cell=cell,
        profile=profile,
        scenario=scenario,
        repetition=1,
        ram_bytes=None,
        fingerprint="a",
    )


def status(
    *entries: JournalEntry,
    cells: tuple[PlannedCell, ...] = (planned("a"), planned("b")),
    glances: dict[str, CellGlance] | None = None,
    now_s: float = 0,
    is_running: bool = False,
    is_sealed: bool = True,
    live: LiveStatus | None = None,
) -> CampaignStatus:
    return campaign_status(
        Path("/home/results/somewhere"),
        replace(make_campaign(), cells=cells),
        JournalContent(entries=entries, torn_lines=0),
        glances or {},
        now=BEGIN + timedelta(seconds=now_s),
        is_running=is_running,
        is_sealed=is_sealed,
        live=live,
    )


@pytest.mark.parametrize(
    ("events", "is_running", "state"),
    [
        ([], False, State.PLANNED),
        ([Event.OPENED], True, State.RUNNING),
        ([Event.OPENED], False, State.INTERRUPTED),
        ([Event.OPENED, Event.CELL_STARTED], False, State.INTERRUPTED),
        ([Event.OPENED, Event.PAUSED], False, State.PAUSED),
        ([Event.OPENED, Event.STOPPED], False, State.STOPPED),
        ([Event.OPENED, Event.FAILED], False, State.FAILED),
        ([Event.OPENED, Event.COMPLETED], False, State.COMPLETE),
        ([Event.OPENED, Event.STOPPED, Event.OPENED], False, State.INTERRUPTED),
        ([Event.OPENED, Event.STOPPED, Event.OPENED], True, State.RUNNING),
    ],
)
def test_the_lock_and_the_last_word_give_the_state(events, is_running, state) -> None:
    entries = [at(n, event) for n, event in enumerate(events)]
    assert status(*entries, cells=(), is_running=is_running).state is state


def test_complete_is_what_was_sealed_with_all_its_cells() -> None:
    ended = [at(0, Event.OPENED), at(1, Event.COMPLETED)]
    cells, whole = (planned("a"),), {"a": RIGHT}
    assert status(*ended, cells=cells, glances=whole).state is State.COMPLETE
    assert status(*ended, cells=cells, glances=whole, is_sealed=False).state is State.INTERRUPTED
    assert status(*ended, cells=cells).state is State.INTERRUPTED


def test_the_process_is_named_only_while_it_holds_the_campaign() -> None:
    assert status(at(0, Event.OPENED), is_running=True).pid == 77
    assert status(at(0, Event.OPENED)).pid is None


def test_the_reason_of_the_end_is_kept() -> None:
    ended = status(at(0, Event.OPENED, detail="a host"), at(1, Event.FAILED, detail="no server"))
    assert ended.reason == "no server"


def test_cells_are_done_failed_running_or_left() -> None:
    found = status(
        at(0, Event.OPENED),
        at(1, Event.CELL_STARTED, "a"),
        at(5, Event.CELL_FINISHED, "a"),
        at(5, Event.CELL_STARTED, "b"),
        at(7, Event.CELL_FINISHED, "b"),
        at(8, Event.CELL_STARTED, "c"),
        cells=tuple(map(planned, "abcd")),
        glances={"a": RIGHT, "b": OOM},
        is_running=True,
    )
    assert [cell.state for cell in found.cells] == [
        CellState.DONE,
        CellState.FAILED,
        CellState.RUNNING,
        CellState.LEFT,
    ]
    assert (found.done, found.failed, found.left) == (1, 1, 2)
    assert [cell.took_s for cell in found.cells] == [4, 2, None, None]
    assert found.current is not None
    assert found.current.cell == "c"


def test_a_cell_that_a_killed_process_had_begun_does_not_run() -> None:
    found = status(at(0, Event.OPENED), at(1, Event.CELL_STARTED, "a"))
    assert found.current is None
    again = status(
        at(0, Event.OPENED), at(1, Event.CELL_STARTED, "a"), at(9, Event.OPENED), is_running=True
    )
    assert again.current is None


@pytest.mark.parametrize("fingerprint", ["b", None])
def test_a_result_of_another_fingerprint_does_not_count(fingerprint: str | None) -> None:
    cells = (replace(planned("a"), fingerprint=fingerprint),)
    assert status(cells=cells, glances={"a": RIGHT}).left == 1


def test_a_clock_that_was_set_back_gives_way_to_what_the_result_says() -> None:
    found = status(
        at(0, Event.OPENED),
        at(100, Event.CELL_STARTED, "a"),
        at(50, Event.CELL_FINISHED, "a"),
        glances={"a": RIGHT},
    )
    assert found.cells[0].took_s == 2
    assert found.spent_s == 50


def test_time_spent_leaves_out_the_time_between_two_runs() -> None:
    entries = (
        at(0, Event.OPENED),
        at(10, Event.STOPPED),
        at(1000, Event.OPENED),
        at(1005, Event.CELL_STARTED, "a"),
    )
    assert status(*entries).spent_s == 15
    assert status(*entries, is_running=True, now_s=1020).spent_s == 30


def test_time_left_is_that_of_finished_cells_of_like_kind() -> None:
    cells = (
        planned("a", scenario="P1"),
        planned("b", scenario="O2"),
        planned("c", scenario="P1"),
        planned("d", scenario="F2"),
    )
    entries = (
        at(0, Event.OPENED),
        at(0, Event.CELL_STARTED, "a"),
        at(10, Event.CELL_FINISHED, "a"),
        at(10, Event.CELL_STARTED, "b"),
        at(30, Event.CELL_FINISHED, "b"),
        at(30, Event.CELL_STARTED, "c"),
    )
    live = LiveStatus(pid=77, updated_at=BEGIN, cell="c", cell_elapsed_s=4, phase="load")
    found = status(
        *entries, cells=cells, glances={"a": RIGHT, "b": RIGHT}, is_running=True, live=live
    )
    assert found.cell_left_s == 10 - 4
    assert found.left_s == 6 + (10 + 20) / 2  # F2 as the mean of all on the profile
    task = TaskStatus(name="queries", unit="executions", done=25, total=100, elapsed_s=2)
    executing = replace(live, task=task, query="Q7")
    found = status(
        *entries, cells=cells, glances={"a": RIGHT, "b": RIGHT}, is_running=True, live=executing
    )
    assert found.cell_left_s == 6  # by the rate of its queries, which happens to agree
    assert replace(found, live=replace(executing, task=replace(task, done=50))).cell_left_s == 2


def test_time_left_is_not_guessed_from_another_profile() -> None:
    cells = (planned("a"), planned("b", profile="small-1w"))
    entries = (
        at(0, Event.OPENED),
        at(0, Event.CELL_STARTED, "a"),
        at(10, Event.CELL_FINISHED, "a"),
    )
    assert status(*entries, cells=cells, glances={"a": RIGHT}, is_running=True).left_s is None


def test_failed_cells_tell_the_time_only_where_none_went_well() -> None:
    cells = tuple(map(planned, "abc"))
    entries = (
        at(0, Event.OPENED),
        at(0, Event.CELL_STARTED, "a"),
        at(2, Event.CELL_FINISHED, "a"),
        at(2, Event.CELL_STARTED, "b"),
        at(12, Event.CELL_FINISHED, "b"),
    )
    only_failed = status(*entries, cells=cells, glances={"a": OOM}, is_running=True)
    assert only_failed.left_s == 2 + 2
    both = status(*entries, cells=cells, glances={"a": OOM, "b": RIGHT}, is_running=True)
    assert both.left_s == 10


def test_a_gradient_does_not_tell_how_long_it_takes() -> None:
    record = replace(make_gradient_campaign(), cells=(planned("a"), planned("b")))
    found = campaign_status(
        Path("/x"),
        record,
        JournalContent(
            entries=(
                at(0, Event.OPENED),
                at(0, Event.CELL_STARTED, "a"),
                at(3, Event.CELL_FINISHED, "a"),
            ),
            torn_lines=0,
        ),
        {"a": RIGHT},
        now=BEGIN,
        is_running=True,
        is_sealed=False,
        live=None,
    )
    assert found.is_open
    assert found.left_s is None


def test_what_another_process_wrote_of_the_moment_is_not_believed() -> None:
    live = LiveStatus(pid=1, updated_at=BEGIN)
    assert status(at(0, Event.OPENED), is_running=True, live=live).live is None
    live = replace(live, pid=77)
    assert status(at(0, Event.OPENED), is_running=True, live=live).live == live
    assert status(at(0, Event.OPENED), live=live).live is None
