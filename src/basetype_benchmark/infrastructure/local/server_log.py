"""What a server's log says about its end."""

from __future__ import annotations

import re
from pathlib import Path

TAIL_BYTES = 64 * 1024
# A server that gives up often says so before its very last line ("... is shut down").
COMPLAINT = re.compile(r"\b(FATAL|PANIC|ERROR|Error|error)\b")
# Further back a complaint is of some other matter, for instance of a statement.
LAST_LINES = 5
# PostgreSQL's answers to our own asking whether it is ready.
ECHO = re.compile(r"the database system is (starting up|not yet accepting connections)")
LONGEST_LINE = 300


def failure_line(log_file: Path) -> str | None:
    """Give the line near the end that tells of an error, else the last; None for an empty log."""
    return failure_line_in(_tail(log_file))


def failure_line_in(text: str) -> str | None:
    """Give the same of the end of a log."""
    stripped = (line.strip() for line in text.splitlines())
    lines = [line for line in stripped if line and not ECHO.search(line)]
    if not lines:
        return None
    complaints = [line for line in lines[-LAST_LINES:] if COMPLAINT.search(line)]
    return (complaints or lines)[-1][:LONGEST_LINE]


def _tail(log_file: Path) -> str:
    try:
        with log_file.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(0, size - TAIL_BYTES))
            return log.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
