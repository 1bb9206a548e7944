"""Generates a dataset: the graph, then the series of each building and day, by several processes.

A cheap sequential pass carries each building's slow state from day to day; the samples of a day
follow from its state alone, so they are made and written in any order, by any number of workers.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

from basetype_benchmark.config.profiles import Profile
from basetype_benchmark.dataset.cutting import cut_out, read_graph
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.dataset.parts import PartRecord, write_part
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.simulation.building import Building, read_buildings
from basetype_benchmark.dataset.simulation.day import (
    Day,
    DayState,
    initial_state,
    next_state,
    simulate_day,
)
from basetype_benchmark.dataset.simulation.reporting import report_day
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.dataset.writer import DatasetWriter
from basetype_benchmark.errors import HostError
from basetype_benchmark.progress import SILENT, Progress

_ORPHAN_EXIT = 1
_WAITING_PER_WORKER = 2
_WORTH_WORKERS_POINT_DAYS = 200_000  # some ten seconds of work


@dataclass(frozen=True, kw_only=True)
class _Job:
    """One day of one building, from its state at midnight."""

    seed: int
    folder: Path
    building_id: str
    day_index: int
    state: DayState


def generate_dataset(
    profile: Profile,
    seed: int,
    folder: Path,
    *,
    workers: int | None = None,
    progress: Progress = SILENT,
    overwrite: bool = False,
) -> Dataset:
    """Generate the dataset of a profile and a seed into `folder`.

    The content depends on profile, seed and version only, not on `workers` (default: as many as
    are worth it). Interrupted at any moment, it leaves a folder without manifest.

    Raises:
        DatasetError: the folder holds a complete dataset and `overwrite` is not set.
        DiskFull: there is no space left.
        HostError: a worker died, for lack of memory most likely.
    """
    graph = build_graph(profile, seed)
    return simulate_dataset(
        graph, profile, seed, folder, workers=workers, progress=progress, overwrite=overwrite
    )


def simulate_dataset(
    graph: Graph,
    profile: Profile,
    seed: int,
    folder: Path,
    *,
    workers: int | None = None,
    progress: Progress = SILENT,
    overwrite: bool = False,
) -> Dataset:
    """Simulate the series of a graph and write both; as `generate_dataset` for a given graph."""
    writer = DatasetWriter(
        folder,
        profile=profile.name,
        seed=seed,
        start=EPOCH,
        end=profile.end(EPOCH),
        graph=graph,
        overwrite=overwrite,
    )
    buildings = read_buildings(graph)
    parts = len(buildings) * profile.days
    count = min(workers or _fitting_workers(buildings, profile.days), parts)
    if count > 1:
        records = _in_parallel(buildings, profile.days, seed, folder, count)
    else:
        records = _in_turn(buildings, profile.days, seed, folder)
    with (
        progress.task("simulate and write", total=parts, unit="parts") as done,
        progress.task("samples", unit="rows") as rows,
    ):
        for record in records:
            writer.add_record(record)
            done.advance()
            rows.advance(record.rows)
    return writer.finish()


def _fitting_workers(buildings: list[Building], days: int) -> int:
    """As many as there are processors, or one where starting others takes longer than the work."""
    point_days = days * sum(len(building.points.ids) for building in buildings)
    return len(os.sched_getaffinity(0)) if point_days >= _WORTH_WORKERS_POINT_DAYS else 1


def _in_turn(buildings: list[Building], days: int, seed: int, folder: Path) -> Iterator[PartRecord]:
    for building in buildings:
        for day in _days(building, days, seed):
            yield write_part(folder, report_day(seed, building, day))


def _in_parallel(
    buildings: list[Building], days: int, seed: int, folder: Path, workers: int
) -> Iterator[PartRecord]:
    """Run the sequential pass here and the rest in workers; gives records in order of work."""
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin_worker)
    waiting: deque[Future[PartRecord]] = deque()
    try:
        for job in _jobs(buildings, days, seed, folder):
            waiting.append(pool.submit(_work, job))
            if len(waiting) > workers * _WAITING_PER_WORKER:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise HostError(
            f"a worker process died while generating {folder}, for lack of memory most likely; "
            f"run again with fewer than {workers} --workers"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _jobs(buildings: list[Building], days: int, seed: int, folder: Path) -> Iterator[_Job]:
    for building in buildings:
        for day in _days(building, days, seed):
            yield _Job(
                seed=seed,
                folder=folder,
                building_id=building.id,
                day_index=day.index,
                state=day.start,
            )


def _days(building: Building, days: int, seed: int) -> Iterator[Day]:
    """Simulate the days of a building in order."""
    state = initial_state(seed, building)
    for day_index in range(days):
        day = simulate_day(seed, building, day_index, state)
        yield day
        state = next_state(day)


def _begin_worker() -> None:
    """Set a worker up: it leaves Ctrl-C to its parent, and ends when the parent has died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(_ORPHAN_EXIT)


def _work(job: _Job) -> PartRecord:
    building = _load_building(job.folder, job.building_id)
    day = simulate_day(job.seed, building, job.day_index, job.state)
    return write_part(job.folder, report_day(job.seed, building, day))


@lru_cache(maxsize=2)
def _load_building(folder: Path, building_id: str) -> Building:
    """Read one building, or the site, from the graph that is already written."""
    return next(iter(read_buildings(cut_out(read_graph(folder), building_id))))
