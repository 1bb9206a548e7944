"""All invariants, in the order in which they are told."""

from __future__ import annotations

from basetype_benchmark.dataset.invariants.composition import ONE_OWNER, PARTS_NEST
from basetype_benchmark.dataset.invariants.counters import COUNTERS_AGREE, COUNTERS_NEVER_FALL
from basetype_benchmark.dataset.invariants.faults import FAULTS_PLANTED
from basetype_benchmark.dataset.invariants.floating import FLOATING_LEAVE, FLOATING_VARY
from basetype_benchmark.dataset.invariants.flows import FEEDS_ACYCLIC, FEEDS_SHORT
from basetype_benchmark.dataset.invariants.ghosts import GHOST_SHARE, GHOSTS_LOCATED
from basetype_benchmark.dataset.invariants.invariant import Invariant
from basetype_benchmark.dataset.invariants.metering import (
    METERS_MEASURE,
    METERS_REPORT,
    POWER_AGREES,
    TREE_BALANCES,
)
from basetype_benchmark.dataset.invariants.people import BADGES_FOLLOW, PEOPLE_COME
from basetype_benchmark.dataset.invariants.reporting import (
    FIRST_SAMPLE,
    GAP_RATE,
    NEIGHBOURS_DIFFER,
    ON_TIME,
    SILENCES,
)
from basetype_benchmark.dataset.invariants.rooms import CO2_FOLLOWS_PEOPLE, SETPOINT_HELD
from basetype_benchmark.dataset.invariants.sensors import (
    BIASED_DEVIATE,
    DRIFTING_DRIFT,
    SENSORS_AGREE,
)
from basetype_benchmark.dataset.invariants.tenancy import TENANT_METERS
from basetype_benchmark.dataset.invariants.times import TIMES_RISE
from basetype_benchmark.dataset.invariants.values import BOUNDS, RESOLUTION

INVARIANTS: tuple[Invariant, ...] = (
    FEEDS_ACYCLIC,
    FEEDS_SHORT,
    PARTS_NEST,
    ONE_OWNER,
    TENANT_METERS,
    GHOSTS_LOCATED,
    GHOST_SHARE,
    FAULTS_PLANTED,
    TIMES_RISE,
    FIRST_SAMPLE,
    ON_TIME,
    NEIGHBOURS_DIFFER,
    SILENCES,
    GAP_RATE,
    RESOLUTION,
    BOUNDS,
    METERS_REPORT,
    METERS_MEASURE,
    TREE_BALANCES,
    COUNTERS_AGREE,
    COUNTERS_NEVER_FALL,
    POWER_AGREES,
    PEOPLE_COME,
    BADGES_FOLLOW,
    CO2_FOLLOWS_PEOPLE,
    SETPOINT_HELD,
    SENSORS_AGREE,
    BIASED_DEVIATE,
    DRIFTING_DRIFT,
    FLOATING_LEAVE,
    FLOATING_VARY,
)
"""Graph first, then form, then physics: what is broken first explains what is broken later."""
