"""What this machine lets us limit and measure, found by trying it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.cgroups.local_limits import LimitSupport, find_limit_support
from basetype_benchmark.infrastructure.docker.daemon import (
    DaemonFacts,
    connect_daemon,
    read_facts,
    why_no_limit,
)
from basetype_benchmark.infrastructure.meters.rapl import open_energy_meter

PRESSURE_FILE = Path("/proc/pressure/memory")


@dataclass(frozen=True, kw_only=True)
class DaemonState:
    """The Docker daemon: either `facts`, or `why_not` there is none for us.

    `why_no_limit` says why it cannot limit memory; None: it can, or there is none.
    """

    facts: DaemonFacts | None = None
    why_not: str | None = None
    why_no_limit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """What can be limited and measured here.

    `has_memory_pressure`: the kernel tells how long processes waited for memory (PSI).
    `has_energy`: the processor packages tell what they took (RAPL), to this user.
    """

    local_limits: LimitSupport
    docker: DaemonState
    has_memory_pressure: bool
    has_energy: bool


def find_abilities() -> Abilities:
    """Try each; what is made for that is removed again."""
    return Abilities(
        local_limits=find_limit_support(),
        docker=find_daemon_state(),
        has_memory_pressure=_can_read(PRESSURE_FILE),
        has_energy=_has_energy(),
    )


def find_daemon_state() -> DaemonState:
    """Ask the daemon what it is, and whether it can limit memory."""
    try:
        client = connect_daemon()
        try:
            facts = read_facts(client)
        finally:
            client.close()
    except ServiceUnavailable as error:
        return DaemonState(why_not=str(error))
    return DaemonState(facts=facts, why_no_limit=why_no_limit(facts))


def _has_energy() -> bool:
    meter = open_energy_meter()
    try:
        return meter.read_uj() is not None
    finally:
        meter.close()


def _can_read(file: Path) -> bool:
    """Whether it can be read, and not only be opened: a kernel with PSI switched off refuses."""
    try:
        file.read_bytes()
    except OSError:
        return False
    return True
