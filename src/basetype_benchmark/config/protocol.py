"""How a measurement is made: warm-up, runs, variants and deadlines, by scale."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """Counts per query and scenario, and the deadline of one execution."""

    warmup: int
    """Executions of each variant before any is measured."""
    runs: int
    """Measured executions of each variant."""
    variants: int
    """Sets of parameters of each query."""
    timeout_s: float = 60.0
    """Deadline of one execution."""


_BY_SCALE = {
    "tiny": Protocol(warmup=1, runs=3, variants=2),
    "small": Protocol(warmup=3, runs=10, variants=3),
}


def protocol_for(scale_name: str) -> Protocol:
    """Give the protocol of a scale; a scale of the user's own is measured like `small`."""
    return _BY_SCALE.get(scale_name, _BY_SCALE["small"])
