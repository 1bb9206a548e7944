"""How fast a dataset is exported to each format, and how much memory that takes.

Each export runs in a process of its own. The last column shows whether memory grows with the
duration: the profiles of one scale should need the same.

    python -m benchmarks.export_dataset [--profiles small-2d,small-1w] [--formats p1,o1] [--gzip]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from benchmarks.process_memory import PeakMemory

from basetype_benchmark.config.profiles import DEFAULT_SEED, find_profile
from basetype_benchmark.dataset.export.exporter import export_dataset
from basetype_benchmark.dataset.export.manifest import ExportFormat
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.reader import open_dataset


def main() -> int:
    """Measure and print."""
    options = read_options()
    formats = [ExportFormat(name) for name in options.formats.split(",")]
    print(f"{'':10}{'format':8}{'s':>8}{'rows/s':>14}{'MB':>9}{'peak MB':>9}")
    for profile in options.profiles.split(","):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "dataset"
            generate_dataset(find_profile(profile), DEFAULT_SEED, folder, workers=1)
            for export_format in formats:
                print_export(profile, folder, export_format, options.gzip)
    return 0


def print_export(profile: str, folder: Path, export_format: ExportFormat, gzip: bool) -> None:
    """Export once and print the figures; rows are nodes, relations and samples."""
    with get_context("spawn").Pool(1) as pool:
        seconds, rows, size, peak = pool.apply(measure, (folder, export_format, gzip))
    print(
        f"{profile:10}{export_format:8}{seconds:8.2f}{rows / seconds:14,.0f}"
        f"{size / 1e6:9.1f}{peak / 1e6:9.0f}",
        flush=True,
    )


def measure(folder: Path, export_format: ExportFormat, gzip: bool) -> tuple[float, int, int, int]:
    """Seconds, rows, bytes written and bytes of memory at most, of one export."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as place, PeakMemory() as memory:
        begin = time.perf_counter()
        made = export_dataset(
            open_dataset(folder), export_format, Path(place) / "export", gzip=gzip
        )
        seconds = time.perf_counter() - begin
    counts = made.manifest.counts
    rows = sum(counts.nodes.values()) + sum(counts.edges.values()) + (counts.samples or 0)
    return seconds, rows, made.manifest.size_bytes, memory.peak_bytes


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", default="small-2d,small-1w")
    parser.add_argument("--formats", default=",".join(ExportFormat))
    parser.add_argument("--gzip", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
