from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console, Group, RenderableType

from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.cli.status_view import draw_campaign, draw_last_cells, draw_live
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.units import GIB, MIB
from basetype_benchmark.workflows.campaigns.live_status import (
    LiveStatus,
    MemoryStatus,
    TaskStatus,
)
from basetype_benchmark.workflows.campaigns.status import (
    CampaignStatus,
    CellState,
    CellStatus,
    State,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def cell(name: str, state: CellState, failure: str | None = None) -> CellStatus:
    is_finished = state in (CellState.DONE, CellState.FAILED)
    return CellStatus(
        cell=f"tiny-2d.{name}.1g.r1",
        profile="tiny-2d",
        scenario=name,
        ram_bytes=GIB,
        state=state,
        outcome=CellOutcome.COMPLETED if is_finished else None,
        failure=failure,
        took_s=61.0 if is_finished else None,
    )


LIVE = LiveStatus(
    pid=7,
    updated_at=NOW,
    cell="tiny-2d.O2.1g.r1",
    cell_elapsed_s=12.2,
    phase="measure",
    task=TaskStatus(name="queries", unit="executions", done=250, total=1000, elapsed_s=10),
    query="Q7",
    memory=(
        MemoryStatus(
            source="oxigraph",
            memory_bytes=384 * MIB,
            anonymous_bytes=256 * MIB,
            limit_bytes=512 * MIB,
        ),
        MemoryStatus(
            source="postgresql", memory_bytes=70 * MIB, anonymous_bytes=None, limit_bytes=None
        ),
        MemoryStatus(source="host", memory_bytes=None, anonymous_bytes=None, limit_bytes=None),
    ),
)
STATUS = CampaignStatus(
    campaign="20260102-030405-tiny-2d",
    folder=Path("/home/results/20260102-030405-tiny-2d"),
    state=State.RUNNING,
    pid=7,
    mode=Mode.QUICK,
    profiles=("tiny-2d",),
    created_at=NOW,
    spent_s=185.4,
    is_open=False,
    reason=None,
    cells=(
        cell("P1", CellState.DONE),
        cell("P2", CellState.FAILED, "oom Q12 +1"),
        cell("O1", CellState.FAILED, "oom Q3"),
        cell("F1", CellState.FAILED, "refused load"),
        cell("O2", CellState.RUNNING),
        cell("F2", CellState.LEFT),
    ),
    live=LIVE,
)


def draw(*parts: RenderableType, width: int = 80) -> list[str]:
    console = Console(file=StringIO(), width=width, force_terminal=True, color_system=None)
    console.print(Group(*parts))
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert all(len(line) <= width for line in lines)
    return [line.rstrip() for line in lines]


def test_a_campaign_is_drawn_in_80_columns() -> None:
    assert draw(draw_campaign(STATUS, width=80)) == [
        "20260102-030405-tiny-2d · quick ─────────────────────────── running · 3 min 05 s",
        "cells    ━━━━━━━━━━━━━━━━─────────  4 of 6, about 1 min 31 s left",
        "results  ✓ 1 done   ✗ 2 oom   ✗ 1 refused load   · 2 left",
        "cell     tiny-2d.O2.1g.r1  12 s, about 30 s left",
        "measure  ━━━━━━───────────────────  Q7   250 of 1 000 executions, 25/s",
        "memory   oxigraph    ██████▒▒▒▒···  384 MiB of 512 MiB, 75% (▒ files)",
        "         postgresql  70 MiB, no limit",
        "         host        cannot be read",
    ]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 200])
def test_every_line_fits_any_terminal(width: int) -> None:
    lines = draw(
        draw_campaign(STATUS, width=width), *draw_last_cells(STATUS.cells, most=9), width=width
    )
    assert len(lines) == 8 + 4


def test_a_campaign_that_has_ended_has_neither_cell_nor_time_left() -> None:
    ended = replace(STATUS, state=State.COMPLETE, cells=STATUS.cells[:4], live=None)
    lines = draw(draw_campaign(ended, width=80))
    assert len(lines) == 3
    assert not any("left" in line for line in lines)


def test_a_gradient_has_so_many_cells_so_far() -> None:
    lines = draw(draw_campaign(replace(STATUS, is_open=True), width=80))
    assert lines[1].endswith("4 of 6 so far")


def test_a_load_is_drawn_with_what_is_loaded() -> None:
    task = TaskStatus(name="series", unit="rows", done=500_000, total=1e6, elapsed_s=4)
    loading = replace(LIVE, phase="load", task=task, query=None, memory=())
    assert draw(*draw_live(loading, width=80)) == [
        "series   ━━━━━━━━━━━━─────────────  500 000 of 1 000 000 rows, 125 000/s"
    ]
    task = replace(task, name="triples into Oxigraph", unit="triples", total=None)
    assert draw(*draw_live(replace(loading, task=task), width=80)) == [
        "load     triples into Oxigraph: 500 000 triples, 125 000/s"
    ]
    task = TaskStatus(name="pulling x", unit="bytes", done=3 * MIB, total=4 * MIB, elapsed_s=2)
    assert draw(*draw_live(replace(loading, task=task, phase=None), width=80)) == [
        "         ━━━━━━━━━━━━━━━━━━───────  pulling x: 3 MiB of 4 MiB, 1.5 MiB/s"
    ]


def test_a_phase_without_a_task_is_named() -> None:
    counting = replace(LIVE, phase="count", task=None, query=None, memory=())
    assert draw(*draw_live(counting, width=80)) == ["count"]
    nothing_to_do = TaskStatus(name="queries", unit="executions", done=0, total=0, elapsed_s=1)
    assert draw(*draw_live(replace(counting, task=nothing_to_do), width=80)) == ["count"]
    assert draw(*draw_live(replace(counting, phase=None), width=80)) == ["starting the servers"]
    assert draw_live(replace(counting, cell=None, phase=None), width=80) == []


def test_a_server_beyond_its_limit_fills_its_bar_and_no_more() -> None:
    memory = MemoryStatus(
        source="falkordb",
        memory_bytes=600 * MIB,
        anonymous_bytes=550 * MIB,
        limit_bytes=512 * MIB,
    )
    [line] = draw(*draw_live(replace(LIVE, cell=None, task=None, memory=(memory,)), width=80))
    assert line == "memory   falkordb  ███████████████  600 MiB of 512 MiB, 117%"


def test_the_cells_finished_last_are_drawn() -> None:
    assert draw(*draw_last_cells(STATUS.cells, most=2)) == [
        "tiny-2d.O1.1g.r1    1 min 01 s  ✗ oom Q3",
        "tiny-2d.F1.1g.r1    1 min 01 s  ✗ refused load",
    ]
    assert draw_last_cells(STATUS.cells, most=-3) == []
