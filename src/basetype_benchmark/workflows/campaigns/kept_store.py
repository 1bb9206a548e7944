"""Cells that share a loaded store: loaded once, then measured under one RAM limit after the other.

Every such cell is measured in the same state, the one that loaded included: its servers started
anew under their limit, on files of which the kernel holds no page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from basetype_benchmark.benchmark.campaign import ServiceRecord
from basetype_benchmark.benchmark.monitoring.resource_use import CellUse
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.engines import engines_of
from basetype_benchmark.infrastructure.docker.store_pages import drop_store_pages
from basetype_benchmark.infrastructure.page_cache import drop_cached_pages
from basetype_benchmark.workflows.campaigns.bench import Bench
from basetype_benchmark.workflows.campaigns.cell import Part, run_cell
from basetype_benchmark.workflows.campaigns.cell_watch import CellWatch
from basetype_benchmark.workflows.placement import Provider
from basetype_benchmark.workflows.plans.plan import Cell


@dataclass(frozen=True, kw_only=True)
class KeptStore:
    """The stores of a scenario, loaded by `cell` under a limit of `ram_bytes`."""

    cell: str
    ram_bytes: int


@dataclass(frozen=True, kw_only=True)
class StoreRun:
    """A cell that ran, and what it leaves for the next one of its scenario.

    `loaded_in_cell` and `caches_dropped` are None where it was loaded and measured in one go, or
    was not measured.
    """

    result: BenchmarkResult
    loaded_in_cell: str | None = None
    caches_dropped: bool | None = None
    kept: KeptStore | None = None


def keeps_store(scenario: Scenario) -> bool:
    """Whether every server of a scenario finds its data again when it is started anew."""
    return all(engine.keeps_store for engine in engines_of(scenario))


def reuses_store(cell: Cell) -> bool:
    """Whether a cell is measured on a store that is loaded apart: where a RAM limit is the matter.

    Its servers are started anew between load and measurement, on files of which no page is cached.
    """
    return cell.ram_bytes is not None and keeps_store(cell.scenario)


def run_on_store(
    bench: Bench,
    cell: Cell,
    services: list[ServiceRecord],
    kept: KeptStore | None,
    watch: CellWatch,
) -> StoreRun:
    """Run a cell on what an earlier one loaded, else load first; load and measure at once
    where there is no RAM limit, or nothing outlives the server.

    A store that was loaded with more memory than this cell has is loaded again: that a level is
    viable says that the data can be loaded there, too.
    """
    ram_bytes = cell.ram_bytes
    if ram_bytes is None or not reuses_store(cell):
        return StoreRun(result=run_cell(bench, cell, services, watch=watch))
    loaded: BenchmarkResult | None = None
    if kept is None or kept.ram_bytes > ram_bytes:
        loaded = run_cell(bench, cell, services, part=Part.LOAD, watch=watch)
        if loaded.outcome is not CellOutcome.COMPLETED:
            return StoreRun(result=loaded)
        kept = KeptStore(cell=cell.id, ram_bytes=ram_bytes)
    caches_dropped = _drop_caches(bench, cell.scenario)
    measured = run_cell(bench, cell, services, part=Part.MEASURE, watch=watch)
    return StoreRun(
        result=measured if loaded is None else _joined(loaded, measured),
        loaded_in_cell=kept.cell,
        caches_dropped=caches_dropped,
        # Of a store whose counts are wrong nothing is kept; a server that was too small is no harm.
        kept=None if measured.outcome is CellOutcome.ERROR else kept,
    )


def _joined(loaded: BenchmarkResult, measured: BenchmarkResult) -> BenchmarkResult:
    uses = [use for use in (loaded.resources, measured.resources) if use is not None]
    return replace(
        measured,
        started_at=loaded.started_at,
        elapsed_ns=loaded.elapsed_ns + measured.elapsed_ns,
        load=loaded.load,
        resources=reduce(CellUse.followed_by, uses) if uses else None,
    )


def _drop_caches(bench: Bench, scenario: Scenario) -> bool:
    """Drop the cached pages of the stores; False when any may be left."""
    folder = bench.settings.engines_dir / scenario.id
    dropped = [
        drop_store_pages(engine.id, folder / engine.id)
        if bench.choice.provider_of(engine) is Provider.DOCKER
        else drop_cached_pages(folder / engine.id)
        for engine in engines_of(scenario)
    ]
    return all(dropped)
