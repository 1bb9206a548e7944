"""The state of a campaign, worked out from what stands in its folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord, PlannedCell
from basetype_benchmark.benchmark.journal import Event, JournalContent, JournalEntry
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.workflows.campaigns.live_status import LiveStatus


class State(StrEnum):
    """How a campaign stands."""

    RUNNING = "running"
    PAUSED = "paused"  # the disk was nearly full
    STOPPED = "stopped"  # the user wanted so
    FAILED = "failed"  # by an error that no cell could do better with
    INTERRUPTED = "interrupted"  # its process was killed, or the machine went down
    COMPLETE = "complete"
    PLANNED = "planned"  # nothing was done yet


class CellState(StrEnum):
    """How a cell of the plan stands."""

    LEFT = "left"
    RUNNING = "running"
    DONE = "done"  # completed, and every answer was right
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class CellGlance:
    """What of a cell's result is looked at: `failure` in words, None where all is right."""

    fingerprint: str
    outcome: CellOutcome
    elapsed_ns: int
    failure: str | None


@dataclass(frozen=True, kw_only=True)
class CellStatus:
    """One cell of the plan. `took_s` is the time from its begin to its written result."""

    cell: str
    profile: str
    scenario: str
    ram_bytes: int | None
    state: CellState
    outcome: CellOutcome | None = None
    failure: str | None = None
    took_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class CampaignStatus:
    """A campaign at one moment.

    `pid` is the process that runs it, where that is known. `spent_s` adds up the times in which a
    process had it. `reason` says why it failed or was paused. With `is_open`, more cells are
    planned as results come: a gradient. `size_bytes` is None where nobody asked.
    """

    campaign: str
    folder: Path
    state: State
    pid: int | None
    mode: Mode
    profiles: tuple[str, ...]
    created_at: datetime
    spent_s: float
    is_open: bool
    reason: str | None
    cells: tuple[CellStatus, ...]
    live: LiveStatus | None = None
    torn_lines: int = 0
    size_bytes: int | None = None

    @property
    def done(self) -> int:
        """How many cells were completed with right answers only."""
        return self._count(CellState.DONE)

    @property
    def failed(self) -> int:
        """How many cells have a result that is a failure."""
        return self._count(CellState.FAILED)

    @property
    def left(self) -> int:
        """How many cells have no result, the one that runs included."""
        return len(self.cells) - self.done - self.failed

    @property
    def current(self) -> CellStatus | None:
        """The cell that runs."""
        return next((cell for cell in self.cells if cell.state is CellState.RUNNING), None)

    @property
    def cell_left_s(self) -> float | None:
        """How long the cell that runs still takes, about; None where that cannot be told.

        By the rate of its queries once these are executed; before that, by the mean of the finished
        cells of like kind.
        """
        current, live = self.current, self.live
        if current is None or live is None or live.cell != current.cell:
            return None
        if live.query is not None and live.task is not None:
            return live.task.left_s
        expected_s = Expectations(self.cells).of(current)
        if expected_s is None or live.cell_elapsed_s is None:
            return None
        return max(expected_s - live.cell_elapsed_s, 0)

    @property
    def left_s(self) -> float | None:
        """How long the campaign still takes, about.

        None where a gradient decides as it goes, or no cell of like kind is finished.
        """
        if self.is_open or self.state is not State.RUNNING:
            return None
        expectations = Expectations(self.cells)
        waiting = [expectations.of(c) for c in self.cells if c.state is CellState.LEFT]
        parts = waiting if self.current is None else [*waiting, self.cell_left_s]
        return None if None in parts else sum(part for part in parts if part is not None)

    def _count(self, state: CellState) -> int:
        return sum(cell.state is state for cell in self.cells)


def campaign_status(
    folder: Path,
    record: CampaignRecord,
    journal: JournalContent,
    glances: Mapping[str, CellGlance],
    *,
    now: datetime,
    is_running: bool,
    is_sealed: bool,
    live: LiveStatus | None,
) -> CampaignStatus:
    """Work out the state of a campaign; `is_running` is what its lock says.

    It is complete when it `is_sealed` with the digests of its files: a process may have been killed
    between the last line of its journal and that.

    A result counts when it has the fingerprint that the plan asks for. `live` is left out where the
    process that wrote it is not the one that runs.
    """
    entries = journal.entries
    pid = entries[-1].pid if entries and is_running else None
    live = live if live is not None and live.pid == pid else None
    took_s = dict(_spans(entries))
    cells = [_cell_status(planned, glances.get(planned.cell), took_s) for planned in record.cells]
    running = None if not is_running else _running_cell(entries)
    is_open = record.gradient is not None
    is_whole = is_sealed and (is_open or all(cell.state is not CellState.LEFT for cell in cells))
    return CampaignStatus(
        campaign=folder.name,
        folder=folder,
        state=_state(entries, is_running=is_running, is_whole=is_whole),
        pid=pid,
        mode=record.mode,
        profiles=tuple(profile.profile for profile in record.profiles),
        created_at=record.created_at,
        spent_s=_spent_s(entries, now if is_running else None),
        is_open=is_open,
        reason=None if is_running or not entries else entries[-1].detail,
        cells=tuple(
            replace(cell, state=CellState.RUNNING)
            if cell.cell == running and cell.state is CellState.LEFT
            else cell
            for cell in cells
        ),
        live=live,
        torn_lines=journal.torn_lines,
    )


_Kind = tuple[str, str | None, CellState]
"""Profile, scenario (None: whatever it is), and how it ended."""


class Expectations:
    """How long cells take: the mean of what finished ones of like kind took.

    Of like kind are those of the same scenario on the same profile, else those of the profile:
    what another profile takes says nothing. Failed cells end early, and count only where no other
    of the kind is finished.
    """

    def __init__(self, cells: Iterable[CellStatus]) -> None:
        times = defaultdict[_Kind, list[float]](list)
        for cell in cells:
            if cell.took_s is not None:
                times[cell.profile, cell.scenario, cell.state].append(cell.took_s)
                times[cell.profile, None, cell.state].append(cell.took_s)
        self._means = {kind: sum(taken) / len(taken) for kind, taken in times.items()}

    def of(self, cell: CellStatus) -> float | None:
        """Give the seconds that a cell may take; None where none of its kind is finished."""
        for scenario in (cell.scenario, None):
            for state in (CellState.DONE, CellState.FAILED):
                mean_s = self._means.get((cell.profile, scenario, state))
                if mean_s is not None:
                    return mean_s
        return None


_ENDS = {
    Event.PAUSED: State.PAUSED,
    Event.STOPPED: State.STOPPED,
    Event.FAILED: State.FAILED,
    Event.COMPLETED: State.COMPLETE,
}


def _state(entries: Sequence[JournalEntry], *, is_running: bool, is_whole: bool) -> State:
    if is_running:
        return State.RUNNING
    if not entries:
        return State.PLANNED
    state = _ENDS.get(entries[-1].event, State.INTERRUPTED)
    return State.INTERRUPTED if state is State.COMPLETE and not is_whole else state


def _cell_status(
    planned: PlannedCell, glance: CellGlance | None, took_s: Mapping[str, float]
) -> CellStatus:
    status = CellStatus(
        cell=planned.cell,
        profile=planned.profile,
        scenario=planned.scenario,
        ram_bytes=planned.ram_bytes,
        state=CellState.LEFT,
    )
    if glance is None or glance.fingerprint != planned.fingerprint:
        return status
    return replace(
        status,
        state=CellState.DONE if glance.failure is None else CellState.FAILED,
        outcome=glance.outcome,
        failure=glance.failure,
        took_s=took_s.get(planned.cell, glance.elapsed_ns / 1e9),
    )


def _running_cell(entries: Sequence[JournalEntry]) -> str | None:
    """Name the cell that was begun last, unless it has ended."""
    for entry in reversed(entries):
        if entry.event is Event.CELL_STARTED:
            return entry.cell
        if entry.event in (Event.CELL_FINISHED, Event.OPENED):
            return None
    return None


def _spans(entries: Iterable[JournalEntry]) -> Iterator[tuple[str, float]]:
    """Give the seconds from begin to end of each finished cell; later ones come later.

    A clock that was set back between the two tells nothing.
    """
    began: dict[str, datetime] = {}
    for entry in entries:
        if entry.cell is None:
            continue
        if entry.event is Event.CELL_STARTED:
            began[entry.cell] = entry.at
        elif entry.event is Event.CELL_FINISHED and entry.cell in began:
            took_s = (entry.at - began.pop(entry.cell)).total_seconds()
            if took_s > 0:
                yield entry.cell, took_s


def _spent_s(entries: Sequence[JournalEntry], now: datetime | None) -> float:
    """Add up the seconds between the first and the last word of each process, or `now`."""
    total_s, began = 0.0, None
    for index, entry in enumerate(entries):
        if entry.event is Event.OPENED or began is None:
            began = entry.at
        is_last = index + 1 == len(entries)
        if is_last or entries[index + 1].event is Event.OPENED:
            end = now if is_last and now is not None else entry.at
            total_s += max((end - began).total_seconds(), 0)
    return total_s
