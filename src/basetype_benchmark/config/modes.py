"""What a campaign is after."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How the cells of a campaign are chosen.

    `QUICK` is one profile and every scenario once, at one RAM level or without a limit. `SELECT`
    is what the user chose of scales, durations, scenarios and levels. `FULL` is every profile that
    can be cut out of the dataset, on every scenario, at every level. `GRADIENT` goes up the levels
    of one profile until more RAM no longer helps.
    """

    QUICK = "quick"
    SELECT = "select"
    FULL = "full"
    GRADIENT = "gradient"
