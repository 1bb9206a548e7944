"""What can run on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.engines import ENGINES, ServiceChoice, check_engine, engines_of
from basetype_benchmark.infrastructure.availability import Availability
from basetype_benchmark.infrastructure.host import HostFacts, read_host_facts


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The machine, every engine, and the scenarios that follow from them."""

    host: HostFacts
    engines: tuple[Availability, ...]
    scenarios: tuple[str, ...]
    missing_scenarios: tuple[str, ...]


def examine(choice: ServiceChoice, settings: Settings) -> Diagnosis:
    """Look at everything; starts no server, asks external ones."""
    engines = {engine.id: check_engine(engine, choice) for engine in ENGINES.values()}
    can_run = {
        scenario.id: all(engines[e.id].why_not is None for e in engines_of(scenario))
        for scenario in SCENARIOS.values()
    }
    return Diagnosis(
        host=read_host_facts(settings.home),
        engines=tuple(engines.values()),
        scenarios=tuple(name for name, can in can_run.items() if can),
        missing_scenarios=tuple(name for name, can in can_run.items() if not can),
    )
