"""Whether there is somebody at a terminal."""

from __future__ import annotations

import os
import sys

_CANNOT_MOVE = ("", "dumb", "unknown")


def can_ask() -> bool:
    """Whether a menu can be shown and answered: both ends are a terminal that can move a cursor."""
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return is_terminal and os.environ.get("TERM", "") not in _CANNOT_MOVE
