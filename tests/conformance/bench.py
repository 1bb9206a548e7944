"""Servers of the engine table, each started when it is first asked for, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.engines import ENGINES, Engine, Services, engines_of, open_runner
from basetype_benchmark.infrastructure.service import ServerStart, Service
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.workflows.placement import (
    Provider,
    ServiceChoice,
    runnable_scenarios,
)
from tests.fakes import RecordingProgress

LOCAL = ServiceChoice(provider=Provider.LOCAL)
SCENARIOS_HERE = runnable_scenarios(LOCAL)
"""What the suite runs: the scenarios of the table whose engines are all on this machine."""


def describe_what_runs() -> str:
    """Say in a line which scenarios the suite runs here, and why it does not run the others."""
    missing = {
        engine.id: found.why_not
        for engine in ENGINES.values()
        if (found := LOCAL.availability(engine)).why_not is not None
    }
    here = f"conformance: {', '.join(scenario.id for scenario in SCENARIOS_HERE)} run here"
    absent = [s.id for s in SCENARIOS.values() if s not in SCENARIOS_HERE]
    reasons = "; ".join(f"{engine}: {reason}" for engine, reason in missing.items())
    return f"{here}; not {', '.join(absent)} ({reasons})" if absent else here


class Bench:
    """Servers with their data under `folder`, and one scenario loaded in them at a time.

    Every engine is started once, where `choice` says, with `timeout_s` as its limit of one query
    and `ram_bytes` as its limit of memory, and ends with the context. `load_tasks` names the tasks
    that the last load of `hold` showed, in their order.
    """

    def __init__(
        self,
        folder: Path,
        *,
        timeout_s: float,
        choice: ServiceChoice = LOCAL,
        ram_bytes: int | None = None,
    ) -> None:
        self.timeout_s = timeout_s
        self.load_tasks: list[str] = []
        self._choice = choice
        self._ram_bytes = ram_bytes
        self._folder = folder
        self._running: dict[str, tuple[Service, ExitStack]] = {}
        self._has_store: set[str] = set()
        self._held: tuple[str, Path] | None = None
        self._runner: BenchmarkRunner | None = None

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *failure: object) -> None:
        self._disconnect()
        with ExitStack() as stack:
            for _, running in self._running.values():
                stack.push(running)

    def services(self, scenario: Scenario) -> Services:
        """Give the servers of a scenario, started if they were not yet."""
        return {engine.id: self._service(engine) for engine in engines_of(scenario)}

    def hold(self, scenario: Scenario, dataset: Dataset) -> BenchmarkRunner:
        """Give a connected runner whose stores hold the dataset; loads it unless they do."""
        wanted = (scenario.id, dataset.folder)
        if self._runner is not None and self._held == wanted:
            return self._runner
        self.release()
        self._runner = open_runner(scenario, self.services(scenario), dataset, self.timeout_s)
        self._runner.connect()
        progress = RecordingProgress()
        self._runner.load_and_verify(progress)
        self.load_tasks = [task for task, amount in progress.done.items() if amount]
        self._held = wanted
        return self._runner

    def release(self) -> None:
        """Disconnect from what is held, restart what is dead, and load anew the next time."""
        self._disconnect()
        for service, _ in self._running.values():
            if service.why_dead() is not None:
                service.restart()

    def stop(self, scenario: Scenario) -> None:
        """End the servers of a scenario; they start on their data when asked for again."""
        self._disconnect()
        for engine in engines_of(scenario):
            _, running = self._running.pop(engine.id)
            running.close()

    @contextmanager
    def connect(self, scenario: Scenario, dataset: Dataset) -> Iterator[BenchmarkRunner]:
        """Give a second runner over the same servers, which takes them as they are."""
        runner = open_runner(scenario, self.services(scenario), dataset, self.timeout_s)
        runner.connect()
        try:
            yield runner
        finally:
            runner.disconnect()

    def _disconnect(self) -> None:
        if self._runner is not None:
            self._runner.disconnect()
        self._runner = self._held = None

    def _service(self, engine: Engine) -> Service:
        if engine.id not in self._running:
            is_fresh = engine.id not in self._has_store
            start = ServerStart(
                data_dir=self._folder / engine.id,
                timeout_s=self.timeout_s,
                is_fresh=is_fresh,
                ram_bytes=self._ram_bytes,
            )
            opened = self._choice.open(engine, start)
            with ExitStack() as stack:
                service = stack.enter_context(opened)
                self._running[engine.id] = service, stack.pop_all()
            self._has_store.add(engine.id)
        return self._running[engine.id][0]
