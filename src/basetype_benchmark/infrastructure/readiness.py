"""How long a server that we start may take, and what its memory says of it if it takes longer."""

from __future__ import annotations

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.units import format_bytes

READY_DEADLINE_S = 300.0
"""Replaying the log after a crash in the middle of a big load takes minutes."""
LIMITED_READY_DEADLINE_S = 60.0
"""One that has too little RAM can read its own pages again and again and never be ready."""
FULL = 0.95  # the kernel takes pages back in batches, so that less than all is held at times


def start_deadline_s(ram_bytes: int | None) -> float:
    """Say how long a server may take to be ready at its first start under a limit, or none."""
    return READY_DEADLINE_S if ram_bytes is None else LIMITED_READY_DEADLINE_S


def describe_memory(meter: Meter, ram_bytes: int | None) -> str:
    """Say that a server that is not ready has its memory full, as an end of a sentence."""
    held_bytes = meter.read().memory_bytes
    if ram_bytes is None or held_bytes is None or held_bytes < FULL * ram_bytes:
        return ""
    return f"; its memory is at its limit of {format_bytes(ram_bytes)}: give it more"
