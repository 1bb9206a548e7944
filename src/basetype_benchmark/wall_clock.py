"""The clock of the wall, for when things happened; it may jump, so it never measures how long."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Read it."""
    return datetime.now(UTC)
