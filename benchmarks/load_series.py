"""Loading the series into PostgreSQL beside a bare binary COPY of the same Arrow data.

The bare COPY is the most that the server can take: decoded batches wait in memory, the table is a
plain heap made in the same transaction, and nothing follows. Ours starts at the Parquet files and
ends with day partitions, frozen. Both go to the same server, in turns; the ratio is of the medians.

    python -m benchmarks.load_series [--rows-per-day N] [--days N] [--rounds N] [--at-least 0.7]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pgpq
import pyarrow as pa
from benchmarks.synthetic_series import write_series

from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.loaders.base import StoreLoad
from basetype_benchmark.loaders.postgres.arrow_copy import ROWS_PER_WRITE
from basetype_benchmark.loaders.postgres.series import SeriesLoader
from basetype_benchmark.loaders.postgres.series_table import COPY_SCHEMA
from basetype_benchmark.progress import SILENT


def main() -> int:
    """Measure and print; 1 when the ratio is below what was asked for."""
    options = parse_options()
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        dataset = options.dataset and open_dataset(options.dataset)
        dataset = dataset or write_series(
            Path(name) / "series", rows_per_day=options.rows_per_day, days=options.days
        )
        with open_postgres(Path(name) / "postgresql") as service:
            bare_s, loads = measure(service, dataset, options.rounds)
    return report(dataset.manifest.counts.samples, bare_s, loads, options.at_least)


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows-per-day", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dataset", type=Path, help="a dataset folder in place of synthetic rows")
    parser.add_argument("--at-least", type=float, default=0.7)
    return parser.parse_args()


def measure(service: Service, dataset: Dataset, rounds: int) -> tuple[list[float], list[StoreLoad]]:
    """Take turns, so that a slow moment of the machine falls on both."""
    batches = [
        batch.slice(start, ROWS_PER_WRITE).cast(COPY_SCHEMA)
        for batch in dataset.series_batches()
        for start in range(0, batch.num_rows, ROWS_PER_WRITE)
    ]
    loader = SeriesLoader(service)
    bare_s, loads = [], []
    for _ in range(rounds):
        bare_s.append(copy_bare(service, batches))
        loader.clear()
        loads.append(loader.load(dataset, SILENT))
    return bare_s, loads


def copy_bare(service: Service, batches: list[pa.RecordBatch]) -> float:
    """COPY the batches into a heap table; give the seconds it took."""
    encoder = pgpq.ArrowToPostgresBinaryEncoder(COPY_SCHEMA)
    with connect(service.endpoint) as connection:
        connection.execute("DROP TABLE IF EXISTS public.bare")
        start = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE public.bare "
                '(time timestamptz, point_id text COLLATE "C", value double precision)'
            )
            with cursor.copy("COPY public.bare FROM STDIN WITH (FORMAT binary)") as copy:
                copy.write(encoder.write_header())
                for batch in batches:
                    copy.write(encoder.write_batch(batch))
                copy.write(encoder.finish())
        return time.perf_counter() - start


def report(samples: int, bare_s: list[float], loads: list[StoreLoad], at_least: float) -> int:
    """Print rates and ratios."""
    bare = samples / statistics.median(bare_s)
    ours = samples / statistics.median(phase_s(load, "series") for load in loads)
    whole = samples / statistics.median(
        sum(phase.elapsed_ns for phase in load.phases) / 1e9 for load in loads
    )
    print(f"{samples:,} rows, {len(loads)} rounds in turns; medians")
    print(f"bare binary COPY into a heap        {bare:12,.0f} rows/s")
    print(f"our load of the series              {ours:12,.0f} rows/s   {ours / bare:.0%} of bare")
    print(f"with schema, index and statistics   {whole:12,.0f} rows/s   {whole / bare:.0%} of bare")
    for phase in loads[-1].phases:
        print(f"  last round: {phase.name:<16} {phase.elapsed_ns / 1e9:8.3f} s")
    return 0 if ours / bare >= at_least else 1


def phase_s(load: StoreLoad, name: str) -> float:
    """Seconds of one phase."""
    return next(phase.elapsed_ns for phase in load.phases if phase.name == name) / 1e9


if __name__ == "__main__":
    sys.exit(main())
