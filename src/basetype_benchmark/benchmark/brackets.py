"""What the levels that were tried say of the least viable RAM: one rule for all who tell it."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.benchmark.gradient import Bracket, Contradiction, Observation

History = Sequence[Observation]
"""Levels tried, in the order in which they were."""


def find_bracket(history: History) -> Bracket:
    """Give the highest level that failed, and the lowest above it that passed."""
    failed_at = max((o.ram_bytes for o in history if not o.is_viable), default=None)
    passed = [o.ram_bytes for o in history if o.is_viable and o.ram_bytes > (failed_at or 0)]
    return Bracket(failed_at=failed_at, passed_at=min(passed, default=None))


def find_contradictions(history: History) -> tuple[Contradiction, ...]:
    """Give every level that passed below one that failed, with the highest such."""
    failed_at = find_bracket(history).failed_at or 0
    passed = sorted(o.ram_bytes for o in history if o.is_viable and o.ram_bytes < failed_at)
    return tuple(Contradiction(passed_at=level, failed_at=failed_at) for level in passed)
