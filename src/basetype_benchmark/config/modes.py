"""What a campaign is after."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How the cells of a campaign are chosen."""

    QUICK = "quick"
    """One profile and every scenario once, at one RAM level or without a limit."""
    SELECT = "select"
    """What the user chose of scales, durations, scenarios and levels."""
    FULL = "full"
    """Every profile that can be cut out of the dataset, on every scenario, at every level."""
    GRADIENT = "gradient"
    """One profile, up the levels of each scenario until more RAM no longer helps."""
