"""What can run on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.engines import ENGINES, engines_of
from basetype_benchmark.infrastructure.availability import Availability
from basetype_benchmark.infrastructure.host import HostFacts, read_host_facts
from basetype_benchmark.workflows.abilities import Abilities, find_abilities
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.profiles import load_profiles


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The machine with its abilities, every engine, the scenarios that follow, the user's files.

    `needed_by` are the scenarios of an engine, by its id.
    """

    host: HostFacts
    abilities: Abilities
    engines: tuple[Availability, ...]
    needed_by: Mapping[str, tuple[str, ...]]
    scenarios: tuple[str, ...]
    missing_scenarios: tuple[str, ...]
    profile_mistakes: tuple[str, ...]


def examine(choice: ServiceChoice, settings: Settings) -> Diagnosis:
    """Look at everything; starts no server, asks external ones."""
    engines = {engine.id: choice.availability(engine) for engine in ENGINES.values()}
    can_run = {
        scenario.id: all(engines[e.id].why_not is None for e in engines_of(scenario))
        for scenario in SCENARIOS.values()
    }
    return Diagnosis(
        host=read_host_facts(settings.home),
        abilities=find_abilities(),
        engines=tuple(engines.values()),
        needed_by={engine: _scenarios_with(engine) for engine in engines},
        scenarios=tuple(name for name, can in can_run.items() if can),
        missing_scenarios=tuple(name for name, can in can_run.items() if not can),
        profile_mistakes=load_profiles(settings).mistakes,
    )


def _scenarios_with(engine_id: str) -> tuple[str, ...]:
    return tuple(
        scenario.id
        for scenario in SCENARIOS.values()
        if engine_id in (engine.id for engine in engines_of(scenario))
    )
