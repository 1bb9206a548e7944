"""How fast datasets are generated, how much memory that takes, and where the time goes.

The Parquet writer alone is measured beside it, on the same rows and as many cores: nothing that
writes Parquet can be faster.

    python -m benchmarks.generate_dataset [--profiles small-1w,small-1m] [--workers 2]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from benchmarks.process_memory import PeakMemory

from basetype_benchmark.config.profiles import DEFAULT_SEED, find_profile
from basetype_benchmark.dataset.fingerprint import digest_series
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.partitions import read_partition, series_partitions
from basetype_benchmark.dataset.parts import SeriesPart, write_part
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.simulation.building import Building, read_buildings
from basetype_benchmark.dataset.simulation.day import initial_state, next_state, simulate_day
from basetype_benchmark.dataset.simulation.reporting import Reporter
from basetype_benchmark.dataset.storage import local_storage
from basetype_benchmark.dataset.subgraph import read_building_graph
from basetype_benchmark.dataset.verify import verify_dataset

_STAGE_DAYS = 6
_T = TypeVar("_T")


def main() -> int:
    """Measure and print."""
    options = read_options()
    for profile in options.profiles.split(","):
        with tempfile.TemporaryDirectory() as folder:
            measure(profile, options.workers, Path(folder))
    return 0


def measure(profile: str, workers: int, place: Path) -> None:
    """Generate one profile, verify it, write its rows again, and print the figures.

    It is generated twice: watching the memory takes a processor's time, so it is not timed.
    """
    begin = time.perf_counter()
    dataset = generate_dataset(
        find_profile(profile), DEFAULT_SEED, place / "dataset", workers=workers
    )
    generate_s = time.perf_counter() - begin
    with PeakMemory() as memory:
        generate_dataset(find_profile(profile), DEFAULT_SEED, place / "watched", workers=workers)
    begin = time.perf_counter()
    verify_dataset(dataset.folder)
    verify_s = time.perf_counter() - begin
    writer_s = time_writers(dataset, workers)
    rows = dataset.manifest.counts.samples
    print(f"{profile}: {rows:,} rows, {workers} workers, {dataset.manifest.size_bytes:,} bytes")
    for name, seconds in (
        ("generate", generate_s),
        ("verify", verify_s),
        ("Parquet writer alone", writer_s),
    ):
        print(f"  {name:<22}{seconds:8.2f} s {rows / seconds:>14,.0f} rows/s")
    print(f"  {'generate / writer':<22}{generate_s / writer_s:8.2f} x")
    print(f"  {'peak memory':<22}{memory.peak_bytes / 1e6:8.0f} MB of the whole process tree (PSS)")
    print_stages(dataset, place)


def time_writers(dataset: Dataset, workers: int) -> float:
    """Write the rows again from memory in `workers` processes; seconds of the slowest."""
    shares = [(dataset.folder, number, workers) for number in range(workers)]
    with get_context("forkserver").Pool(workers) as pool:
        return max(pool.map(time_writer, shares))


def time_writer(share: tuple[Path, int, int]) -> float:
    """Write every so many-th part of a dataset again; seconds spent in the writer."""
    folder, first, step = share
    seconds = 0.0
    with tempfile.TemporaryDirectory() as place:
        for partition in list(series_partitions(open_dataset(folder)))[first::step]:
            table = read_partition(partition)
            part = SeriesPart(building_id="b01", day=partition.day, table=table)
            begin = time.perf_counter()
            write_part(local_storage(Path(place)), part)
            seconds += time.perf_counter() - begin
            begin = time.perf_counter()
            digest_series(table)  # is part of `write_part`, and no part of writing Parquet
            seconds -= time.perf_counter() - begin
    return seconds


def print_stages(dataset: Dataset, place: Path) -> None:
    """Print what a day of the first building costs on one core, stage by stage."""
    graph = read_building_graph(local_storage(dataset.folder), dataset.manifest.buildings[0])
    (building,) = read_buildings(graph)
    stages = time_stages(building, place / "stages")
    total = sum(stages.values())
    print(f"  one day of {building.id} on one core: {total * 1000:.0f} ms of processor time")
    for name, seconds in stages.items():
        print(f"    {name:<20}{seconds * 1000:8.1f} ms {seconds / total:>8.0%}")


def time_stages(building: Building, place: Path) -> dict[str, float]:
    """Processor time in s of each stage of a day: the median over some days."""
    taken: dict[str, list[float]] = {}

    def timed(stage: str, work: Callable[[], _T]) -> _T:
        begin = time.process_time()
        result = work()
        taken.setdefault(stage, []).append(time.process_time() - begin)
        return result

    reporter, storage = Reporter(DEFAULT_SEED, building), local_storage(place)
    state = initial_state(DEFAULT_SEED, building)
    for day_index in range(_STAGE_DAYS):
        day = timed(
            "simulate", lambda i=day_index, s=state: simulate_day(DEFAULT_SEED, building, i, s)
        )
        part = timed("sample and report", lambda d=day: reporter.report_day(d))
        timed("digest", lambda p=part: digest_series(p.table))
        timed("digest and write", lambda p=part: write_part(storage, p))
        state = next_state(day)
    medians = {stage: sorted(values)[len(values) // 2] for stage, values in taken.items()}
    medians["write"] = medians.pop("digest and write") - medians["digest"]
    return medians


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", default="small-1w,small-1m")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
