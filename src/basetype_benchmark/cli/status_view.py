"""How a campaign in progress looks: a few lines, for a terminal of 80 columns or more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import Group
from rich.text import Text

from basetype_benchmark.cli.formatters import NOT_MEASURED, format_count
from basetype_benchmark.units import format_bytes, format_duration
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

_NEARLY_FULL = 0.9
"""Above that share of what cannot be written back to files, a server is near its end."""

CELLS_TASK = "cells"
"""The task of a whole campaign, which has a line of its own here."""

_LABEL_WIDTH = 9
_WORDS_WIDTH = 46
"""What stands beside a bar, at most."""

_STATE_STYLES = {
    State.RUNNING: "green",
    State.COMPLETE: "green",
    State.FAILED: "red",
    State.INTERRUPTED: "red",
}
_CELL_MARKS = {
    CellState.DONE: ("✓", "green"),
    CellState.FAILED: ("✗", "red"),
    CellState.RUNNING: ("▸", "cyan"),
    CellState.LEFT: ("·", "dim"),
}
_NUMBERED_QUERIES = re.compile(r" Q\d+.*$")


def format_state(state: State) -> Text:
    """Colour the state of a campaign: green for well, red for not, yellow for what waits."""
    return Text(state.value, style=_STATE_STYLES.get(state, "yellow"))


def describe_cell(cell: CellStatus) -> Text:
    """Write how a cell stands, with a sign that does without colour."""
    mark, style = _CELL_MARKS[cell.state]
    outcome = None if cell.outcome is None else cell.outcome.value
    words = cell.failure or outcome or cell.state.value
    return Text.assemble((f"{mark} ", style), (words, style))


def draw_campaign(status: CampaignStatus, *, width: int) -> Group:
    """Draw a campaign with its cell, task, query and memory; each line fits `width`."""
    lines = [_title(status, width), _cells_line(status, width), _results_line(status)]
    if status.current is not None:
        lines.append(_cell_line(status, status.current))
    if status.live is not None:
        lines += draw_live(status.live, width=width)
    return Group(*map(_fit, lines))


def draw_live(live: LiveStatus, *, width: int) -> list[Text]:
    """Draw what goes on at this moment."""
    lines = []
    if live.task is not None and live.task.name != CELLS_TASK and live.task.total != 0:
        lines.append(_fit(_task_line(live, live.task, width)))
    elif live.cell is not None:
        lines.append(_label(live.phase or "starting the servers"))
    for index, memory in enumerate(live.memory):
        label = _label("memory" if index == 0 else "")
        lines.append(_fit(label.append_text(_memory(memory, width, _widest(live.memory)))))
    return lines


def draw_last_cells(cells: Iterable[CellStatus], *, most: int) -> list[Text]:
    """Draw the cells that were finished last, the last one at the end."""
    finished = [cell for cell in cells if cell.outcome is not None][-most:] if most > 0 else []
    widest = max((len(cell.cell) for cell in finished), default=0)
    return [
        _fit(Text.assemble(f"{cell.cell:{widest}}  {format_took(cell):>12}  ", describe_cell(cell)))
        for cell in finished
    ]


def format_seconds(elapsed_s: float) -> str:
    """Write a time that is still running: whole seconds, from 1 on."""
    return format_duration(max(round(elapsed_s), 1))


def format_took(cell: CellStatus) -> str:
    """Write how long a cell took; a dash where it is not finished."""
    return NOT_MEASURED if cell.took_s is None else format_duration(cell.took_s)


def _title(status: CampaignStatus, width: int) -> Text:
    left = Text.assemble((status.campaign, "bold"), f" · {status.mode}")
    right = Text.assemble(format_state(status.state), f" · {format_seconds(status.spent_s)}")
    gap = max(width - left.cell_len - right.cell_len - 2, 1)
    return Text.assemble(left, (f" {'─' * gap} ", "dim"), right)


def _cells_line(status: CampaignStatus, width: int) -> Text:
    finished, total = status.done + status.failed, len(status.cells)
    so_far = " so far" if status.is_open else ""
    line = _label("cells")
    line.append_text(_bar(finished, total, _bar_width(width)))
    line.append(f"  {finished} of {total}{so_far}{_left(status.left_s)}")
    return line


def _results_line(status: CampaignStatus) -> Text:
    line = _label("results")
    line.append(f"✓ {status.done} done", "green" if status.done else "dim")
    for words, count in _failures(status.cells):
        line.append(f"   ✗ {count} {words}", "red")
    if status.left:
        line.append(f"   · {status.left} left", "dim")
    return line


def _failures(cells: Iterable[CellStatus]) -> Iterator[tuple[str, int]]:
    """Count the failures by kind, whatever the query was."""
    found = Counter(
        _NUMBERED_QUERIES.sub("", cell.failure) for cell in cells if cell.failure is not None
    )
    yield from found.most_common()


def _cell_line(status: CampaignStatus, cell: CellStatus) -> Text:
    line = _label("cell").append(cell.cell, "bold")
    live = status.live
    if live is not None and live.cell_elapsed_s is not None:
        line.append(f"  {format_seconds(live.cell_elapsed_s)}")
    return line.append(_left(status.cell_left_s))


def _task_line(live: LiveStatus, task: TaskStatus, width: int) -> Text:
    name = task.name if live.query is None else live.phase or task.name
    label, more = (name, "") if len(name) < _LABEL_WIDTH else (live.phase or "", f"{name}: ")
    line = _label(label)
    if task.total is not None:
        line.append_text(_bar(task.done, task.total, _bar_width(width))).append("  ")
    line.append(more)
    if live.query is not None:
        line.append(f"{live.query:3}  ", "bold")
    line.append(_amount(task))
    return line


def _amount(task: TaskStatus) -> str:
    is_bytes, rate = task.unit == "bytes", task.rate_per_s
    done, total = (
        None if n is None else format_bytes(n) if is_bytes else format_count(round(n))
        for n in (task.done, task.total)
    )
    of_total = "" if total is None else f" of {total}"
    unit = "" if is_bytes else f" {task.unit}"
    return f"{done}{of_total}{unit}{'' if rate is None else f', {_rate(rate, is_bytes)}/s'}"


def _rate(rate: float, is_bytes: bool) -> str:
    if is_bytes:
        return format_bytes(rate)
    return format_count(round(rate)) if rate >= 9.95 else f"{rate:.2g}"


def _memory(memory: MemoryStatus, width: int, widest: int) -> Text:
    held, limit = memory.memory_bytes, memory.limit_bytes
    name = Text(f"{memory.source:{widest}}  ")
    if held is None:
        return name.append("cannot be read", "dim")
    if limit is None:
        return name.append(f"{format_bytes(held)}, no limit")
    cells = max(_bar_width(width) - widest - 2, 8)
    anonymous = min(memory.anonymous_bytes or 0, held)
    own, all_of_it = (min(round(cells * n / limit), cells) for n in (anonymous, held))
    name.append("█" * own, "red" if own / cells > _NEARLY_FULL else "cyan")
    name.append("▒" * (all_of_it - own), "cyan")
    name.append("·" * (cells - all_of_it), "dim")
    of_limit = f"{format_bytes(held)} of {format_bytes(limit)}, {held / limit:.0%}"
    return name.append(f"  {of_limit}{' (▒ files)' if all_of_it > own else ''}")


def _widest(memory: Iterable[MemoryStatus]) -> int:
    return max((len(m.source) for m in memory), default=0)


def _bar(done: float, total: float, width: int) -> Text:
    full = min(int(width * done / total), width) if total else 0
    return Text.assemble(("━" * full, "cyan"), ("─" * (width - full), "dim"))


def _bar_width(width: int) -> int:
    return max(min(width - _LABEL_WIDTH - _WORDS_WIDTH, 40), 10)


def _label(text: str) -> Text:
    return Text(f"{text:{_LABEL_WIDTH}}", style="")


def _left(left_s: float | None) -> str:
    return "" if left_s is None else f", about {format_seconds(left_s)} left"


def _fit(line: Text) -> Text:
    line.no_wrap, line.overflow = True, "ellipsis"
    return line
