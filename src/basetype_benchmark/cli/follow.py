"""Follows a campaign that another process runs, until it ends or the user has seen enough."""

from __future__ import annotations

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Group
from rich.live import Live
from rich.text import Text

from basetype_benchmark.cli.formatters import human_console, print_note
from basetype_benchmark.cli.status_view import (
    describe_cell,
    draw_campaign,
    draw_last_cells,
    format_took,
)
from basetype_benchmark.workflows.campaigns.status import CampaignStatus, CellState, State
from basetype_benchmark.workflows.campaigns.status_reader import StatusReader

LOOK_INTERVAL_S = 0.5
QUIT_KEYS = frozenset(b"qQ\x04")  # the last is Ctrl-D
_OTHER_LINES = 11
"""What of a terminal's height is not for the cells finished last, at most."""

WaitForKey = Callable[[float], bool]
"""Waits so many seconds; True at once where the user wants no more."""


def follow_on_terminal(reader: StatusReader, status: CampaignStatus) -> CampaignStatus:
    """Draw the campaign again and again; gives its last state, running still if the user has left.

    He leaves by Ctrl-C, or q.
    """
    console = human_console()
    with (
        suppress(KeyboardInterrupt),
        _keys_unseen() as wants_to_leave,
        Live(console=console, auto_refresh=False, transient=True) as live,
    ):
        while status.state is State.RUNNING:
            picture = Group(
                *draw_last_cells(status.cells, most=console.height - _OTHER_LINES),
                draw_campaign(status, width=console.width),
                Text("q or Ctrl-C: leave; the campaign goes on", style="dim"),
            )
            live.update(picture, refresh=True)
            if wants_to_leave(LOOK_INTERVAL_S):
                break
            status = reader.read()
    return status


def follow_in_lines(
    reader: StatusReader,
    status: CampaignStatus,
    *,
    say: Callable[[str], None] = print_note,
    sleep: Callable[[float], None] = time.sleep,
) -> CampaignStatus:
    """Say a line whenever a cell begins or ends; gives the last state as `follow_on_terminal`."""
    said: dict[str, CellState] = {}
    with suppress(KeyboardInterrupt):
        while True:
            for cell in status.cells:
                if cell.state not in (CellState.LEFT, said.get(cell.cell)):
                    said[cell.cell] = cell.state
                    took = "" if cell.took_s is None else f" in {format_took(cell)}"
                    say(f"{cell.cell}: {describe_cell(cell).plain}{took}")
            if status.state is not State.RUNNING:
                break
            sleep(LOOK_INTERVAL_S)
            status = reader.read()
    return status


@contextmanager
def _keys_unseen() -> Iterator[WaitForKey]:
    """Read single keys in the context, so that they neither wait for Enter nor spoil the picture.

    Where standard input is no terminal of ours to change, keys stay what they are.
    """
    descriptor = sys.stdin.fileno()
    if not os.isatty(descriptor) or os.tcgetpgrp(descriptor) != os.getpgrp():
        yield _sleep
        return
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    try:
        yield lambda seconds: _wait_for_key(descriptor, seconds)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _wait_for_key(descriptor: int, seconds: float) -> bool:
    if not select.select([descriptor], [], [], seconds)[0]:
        return False
    keys = os.read(descriptor, 64)
    return not keys or not QUIT_KEYS.isdisjoint(keys)  # no keys: the terminal is closed


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False
