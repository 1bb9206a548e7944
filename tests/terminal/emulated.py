"""btb on a terminal: keys go in, and what stands on the screen comes out."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pexpect
import pyte

from basetype_benchmark.config.settings import HOME_VARIABLE
from basetype_benchmark.infrastructure.waiting import wait_until

BTB = [sys.executable, "-m", "basetype_benchmark"]
DOWN, UP, ENTER, ESC, SPACE, CTRL_C = "\x1b[B", "\x1b[A", "\r", "\x1b", " ", "\x03"
POINTER = "»"
INSTRUCTION = ", Esc: "
PATIENCE_S = 60.0
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class Terminal:
    """A terminal with a process on it; gives and takes what one would at the keys."""

    def __init__(self, process: "pexpect.spawn[bytes]", columns: int, rows: int) -> None:
        self._process = process
        self._screen = pyte.HistoryScreen(columns, rows, history=5_000)
        self._screen.write_process_input = process.send
        self._stream = pyte.ByteStream(self._screen)
        self.shown = ""
        """All that came, colours and all."""

    def press(self, *keys: str) -> None:
        """Send keys."""
        for key in keys:
            self._process.send(key)

    def wait_for(self, *texts: str, deadline_s: float = PATIENCE_S) -> str:
        """Wait until all these stand on the screen; gives it."""

        def why_not() -> str | None:
            self._read()
            missing = [text for text in texts if text not in self.screen]
            return f"missing {missing} on:\n{self.screen}" if missing else None

        wait_until("the screen", why_not, deadline_s=deadline_s)
        return self.screen

    def point_at(self, begin: str) -> None:
        """Press the arrow down until the pointer is at the line that begins so."""

        def why_not_there() -> str | None:
            self._read()
            is_there = any(_title(line).startswith(begin) for line in self.choices)
            return None if is_there else f"only:\n{self.screen}"

        wait_until(f"the line {begin!r}", why_not_there, deadline_s=PATIENCE_S)
        for _ in self.choices:
            if self.pointed.startswith(begin):
                return
            before = self.pointed
            self.press(DOWN)
            wait_until("a move", partial(self._why_still, before), deadline_s=PATIENCE_S)
        raise AssertionError(f"the pointer does not come to {begin!r} on:\n{self.screen}")

    def choose(self, begin: str) -> None:
        """Take the line that begins so."""
        self.point_at(begin)
        self.press(ENTER)

    def wait_for_end(self) -> int:
        """Wait until the process has ended; gives its exit code."""

        def why_not() -> str | None:
            self._read()
            return f"it runs, with:\n{self.screen}" if self._process.isalive() else None

        wait_until("the end", why_not, deadline_s=PATIENCE_S)
        assert self._process.exitstatus is not None, f"ended by {self._process.signalstatus}"
        return self._process.exitstatus

    @property
    def screen(self) -> str:
        """What stands there now."""
        return "\n".join(line.rstrip() for line in self._screen.display).strip()

    @property
    def choices(self) -> list[str]:
        """The lines below the question."""
        lines = self.screen.splitlines()
        questions = [index for index, line in enumerate(lines) if INSTRUCTION in line]
        return lines[questions[-1] + 1 :] if questions else []

    @property
    def pointed(self) -> str:
        """The title of the line with the pointer."""
        lines = [line for line in self.choices if line.lstrip().startswith(POINTER)]
        return _title(lines[-1]) if lines else ""

    def _why_still(self, before: str) -> str | None:
        self._read()
        return f"still at {before!r}" if self.pointed == before else None

    def _read(self) -> None:
        try:
            while True:
                came = self._process.read_nonblocking(1 << 16, timeout=0)
                self.shown += came.decode(errors="replace")
                self._stream.feed(came)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return


def _title(line: str) -> str:
    """A line without the pointer and the sign of a mark."""
    return line.lstrip(f" {POINTER}●○")


@contextmanager
def open_terminal(
    home: Path,
    *arguments: str,
    columns: int = 80,
    rows: int = 24,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Terminal]:
    """Run btb with a home on a terminal; what still runs in the end is killed."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = pexpect.spawn(
        BTB[0],
        [*BTB[1:], *arguments],
        env={
            **kept,
            **{n: v for n, v in os.environ.items() if n.startswith(("COVERAGE", "COV_"))},
            "TERM": "xterm-256color",
            HOME_VARIABLE: str(home),
            **(environment or {}),
        },
        dimensions=(rows, columns),
    )
    process.delaybeforesend = None
    try:
        yield Terminal(process, columns, rows)
    finally:
        process.close(force=True)
