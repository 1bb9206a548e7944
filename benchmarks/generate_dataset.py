"""How fast a dataset is generated and verified, and how much memory that takes.

The Parquet writer alone is measured beside it, on the same rows: nothing can be faster.

    python -m benchmarks.generate_dataset [--profile small-2d] [--workers 1]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from basetype_benchmark.config.profiles import DEFAULT_SEED, find_profile
from basetype_benchmark.dataset.generate import generate_dataset
from basetype_benchmark.dataset.parts import write_parquet
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.verify import verify_dataset


def main() -> int:
    """Measure and print."""
    options = read_options()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        begin = time.perf_counter()
        dataset = generate_dataset(
            find_profile(options.profile), DEFAULT_SEED, place / "dataset", workers=options.workers
        )
        generate_s = time.perf_counter() - begin
        begin = time.perf_counter()
        verify_dataset(dataset.folder)
        verify_s = time.perf_counter() - begin
        writer_s = time_writer(dataset, place / "copy.parquet")
    rows = dataset.manifest.counts.samples
    print(f"{options.profile}: {rows:,} rows, {options.workers} workers")
    for name, seconds in (
        ("generate", generate_s),
        ("verify", verify_s),
        ("Parquet writer alone", writer_s),
    ):
        print(f"{name:<22}{seconds:8.2f} s {rows / seconds:>12,.0f} rows/s")
    print(f"generate / writer     {generate_s / writer_s:8.1f} x")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"peak memory           {own / 1024:8.0f} MiB here, {worker / 1024:.0f} in a worker")
    return 0


def time_writer(dataset: Dataset, path: Path) -> float:
    """Write each part again, from memory; seconds in the writer."""
    seconds = 0.0
    for file in dataset.series_files():
        table = pa.Table.from_batches(dataset.series_batches([file]))
        begin = time.perf_counter()
        write_parquet(path, table, dictionary=["point_id", "value"])
        seconds += time.perf_counter() - begin
    return seconds


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="small-2d")
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
