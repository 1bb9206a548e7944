"""Runs one cell: its servers started, its data loaded, its queries measured, whatever happens."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from enum import Enum

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.campaign import ServiceRecord
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resource_monitor import NO_MONITOR, Monitor
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.config.ram import split_budget
from basetype_benchmark.errors import (
    ConfigError,
    DatasetError,
    HostError,
    LoadError,
    OutOfMemory,
    QueryFailed,
    UsageError,
)
from basetype_benchmark.runners.oom_watch import OomWatch
from basetype_benchmark.workflows.campaigns.bench import Bench
from basetype_benchmark.workflows.campaigns.cell_watch import CellWatch
from basetype_benchmark.workflows.campaigns.environment import describe_service
from basetype_benchmark.workflows.plans.plan import Cell
from basetype_benchmark.workflows.scenario import RunningScenario, open_scenario


class Part(Enum):
    """Which part of a cell to run: all of it, or one half with the servers stopped in between."""

    WHOLE = "load and measure"
    LOAD = "load"
    MEASURE = "measure"


def run_cell(
    bench: Bench,
    cell: Cell,
    services: list[ServiceRecord],
    *,
    part: Part = Part.WHOLE,
    watch: CellWatch | None = None,
) -> BenchmarkResult:
    """Run one cell whatever happens in it; adds the servers that ran to `services`.

    What it uses is read where there is a `watch`.

    With ``Part.LOAD`` every query is skipped; with ``Part.MEASURE`` the stores are those of a load
    before, and are counted first.

    Raises:
        DatasetError, UsageError, ConfigError: what no other cell could do better with.
    """
    started_at, begin_ns = wall_clock.utc_now(), time.perf_counter_ns()
    measured: list[BenchmarkResult] = []
    try:
        _run_scenario(bench, cell, services, measured, part=part, watch=watch)
    except (DatasetError, UsageError, ConfigError):
        raise
    except Exception as error:  # noqa: BLE001 - one faulty cell must not cost the other cells
        bench.progress.trace(error)
        if measured:
            return _with_closing_error(bench, cell, measured[0], error)
        return _failed(bench, cell, error, part, started_at=started_at, begin_ns=begin_ns)
    return measured[0]


def _run_scenario(
    bench: Bench,
    cell: Cell,
    services: list[ServiceRecord],
    measured: list[BenchmarkResult],
    *,
    part: Part,
    watch: CellWatch | None,
) -> None:
    """Measure, and put the result into `measured` before the servers are left."""
    opened = open_scenario(
        cell.scenario,
        bench.settings,
        bench.dataset,
        bench.choice,
        bench.protocol.timeout_s,
        fresh=part is not Part.MEASURE,
        ram_bytes=_limits(bench, cell),
    )
    with opened as running, _monitored(watch, running) as monitor:
        if part is not Part.MEASURE:
            running.forget_loaded()
        services.extend(describe_service(cell.scenario.id, s) for s in running.services.values())
        result = running.runner.run_benchmark(
            bench.workload,
            replace(bench.protocol, warmup=0, runs=0) if part is Part.LOAD else bench.protocol,
            shuffle_seed=f"{bench.dataset.manifest.seed}/{cell.repetition}",
            progress=bench.progress,
            watch=OomWatch(running.services),
            is_loaded=part is Part.MEASURE,
            explains=watch is not None and part is not Part.LOAD,
            monitor=monitor,
        )
        measured.append(result)
        if watch is not None and part is not Part.LOAD:
            watch.measured()
        if result.load is not None:
            running.remember_loaded()


def _monitored(
    watch: CellWatch | None, running: RunningScenario
) -> AbstractContextManager[Monitor]:
    return nullcontext(NO_MONITOR) if watch is None else watch.over(running.services)


def _limits(bench: Bench, cell: Cell) -> dict[str, int] | None:
    """Give each server's part of the cell's RAM, by engine id."""
    if cell.ram_bytes is None:
        return None
    return dict(split_budget(cell.scenario, cell.ram_bytes, graph_share=bench.graph_share))


def _with_closing_error(
    bench: Bench, cell: Cell, result: BenchmarkResult, error: Exception
) -> BenchmarkResult:
    """Keep what was measured when leaving the servers failed, and say so beside it."""
    said = " ".join(str(error).split()) or type(error).__name__
    closing = f"after the measurement, leaving the servers failed: {said}"
    bench.progress.note(f"{cell.id}: {closing}")
    return replace(result, reason=f"{result.reason}; {closing}" if result.reason else closing)


def _failed(
    bench: Bench,
    cell: Cell,
    error: Exception,
    part: Part,
    *,
    started_at: datetime,
    begin_ns: int,
) -> BenchmarkResult:
    """Give the result of a cell that ended before its runner could tell."""
    manifest, name = bench.dataset.manifest, type(error).__name__
    is_known = isinstance(error, (HostError, LoadError, QueryFailed))
    return BenchmarkResult(
        scenario=cell.scenario.id,
        profile=manifest.profile,
        dataset_seed=manifest.seed,
        dataset_fingerprint=manifest.fingerprint,
        outcome=_outcome_of(error, part) if is_known else CellOutcome.ERROR,
        reason=" ".join((str(error) if is_known else f"unexpected {name}: {error}").split()),
        error_type=name,
        started_at=started_at,
        elapsed_ns=time.perf_counter_ns() - begin_ns,
        load=None,
        queries=(),
    )


def _outcome_of(error: Exception, part: Part) -> CellOutcome:
    """Name the end of a cell whose servers did not come up."""
    if not isinstance(error, OutOfMemory):
        return CellOutcome.CONTAINER_FAILED
    return CellOutcome.OOM_RECOVERY if part is Part.MEASURE else CellOutcome.OOM_LOAD
