"""Looks what this machine can do: what is installed, and what can be limited."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.cli.menu.ground import Ground
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.engines import ENGINES, engines_of
from basetype_benchmark.errors import HostError, UsageError
from basetype_benchmark.workflows.limits import host_memory_bytes, require_limits
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.profiles import load_profiles


def survey_ground(settings: Settings) -> Ground:
    """Look; starts no server."""
    choice = ServiceChoice()
    reasons = {engine.id: choice.availability(engine).why_not for engine in ENGINES.values()}
    lacks = {
        scenario.id: next(filter(None, (reasons[e.id] for e in engines_of(scenario))), None)
        for scenario in SCENARIOS.values()
    }
    return Ground(
        lacks=lacks,
        why_no_limits=_why_no_limits(lacks, choice),
        host_bytes=host_memory_bytes(),
        scales=load_profiles(settings).scales,
    )


def _why_no_limits(lacks: Mapping[str, str | None], choice: ServiceChoice) -> str | None:
    able = [SCENARIOS[scenario] for scenario, lack in lacks.items() if lack is None]
    try:
        require_limits(able, choice)
    except (HostError, UsageError) as error:
        return str(error)
    return None
