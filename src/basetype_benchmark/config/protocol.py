"""How a measurement is made: warm-up, runs, variants and deadlines, by scale."""

from __future__ import annotations

from dataclasses import dataclass

TIMEOUT_S = 60.0
"""Deadline of one execution, up to medium."""

LONG_TIMEOUT_S = 300.0
"""Deadline of one execution from large on: of every scenario, not of the federated ones alone."""


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """Counts per query and scenario, and the deadline of one execution."""

    warmup: int
    """Executions of each variant before any is measured."""
    runs: int
    """Measured executions of each variant."""
    variants: int
    """Sets of parameters of each query."""
    timeout_s: float = TIMEOUT_S
    """Deadline of one execution."""


_BY_SCALE = {
    "tiny": Protocol(warmup=1, runs=3, variants=2),
    "small": Protocol(warmup=3, runs=10, variants=3),
    "medium": Protocol(warmup=3, runs=30, variants=5),
    "large": Protocol(warmup=3, runs=100, variants=10, timeout_s=LONG_TIMEOUT_S),
    "xlarge": Protocol(warmup=3, runs=100, variants=10, timeout_s=LONG_TIMEOUT_S),
}


def protocol_for(scale_name: str) -> Protocol:
    """Give the protocol of a scale that ships; `shipped_like` says which one stands for another.

    Raises:
        KeyError: no such scale ships.
    """
    return _BY_SCALE[scale_name]
