"""A program on a terminal of 80 columns and 24 lines, and what a user would see on it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte

from basetype_benchmark.infrastructure.waiting import wait_until

COLUMNS, LINES = 80, 24
PATIENCE_S = 30.0


class EmulatedTerminal:
    """Draws what the program writes, in a thread of its own; keys are sent by `press`.

    Nobody reading would stop the program as soon as the terminal's buffer is full.
    """

    def __init__(self, child: pexpect.spawn[bytes]) -> None:
        self.child = child
        self._lock = threading.Lock()
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return int(self.child.pid or 0)

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def lines(self) -> list[str]:
        """The lines on the screen that are not empty, as they are now."""
        with self._lock:
            return [line.rstrip() for line in self._screen.display if line.strip()]

    def wait_for(self, words: str) -> list[str]:
        """Wait until a line has these words; gives the screen."""
        shown: list[str] = []

        def why_not() -> str | None:
            shown[:] = self.lines()
            found = any(words in line for line in shown)
            return None if found else "on the screen is:\n" + "\n".join(shown)

        wait_until(repr(words), why_not, deadline_s=PATIENCE_S)
        return shown

    def wait_for_end(self) -> int:
        """Read to the end; gives the exit code, or the signal that ended it, negated."""
        self._reader.join(PATIENCE_S)
        assert not self._reader.is_alive(), "\n".join(
            ["it runs on; on the screen is:", *self.lines()]
        )
        self.child.wait()
        status = self.child.exitstatus
        return status if status is not None else -int(self.child.signalstatus or 0)

    def _read(self) -> None:
        while True:
            try:
                written = self.child.read_nonblocking(1 << 16, timeout=None)
            except pexpect.EOF:
                return
            with self._lock:
                self._stream.feed(written)


@contextmanager
def on_terminal(command: Sequence[str], *, cwd: Path) -> Iterator[EmulatedTerminal]:
    """Run a command on a terminal; what still runs at the end is killed."""
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
    child = pexpect.spawn(
        command[0],
        list(command[1:]),
        cwd=cwd,
        env={**kept, "TERM": "xterm-256color"},
        dimensions=(LINES, COLUMNS),
    )
    terminal = EmulatedTerminal(child)
    try:
        yield terminal
    finally:
        if child.isalive():
            child.kill(signal.SIGKILL)
        terminal.wait_for_end()
        child.close()
