"""Executes the variants of a workload by the protocol and keeps what came of each execution."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.benchmark.monitoring.resource_use import MEASURE_PHASE, WARMUP_PHASE
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.resource_monitor import NO_MONITOR, Monitor
from basetype_benchmark.benchmark.results import Sample, VariantResult, worst_outcome
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.errors import (
    DiskFull,
    OutOfMemory,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.interrupts import first_interrupt_deferred
from basetype_benchmark.progress import Progress, Task
from basetype_benchmark.queries.answer_digest import digest_answer
from basetype_benchmark.queries.catalog import Parameters, Question
from basetype_benchmark.queries.statement import Statement
from basetype_benchmark.runners.answers import digest_execution, find_differences
from basetype_benchmark.runners.oom_watch import NO_WATCH, OomWatch
from basetype_benchmark.runners.schedule import shuffled_blocks
from basetype_benchmark.runners.workload import ExpectedAnswer
from basetype_benchmark.units import NS_PER_S

Failure = QueryFailed | DiskFull
"""Why one execution gave no answer. A full disk of the server is that of the one query."""

Clock = Callable[[], int]
"""A monotonic clock in nanoseconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One timed execution: an answer or a failure."""

    elapsed_ns: int
    execution: Execution | None = None
    failure: Failure | None = None


class Trial:
    """One variant of one question while it is measured."""

    def __init__(
        self, *, question: Question, expected: ExpectedAnswer, statement: Statement
    ) -> None:
        self.question = question
        self.expected = expected
        self.statement = statement
        self.samples: list[Sample] = []
        self.is_given_up = False
        self.oom_reason: str | None = None
        self.plan: str | None = None
        self._reasons: list[str] = []
        self._differences: tuple[str, ...] | None = None
        self._wrong_sha256: str | None = None

    def record_failure(self, run: int, attempt: Attempt, failure: Failure) -> None:
        """Keep a measured execution that gave no answer."""
        self._reasons.append(str(failure))
        if isinstance(failure, OutOfMemory):
            self.oom_reason = str(failure)
        self._add(run, failure_outcome(failure), attempt)

    def record_answer(self, run: int, attempt: Attempt, execution: Execution) -> None:
        """Keep a measured answer: the first is compared in full, the others by their row count."""
        if self._differences is None:
            self._differences = find_differences(self.question, execution, self.expected.rows)
            if self._differences:
                self._wrong_sha256 = digest_execution(self.question, execution)
        rows, expected = len(execution.rows), len(self.expected.rows)
        if not self._differences and rows != expected:
            self._reasons.append(f"run {run} gave {rows} rows instead of {expected}")
        is_right = not self._differences and rows == expected
        self._add(run, Outcome.OK if is_right else Outcome.WRONG_ANSWER, attempt)

    def result(self, runs: int) -> VariantResult:
        """Close the trial: runs that never took place become skipped samples."""
        for run in range(len(self.samples) + 1, runs + 1):
            self.samples.append(self._sample(run, Outcome.SKIPPED))
        differences = self._differences or ()
        reasons = [*differences[:1], *self._reasons]
        expected_sha256 = digest_answer(self.question, self.expected.rows)
        return VariantResult(
            number=self.expected.number,
            parameters=parameter_texts(self.expected.parameters),
            expected_rows=len(self.expected.rows),
            outcome=worst_outcome([sample.outcome for sample in self.samples]),
            reason=reasons[0] if reasons else None,
            differences=differences,
            expected_sha256=expected_sha256,
            answer_sha256=None
            if self._differences is None
            else self._wrong_sha256 or expected_sha256,
        )

    @property
    def is_answered(self) -> bool:
        """Whether an answer was given in a measured run, and the last run did not fail for good."""
        return self._differences is not None and not self.is_given_up

    def _add(self, run: int, outcome: Outcome, attempt: Attempt) -> None:
        self.samples.append(self._sample(run, outcome, attempt))

    def _sample(self, run: int, outcome: Outcome, attempt: Attempt | None = None) -> Sample:
        execution = None if attempt is None else attempt.execution
        return Sample(
            query=self.question.id,
            variant=self.expected.number,
            run=run,
            outcome=outcome,
            elapsed_ns=None if attempt is None else attempt.elapsed_ns,
            rows=None if execution is None else len(execution.rows),
            legs=None if execution is None else execution.legs,
            client=None if execution is None else execution.client,
        )


class Measurement:
    """Runs the trials in shuffled blocks: first the warm-up blocks, then the measured ones.

    Each block executes every variant of every query once, so that a variant has been warmed up as
    often as the protocol says before its first measured run, and a drift of the machine falls on
    all queries alike.
    """

    def __init__(
        self,
        *,
        execute: Callable[[Statement], Execution],
        recover: Callable[[], None],
        trials: Sequence[Trial],
        clock: Clock,
        monitor: Monitor = NO_MONITOR,
        watch: OomWatch = NO_WATCH,
    ) -> None:
        self._monitor = monitor
        self._execute = execute
        self._recover = recover
        self._watch = watch
        self._trials = trials
        self._clock = clock

    def run(self, protocol: Protocol, shuffle_seed: str, progress: Progress) -> None:
        """Execute everything.

        Raises:
            QueryFailed, HostError: the scenario did not answer again after a failure.
        """
        blocks = protocol.warmup + protocol.runs
        runs = enumerate(
            shuffled_blocks(self._trials, blocks, shuffle_seed), start=1 - protocol.warmup
        )

        def tell() -> None:
            progress.note("finishing this query, then stopping; Ctrl-C again stops now")

        with progress.task("queries", len(self._trials) * blocks, "executions") as task:
            for phase, count in ((WARMUP_PHASE, protocol.warmup), (MEASURE_PHASE, protocol.runs)):
                if count:
                    with self._monitor.phase(phase):
                        self._run_blocks(islice(runs, count), protocol.timeout_s, task, tell)

    def _run_blocks(
        self,
        blocks: Iterable[tuple[int, Sequence[Trial]]],
        timeout_s: float,
        task: Task,
        tell: Callable[[], None],
    ) -> None:
        for run, order in blocks:
            for trial in order:
                if not trial.is_given_up:
                    task.on(trial.question.id)
                    with first_interrupt_deferred(tell):
                        self._execute_trial(trial, run, timeout_s)
                task.advance()

    def _attempt(self, trial: Trial, run: int) -> Attempt:
        if run < 1:
            return timed_attempt(self._execute, trial.statement, self._clock)
        self._monitor.begin_execution(trial.question.id)
        attempt = timed_attempt(self._execute, trial.statement, self._clock)
        self._monitor.end_execution(trial.question.id)
        return attempt

    def _execute_trial(self, trial: Trial, run: int, timeout_s: float) -> None:
        """Execute one trial once; a `run` below 1 is warm-up and leaves no sample."""
        attempt = self._attempt(trial, run)
        if attempt.execution is not None and attempt.elapsed_ns > timeout_s * NS_PER_S:
            # Clients wait a little longer than servers: what comes then is late for all alike.
            late = QueryTimeout(f"answered after {attempt.elapsed_ns / NS_PER_S:.3g} s, too late")
            trial.record_failure(max(run, 1), attempt, late)
            trial.is_given_up = True
        elif attempt.failure is not None:
            self._handle_failure(trial, run, attempt, attempt.failure)
        elif attempt.execution is not None and run >= 1:
            trial.record_answer(run, attempt, attempt.execution)

    def _handle_failure(self, trial: Trial, run: int, attempt: Attempt, found: Failure) -> None:
        cause = self._watch.explain(found)
        failure = cause if isinstance(cause, QueryFailed) else found
        # What timed out or killed the server once would do it in every run. It is not repeated,
        # and when it happened in the warm-up it stands as the first run.
        is_fatal = isinstance(failure, QueryTimeout | ServerDied)
        if run >= 1 or is_fatal:
            trial.record_failure(max(run, 1), attempt, failure)
        if is_fatal:
            trial.is_given_up = True
            self._recover()
            self._watch.note()


def timed_attempt(
    execute: Callable[[Statement], Execution], statement: Statement, clock: Clock
) -> Attempt:
    """Execute once with nothing but the execution inside the clock.

    Python's cyclic collector is held off meanwhile: how long it pauses depends on how much the
    harness holds in memory, not on the engine. It makes up for it afterwards, outside the clock.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    begin_ns = clock()
    try:
        execution = execute(statement)
        elapsed_ns = clock() - begin_ns
        return Attempt(elapsed_ns=elapsed_ns, execution=execution)
    except (QueryFailed, DiskFull) as failure:
        return Attempt(elapsed_ns=clock() - begin_ns, failure=failure)
    finally:
        if was_enabled:
            gc.enable()


def failure_outcome(failure: Failure) -> Outcome:
    """Translate a failed execution into its outcome."""
    if isinstance(failure, QueryTimeout):
        return Outcome.TIMEOUT
    if isinstance(failure, OutOfMemory):
        return Outcome.OOM
    if isinstance(failure, QueryRefused):
        return Outcome.REFUSED
    return Outcome.ERROR


def parameter_texts(parameters: Parameters) -> dict[str, str]:
    """Write parameters as they stand in a result."""
    return {
        name: value if isinstance(value, str) else value.isoformat()
        for name, value in parameters.items()
    }
