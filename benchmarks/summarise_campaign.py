"""What it takes to read and sum up a large campaign: seconds, and the most memory.

500 cells (11 scenarios, 16 RAM levels, 3 repetitions) of 13 queries and 10 010 samples each are
written as a run writes them. Then another process reads and sums them up, so that its memory is
that of the summary alone.

    python -m benchmarks.summarise_campaign [--cells 500] [--samples 10010]
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
from tests.records import make_campaign, make_cell, make_result

from basetype_benchmark.analysis.campaign_data import read_campaign_data
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.benchmark.campaign import (
    PlannedCell,
)
from basetype_benchmark.benchmark.monitoring.reading_log import ReadingLog
from basetype_benchmark.benchmark.monitoring.resources_io import write_cell_readings
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results import QueryResult, VariantResult
from basetype_benchmark.benchmark.results_io import CELLS_DIR, write_campaign, write_cell
from basetype_benchmark.benchmark.samples_io import SAMPLES_SCHEMA, samples_path
from basetype_benchmark.benchmark.statistics import summarise
from basetype_benchmark.benchmark.tables_io import write_table
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.units import GIB

QUERIES = tuple(f"Q{number}" for number in range(1, 14))
VARIANTS = 10
LEVELS = 16
REPETITIONS = 3
PROFILE = "large-1w"


def planned_cells(count: int) -> list[PlannedCell]:
    """The first `count` cells of all scenarios, levels and repetitions."""
    every = itertools.product(SCENARIOS, range(1, LEVELS + 1), range(1, REPETITIONS + 1))
    return [
        PlannedCell(
            cell=f"{PROFILE}.{scenario}.{level}g.r{repetition}",
            profile=PROFILE,
            scenario=str(scenario),
            repetition=repetition,
            ram_bytes=level * GIB,
            fingerprint="a" * 16,
        )
        for scenario, level, repetition in itertools.islice(every, count)
    ]


def write_made(folder: Path, cells: list[PlannedCell], samples: int) -> None:
    """Write a campaign with log-normal latencies."""
    made = make_campaign()
    runs = samples // len(QUERIES) // VARIANTS
    protocol = Protocol(warmup=3, runs=runs, variants=VARIANTS)
    profiles = (replace(made.profiles[0], profile=PROFILE, protocol=protocol),)
    write_campaign(folder, replace(made, profiles=profiles, queries=QUERIES, cells=tuple(cells)))
    for number, cell in enumerate(cells):
        write_one(folder, cell, runs, np.random.default_rng(number))


def write_one(folder: Path, cell: PlannedCell, runs: int, rng: np.random.Generator) -> None:
    """Write a cell as a campaign does, but its samples as columns: objects take too long."""
    write_cell_readings(folder / CELLS_DIR, cell.cell, ReadingLog())
    size = (len(QUERIES), runs, VARIANTS)
    medians = np.geomspace(1e5, 1e8, len(QUERIES))[:, None, None]
    elapsed = np.rint(medians * rng.lognormal(0, 0.2, size)).astype(np.int64)
    queries = tuple(
        made_query(query, values.ravel().tolist(), runs)
        for query, values in zip(QUERIES, elapsed, strict=True)
    )
    result = replace(
        make_result(queries=queries), scenario=cell.scenario, profile=cell.profile, load=None
    )
    record = replace(
        make_cell(cell.cell, result), repetition=cell.repetition, ram_bytes=cell.ram_bytes
    )
    write_cell(folder, record)
    table = made_table(cell, elapsed)
    digest = write_table(samples_path(folder / CELLS_DIR, cell.cell), SAMPLES_SCHEMA, [table])
    path = folder / CELLS_DIR / f"{cell.cell}.json"
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | {"samples_sha256": digest}))


def made_query(query: str, elapsed: list[int], runs: int) -> QueryResult:
    variants = tuple(
        VariantResult(number=number, parameters={}, expected_rows=4, outcome=Outcome.OK)
        for number in range(1, VARIANTS + 1)
    )
    return QueryResult(
        query=query,
        name=query,
        outcome=Outcome.OK,
        reason=None,
        variants=variants,
        planned_runs=len(elapsed),
        answered_runs=len(elapsed),
        rows=4,
        legs=None,
        client=None,
        latency=summarise(elapsed, list(range(1, VARIANTS + 1)) * runs),
    )


def made_table(cell: PlannedCell, elapsed: np.ndarray) -> pa.Table:
    queries, runs, variants = elapsed.shape
    rows = elapsed.size
    columns = {
        "cell": [cell.cell] * rows,
        "profile": [cell.profile] * rows,
        "scenario": [cell.scenario] * rows,
        "ram_bytes": [cell.ram_bytes] * rows,
        "repetition": [cell.repetition] * rows,
        "query": np.repeat(QUERIES, runs * variants),
        "variant": np.tile(np.arange(1, variants + 1), queries * runs),
        "run": np.tile(np.repeat(np.arange(1, runs + 1), variants), queries),
        "outcome": ["ok"] * rows,
        "rows": [4] * rows,
        "elapsed_ns": elapsed.ravel(),
    }
    nothing = {f.name: pa.nulls(rows, f.type) for f in SAMPLES_SCHEMA if f.name not in columns}
    return pa.table(
        {f.name: columns[f.name] if f.name in columns else nothing[f.name] for f in SAMPLES_SCHEMA},
        schema=SAMPLES_SCHEMA,
    )


def sum_up(folder: Path) -> None:
    """Read and sum up, and say what it took."""
    imported = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    data = read_campaign_data(folder)
    read = time.perf_counter()
    summary = summarise_campaign(data)
    end, cpu_s = time.perf_counter(), time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    samples = sum(query.latency.n for query in summary.queries if query.latency is not None)
    print(f"{len(data.cells)} cells, {samples} samples: {len(summary.queries)} queries summed up")
    print(f"reading and checking the results {read - begin:.1f} s, summing up {end - read:.1f} s")
    print(f"CPU time of the whole process {cpu_s:.1f} s")
    print(f"peak memory {peak:.0f} MiB, of which {imported:.0f} MiB before anything was read")
    told = repr([(q.query, q.latency, q.instability) for q in summary.queries]).encode()
    print(f"digest of the figures: {hashlib.sha256(told).hexdigest()[:16]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=500)
    parser.add_argument("--samples", type=int, default=10_010)
    parser.add_argument("--folder", type=Path, help="of a campaign to sum up; else one is made")
    chosen = parser.parse_args()
    if chosen.folder is not None:
        sum_up(chosen.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_made(Path(folder), planned_cells(chosen.cells), chosen.samples)
        command = [sys.executable, "-m", "benchmarks.summarise_campaign", "--folder", folder]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
