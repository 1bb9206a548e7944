"""The template of a benchmark: what every runner does, and what each family must say."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.benchmark.monitoring.resource_use import (
    CLEAR_PHASE,
    COUNT_PHASE,
    LOAD_PHASE,
)
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resource_monitor import NO_MONITOR, Monitor
from basetype_benchmark.benchmark.results import (
    BenchmarkResult,
    LoadResult,
    QueryResult,
    query_result,
    unsupported_query,
)
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    BenchmarkError,
    HostError,
    LoadError,
    LoadingRefused,
    LoadingStalled,
    LoadingTimeout,
    OutOfMemory,
    QueryFailed,
    ServerDied,
    ServiceUnavailable,
)
from basetype_benchmark.loaders.base import StoredCounts, StoreLoad
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.queries.statement import Statement, build_statement
from basetype_benchmark.runners.explaining import explain_trials
from basetype_benchmark.runners.loading import check_all_counts, load_result
from basetype_benchmark.runners.measurement import Clock, Measurement, Trial
from basetype_benchmark.runners.oom_watch import NO_WATCH, OomWatch
from basetype_benchmark.runners.workload import QuestionWork, Workload
from basetype_benchmark.units import NS_PER_S, format_duration

_LOAD_OUTCOMES: tuple[tuple[type[BenchmarkError], CellOutcome], ...] = (
    (OutOfMemory, CellOutcome.OOM_LOAD),
    (LoadingRefused, CellOutcome.LOAD_REFUSED),
    (LoadingTimeout, CellOutcome.LOAD_TIMEOUT),
    (LoadingStalled, CellOutcome.LOAD_STALLED),
    (ServerDied, CellOutcome.CONTAINER_FAILED),
    (ServiceUnavailable, CellOutcome.CONTAINER_FAILED),
)


@dataclass(frozen=True, kw_only=True)
class _End:
    """How a phase of a cell ended, when it did not end well."""

    outcome: CellOutcome
    reason: str
    error_type: str


class BenchmarkRunner(ABC):
    """One scenario on running services.

    Only `execute` is inside the clock: from sending to the last row received and decoded by the
    driver. A subclass translates its driver's errors into `QueryFailed` and its children.
    """

    def __init__(self, *, scenario: Scenario, dataset: Dataset, timeout_s: float) -> None:
        self.scenario = scenario
        self.dataset = dataset
        self.timeout_s = timeout_s

    @abstractmethod
    def connect(self) -> None:
        """Open the connections that queries use, with the per-query timeout set on the server."""

    @abstractmethod
    def disconnect(self) -> None:
        """Close them; also after a failure, and twice."""

    @abstractmethod
    def clear_data(self) -> None:
        """Empty every store of the scenario."""

    @abstractmethod
    def load_stores(self, progress: Progress) -> dict[str, StoreLoad]:
        """Load every store, by engine id, indexes and statistics included."""

    @abstractmethod
    def count_stores(self) -> dict[str, StoredCounts]:
        """Count what every store holds, by engine id."""

    @abstractmethod
    def store_versions(self) -> dict[str, str]:
        """Give what the server of every store says it is, by engine id."""

    @abstractmethod
    def execute(self, statement: Statement) -> Execution:
        """Send one statement and return all its rows: the timed part.

        Raises:
            QueryFailed: no answer; the subclass says why.
            DiskFull: a server ran out of space over it.
        """

    def explain(self, statement: Statement) -> str | None:
        """Give the plan by which each engine answers a statement; None where none tells.

        Outside any clock. Only for a statement that was answered.

        Raises:
            QueryFailed: an engine gave no plan.
        """
        return None

    @abstractmethod
    def recover(self) -> None:
        """Make the scenario answer again after a `QueryTimeout` or `ServerDied`.

        Restarts a server whose query cannot be ended otherwise, and reconnects.
        """

    def run_benchmark(
        self,
        workload: Workload,
        protocol: Protocol,
        *,
        shuffle_seed: str,
        progress: Progress = SILENT,
        clock: Clock = time.perf_counter_ns,
        watch: OomWatch = NO_WATCH,
        is_loaded: bool = False,
        explains: bool = False,
        monitor: Monitor = NO_MONITOR,
    ) -> BenchmarkResult:
        """Connect, clear, load, verify the counts, warm up and measure, disconnect.

        With `is_loaded` the stores hold the dataset: nothing is cleared and loaded, only verified.
        With `explains` the engines are asked for their plans at the end.

        A load that fails, a server that dies and a query without an answer are in the result, not
        raised; `watch` tells which of these were the kernel's doing, `monitor` is told of every
        phase and execution. With no warm-up and one run this is a validation: every variant once,
        compared.

        Raises:
            DatasetError: the dataset cannot be read; no other scenario could do better.
        """
        started_at, begin_ns = wall_clock.utc_now(), clock()
        trials = self._plan_trials(workload)
        load: LoadResult | None = None
        end: _End | None = None
        try:
            self.connect()
            if is_loaded:
                self.verify_counts(monitor)
            else:
                load = self.load_and_verify(progress, clock, monitor)
            end = self._measure(
                trials, protocol, shuffle_seed, progress, clock=clock, watch=watch, monitor=monitor
            )
            if explains and end is None:
                explain_trials(trials, self.explain)
        except (LoadError, QueryFailed, HostError) as error:
            end = _load_end(watch.explain(error), is_loaded=is_loaded)
        finally:
            self.disconnect()
        return BenchmarkResult(
            scenario=self.scenario.id,
            profile=self.dataset.manifest.profile,
            dataset_seed=self.dataset.manifest.seed,
            dataset_fingerprint=self.dataset.fingerprint,
            outcome=CellOutcome.COMPLETED if end is None else end.outcome,
            reason=None if end is None else end.reason,
            error_type=None if end is None else end.error_type,
            started_at=started_at,
            elapsed_ns=clock() - begin_ns,
            load=load,
            queries=self._query_results(workload, trials, protocol.runs, monitor),
            resources=monitor.result(),
        )

    def load_and_verify(
        self,
        progress: Progress = SILENT,
        clock: Clock = time.perf_counter_ns,
        monitor: Monitor = NO_MONITOR,
    ) -> LoadResult:
        """Empty the stores, load them, and compare what they hold with the manifest.

        Raises:
            LoadError: a phase failed, or the counts differ.
            QueryFailed: a server went away or did not answer.
        """
        with monitor.phase(CLEAR_PHASE):
            self.clear_data()
        with monitor.phase(LOAD_PHASE):
            begin_ns = clock()
            loads = self.load_stores(progress)
            elapsed_ns = clock() - begin_ns
        stored = self.verify_counts(monitor)
        progress.note(f"  loaded in {format_duration(elapsed_ns / NS_PER_S)}, counts agree")
        return load_result(loads, stored, self.store_versions(), elapsed_ns)

    def verify_counts(self, monitor: Monitor = NO_MONITOR) -> dict[str, StoredCounts]:
        """Count what the stores hold and compare it with the manifest.

        Raises:
            CountMismatch: it differs.
            QueryFailed: a server went away or did not answer.
        """
        with monitor.phase(COUNT_PHASE):
            stored = self.count_stores()
        check_all_counts(stored, self.dataset.manifest.counts)
        return stored

    def _measure(
        self,
        trials: Sequence[Trial],
        protocol: Protocol,
        shuffle_seed: str,
        progress: Progress,
        *,
        clock: Clock,
        watch: OomWatch,
        monitor: Monitor,
    ) -> _End | None:
        measurement = Measurement(
            execute=self.execute,
            recover=self.recover,
            watch=watch,
            trials=trials,
            clock=clock,
            monitor=monitor,
        )
        try:
            measurement.run(protocol, shuffle_seed, progress)
        except (QueryFailed, HostError) as error:
            cause = watch.explain(error)
            is_oom = isinstance(cause, OutOfMemory)
            return _End(
                outcome=CellOutcome.OOM_RECOVERY if is_oom else CellOutcome.CONTAINER_FAILED,
                reason=f"{self.scenario.id} did not answer again after a failed query: {cause}",
                error_type=type(cause).__name__,
            )
        return _oom_end(trials)

    def _plan_trials(self, workload: Workload) -> list[Trial]:
        return [
            Trial(
                question=work.question,
                expected=expected,
                statement=build_statement(work.question, self.scenario, expected.parameters),
            )
            for work in workload.work
            if work.question.id not in self.scenario.cannot
            for expected in work.variants
        ]

    def _query_results(
        self, workload: Workload, trials: Sequence[Trial], runs: int, monitor: Monitor
    ) -> tuple[QueryResult, ...]:
        return tuple(
            replace(
                self._query_result(work, [t for t in trials if t.question is work.question], runs),
                resources=monitor.query_use(work.question.id),
            )
            for work in workload.work
        )

    def _query_result(self, work: QuestionWork, trials: Sequence[Trial], runs: int) -> QueryResult:
        question = work.question
        if question.id in self.scenario.cannot:
            return unsupported_query(question.id, question.name, self.scenario.cannot[question.id])
        variants = [trial.result(runs) for trial in trials]
        samples = [sample for trial in trials for sample in trial.samples]
        plan = next((trial.plan for trial in trials if trial.plan is not None), None)
        return replace(query_result(question.id, question.name, variants, samples), plan=plan)


def _oom_end(trials: Sequence[Trial]) -> _End | None:
    """End a cell in which a query cost a server process its life, though all went on."""
    killed = next((trial for trial in trials if trial.oom_reason is not None), None)
    if killed is None:
        return None
    return _End(
        outcome=CellOutcome.OOM_QUERY,
        reason=f"{killed.question.id}: {killed.oom_reason}",
        error_type=OutOfMemory.__name__,
    )


def _load_end(cause: BenchmarkError, *, is_loaded: bool) -> _End:
    return _End(
        outcome=_load_outcome(cause, is_loaded=is_loaded),
        reason=str(cause),
        error_type=type(cause).__name__,
    )


def _load_outcome(error: BenchmarkError, *, is_loaded: bool) -> CellOutcome:
    if is_loaded and isinstance(error, OutOfMemory):
        return CellOutcome.OOM_RECOVERY
    for kind, outcome in _LOAD_OUTCOMES:
        if isinstance(error, kind):
            return outcome
    return CellOutcome.ERROR
