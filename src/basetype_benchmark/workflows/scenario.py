"""One scenario opened: its servers running, its runner made, and what is loaded remembered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.benchmark.fingerprint import code_version
from basetype_benchmark.benchmark.results_io import write_atomically
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.engines import ServiceChoice, open_runner, open_services
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.runners.base import BenchmarkRunner

LOADED_FILE = "loaded.txt"


@dataclass(frozen=True, kw_only=True)
class RunningScenario:
    """Servers that run while the context is open, and the runner over them."""

    runner: BenchmarkRunner
    services: Mapping[str, Service]
    marker: Path

    def is_loaded(self) -> bool:
        """Whether our own servers hold this dataset, loaded and verified by this very code."""
        return self.marker.is_file() and self.marker.read_text(encoding="utf-8") == self._stamp()

    def remember_loaded(self) -> None:
        """Note that the stores hold the dataset; not for servers that others can write to."""
        if all(service.provider == "local" for service in self.services.values()):
            write_atomically(self.marker, self._stamp().encode())

    def forget_loaded(self) -> None:
        """Note that what the stores hold is not known any more."""
        self.marker.unlink(missing_ok=True)

    def _stamp(self) -> str:
        return f"{self.runner.dataset.fingerprint} {code_version().digest}\n"


@contextmanager
def open_scenario(
    scenario: Scenario,
    settings: Settings,
    dataset: Dataset,
    choice: ServiceChoice,
    timeout_s: float,
) -> Iterator[RunningScenario]:
    """Start the servers of a scenario; they stop when the context ends, whatever happens.

    Raises:
        HostError: a server did not start.
    """
    folder = settings.engines_dir / scenario.id
    with open_services(scenario, choice, folder, timeout_s) as services:
        yield RunningScenario(
            runner=open_runner(scenario, services, dataset, timeout_s),
            services=services,
            marker=folder / LOADED_FILE,
        )
