"""Makes datasets: the graph first, then the series, by whoever carries the tasks out."""

from __future__ import annotations

import os
from pathlib import Path

from basetype_benchmark.config.profiles import Profile
from basetype_benchmark.dataset.generation.executors import (
    OpenExecutor,
    in_process,
    process_pool,
    start_workers_early,
)
from basetype_benchmark.dataset.generation.lanes import find_lanes
from basetype_benchmark.dataset.generation.schedule import carry_out
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.manifest import Manifest, SensorFault
from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.dataset.parts import SITE_PARTITION
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.simulation.faults import GAP_RATE, plant_faults_of_graph
from basetype_benchmark.dataset.storage import Storage, local_storage
from basetype_benchmark.dataset.subgraph import cut_out
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.dataset.writer import DatasetWriter, building_ids, only_writer
from basetype_benchmark.progress import SILENT, Progress

_WORTH_WORKERS_POINT_DAYS = 60_000  # some seconds of work
_POINTS_PER_ROOM = 130


def generate_dataset(
    profile: Profile,
    seed: int,
    folder: Path,
    *,
    workers: int | None = None,
    progress: Progress = SILENT,
    overwrite: bool = False,
) -> Dataset:
    """Generate the dataset of a profile and a seed into a folder, see `simulate_dataset`."""
    start_workers_for(profile, workers)
    manifest = simulate_dataset(
        build_graph(profile, seed),
        profile,
        seed,
        local_storage(folder),
        workers=workers,
        progress=progress,
        overwrite=overwrite,
    )
    return Dataset(folder=folder, manifest=manifest)


def start_workers_for(profile: Profile, workers: int | None) -> None:
    """Let workers start while the graph is being built, if `simulate_dataset` will want any."""
    rooms = sum(plan.floors * plan.spaces_per_floor for plan in profile.scale.buildings)
    if _fitting_count(rooms * _POINTS_PER_ROOM * profile.days, workers) > 1:
        start_workers_early()


def simulate_dataset(
    graph: Graph,
    profile: Profile,
    seed: int,
    storage: Storage,
    *,
    workers: int | None = None,
    executor: OpenExecutor | None = None,
    progress: Progress = SILENT,
    overwrite: bool = False,
) -> Manifest:
    """Simulate the series of a graph and write both.

    The content depends on graph, profile, seed and version only, not on who carries the work out:
    `executor`, or else `workers` processes of this machine (default: as many as are worth it).
    Interrupted at any moment, it leaves a dataset without manifest; called again, it makes what
    is missing.

    Raises:
        DatasetError: there is a complete dataset and `overwrite` is not set, or another process is
            writing it.
        DiskFull: there is no space left.
        HostError: a worker died, or the cluster is lost.
    """
    with only_writer(storage):
        writer = DatasetWriter(
            storage,
            profile=profile.name,
            seed=seed,
            start=EPOCH,
            end=profile.end(EPOCH),
            graph=graph,
            sensor_faults=_plant_faults(graph, seed),
            gap_rate=GAP_RATE,
            overwrite=overwrite,
        )
        lanes = find_lanes(graph, seed, storage, profile.days, writer)
        left = sum(len(lane.missing) for lane in lanes)
        if left:
            opened = executor or _fitting_executor(graph, left, len(lanes), workers)
            with (
                opened() as chosen,
                progress.task("generate", total=left, unit="days") as days,
                progress.task("samples", unit="rows") as rows,
            ):
                for record in carry_out(chosen, lanes, seed, storage):
                    writer.add_record(record)
                    days.advance()
                    rows.advance(record.rows)
        return writer.finish()


def _plant_faults(graph: Graph, seed: int) -> list[SensorFault]:
    return [
        fault
        for building_id in (*building_ids(graph), SITE_PARTITION)
        for fault in plant_faults_of_graph(seed, building_id, cut_out(graph, building_id))
    ]


def _fitting_executor(graph: Graph, left: int, lanes: int, workers: int | None) -> OpenExecutor:
    count = min(_fitting_count(graph.nodes.num_rows * left // max(lanes, 1), workers), left)
    return process_pool(count) if count > 1 else in_process


def _fitting_count(point_days: int, workers: int | None) -> int:
    """As many workers as processors, but one where starting more takes longer than the work."""
    is_worth_it = point_days >= _WORTH_WORKERS_POINT_DAYS
    return workers or (len(os.sched_getaffinity(0)) if is_worth_it else 1)
