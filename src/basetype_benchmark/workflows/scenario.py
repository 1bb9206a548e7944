"""One scenario opened: its servers running, its runner made, and what is loaded remembered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.benchmark.fingerprint import code_version
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.engines import engines_of, open_runner
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.workflows.placement import ServiceChoice, open_services

LOADED_FILE = "loaded.txt"


@dataclass(frozen=True, kw_only=True)
class RunningScenario:
    """Servers that run while the context is open, and the runner over them."""

    runner: BenchmarkRunner
    services: Mapping[str, Service]
    marker: Path

    def remember_loaded(self) -> None:
        """Note that the stores hold the dataset; not for servers that others can write to."""
        if all(service.is_ours for service in self.services.values()):
            write_atomically(self.marker, _stamp(self.runner.dataset).encode())

    def forget_loaded(self) -> None:
        """Note that what our own stores hold is not known any more."""
        if {service.is_ours for service in self.services.values()} != {False}:
            self.marker.unlink(missing_ok=True)


def may_hold(
    scenario: Scenario, settings: Settings, dataset: Dataset, choice: ServiceChoice
) -> bool:
    """Whether it is worth counting if the stores hold this dataset already.

    Of our own servers it is noted, with the code that loaded and verified it. Of servers that
    others can write to nothing is known: each time they must be asked.
    """
    if any(choice.url(engine) is not None for engine in engines_of(scenario)):
        return True
    marker = _marker(scenario, settings)
    return marker.is_file() and marker.read_text(encoding="utf-8") == _stamp(dataset)


@contextmanager
def open_scenario(
    scenario: Scenario,
    settings: Settings,
    dataset: Dataset,
    choice: ServiceChoice,
    timeout_s: float,
    *,
    fresh: bool = True,
    ram_bytes: Mapping[str, int] | None = None,
) -> Iterator[RunningScenario]:
    """Start the servers of a scenario; they stop when the context ends, whatever happens.

    Whoever loads needs `fresh`: our own servers start with new, empty stores, since what a used
    one takes and how fast it answers depends on what it held before. `ram_bytes` limits servers of
    our own, by engine id.

    Raises:
        HostError: a server did not start.
    """
    folder = settings.engines_dir / scenario.id
    with open_services(
        scenario, choice, folder, timeout_s, fresh=fresh, ram_bytes=ram_bytes
    ) as services:
        yield RunningScenario(
            runner=open_runner(scenario, services, dataset, timeout_s),
            services=services,
            marker=_marker(scenario, settings),
        )


def _marker(scenario: Scenario, settings: Settings) -> Path:
    return settings.engines_dir / scenario.id / LOADED_FILE


def _stamp(dataset: Dataset) -> str:
    return f"{dataset.fingerprint} {code_version().digest}\n"
