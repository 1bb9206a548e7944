"""Imported once by the process that workers are forked from, so that none begins from nothing.

What is imported and compiled there is there in every worker.
"""

from __future__ import annotations

import gc

import numpy as np

from basetype_benchmark.dataset.generation import tasks
from basetype_benchmark.dataset.simulation.arrays import STEPS
from basetype_benchmark.dataset.simulation.assembly import Samples, in_order
from basetype_benchmark.dataset.simulation.change_of_value import Reports, report
from basetype_benchmark.dataset.simulation.zones import Drive, Envelope, simulate_air

__all__ = ["load_compiled_code", "tasks"]


def load_compiled_code() -> None:
    """Run every compiled loop over nothing: machine code is made, or read, at a first call."""
    none, counts = np.zeros(0), np.zeros(0, dtype=np.int64)
    reports = Reports(
        interval_ms=1,
        phase_ms=counts,
        resolution=none,
        deadband=none,
        heartbeat_ms=counts,
        lost_from_ms=counts,
        lost_to_ms=counts,
    )
    stored = report(np.zeros((0, 1), dtype=np.float32), reports, jitter_key=0)
    samples = Samples(
        point=counts, counts=stored.counts, time_ms=stored.time_ms, value=stored.value
    )
    in_order([samples], points=0, midnight_ms=0)
    simulate_air(_no_envelope(), _no_drive(), (none, none, none))


def _no_envelope() -> Envelope:
    none = np.zeros(0)
    return Envelope(
        heat_capacity_j_k=none,
        loss_w_k=none,
        volume_m3=none,
        fresh_air_m3_s=none,
        heating_w=none,
        cooling_w=none,
        walls=np.zeros((0, 2), dtype=np.int64),
        wall_w_k=none,
    )


def _no_drive() -> Drive:
    outdoors, indoors = np.zeros(STEPS), np.zeros((STEPS, 0))
    return Drive(
        outdoor_c=outdoors,
        outdoor_moisture=outdoors,
        people=indoors,
        gains_w=indoors,
        on=indoors,
        heating_setpoint_c=indoors,
        cooling_setpoint_c=indoors,
    )


load_compiled_code()
gc.freeze()  # the collector of a worker need not go through all this, nor touch the shared pages
