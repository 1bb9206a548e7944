"""What the report of a large campaign takes: seconds, the most memory, and the size of the page.

500 cells (5 datasets, 10 scenarios, 5 RAM levels, 2 repetitions) of 10 010 samples and 1000
readings of each server are made up. Then another process writes the report, so that its memory is
that of the report alone.

    python -m benchmarks.write_report [--profiles 5] [--runs 385] [--readings 1000]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.made_campaign import Making, make_campaign, planned_cells

from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.workflows.report import write_report

MOST_S, MOST_MIB, MOST_PAGE_MIB = 60, 2048, 5
DURATIONS = ("1d", "2d", "1w", "2w", "1m", "2m", "3m", "6m", "9m", "1y")


def making_of(profiles: int, runs: int, readings: int) -> Making:
    """A campaign of a hundred cells for each dataset, with failures of every kind in it."""
    return Making(
        profiles=tuple(f"medium-{duration}" for duration in DURATIONS[:profiles]),
        scenarios=("P1", "P2", "O1", "O2", "F1", "F2", "M1", "A1", "A2", "D1"),
        levels_mib=(128, 256, 512, 1024, 2048),
        repetitions=2,
        runs=runs,
        readings=readings,
        outcomes={
            ("O1", "Q7"): Outcome.TIMEOUT,
            ("A2", "Q3"): Outcome.WRONG_ANSWER,
            ("D1", "Q5"): Outcome.UNSUPPORTED,
        },
        plan="Aggregate  (cost=1.00..2.00 rows=1)\n  ->  Seq Scan on points\n" * 20,
    )


def report(folder: Path) -> None:
    """Write the report, and say what it took."""
    imported = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    page = write_report(folder)
    took_s = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = page.stat().st_size / (1 << 20)
    print(f"report: {took_s:.1f} s (at most {MOST_S}), page {size:.2f} MiB (under {MOST_PAGE_MIB})")
    print(f"peak memory {peak:.0f} MiB (at most {MOST_MIB}), {imported:.0f} MiB before it began")
    if took_s > MOST_S or peak > MOST_MIB or size * (1 << 20) >= MOST_PAGE_MIB * 1e6:
        sys.exit("too much")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=5)
    parser.add_argument("--runs", type=int, default=385, help="of each of two variants")
    parser.add_argument("--readings", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="of a campaign to report; else one is made")
    chosen = parser.parse_args()
    if chosen.folder is not None:
        report(chosen.folder)
        return
    making = making_of(chosen.profiles, chosen.runs, chosen.readings)
    with tempfile.TemporaryDirectory() as folder:
        make_campaign(Path(folder), making)
        cells = len(planned_cells(making))
        samples = cells * 13 * chosen.runs * making.variants
        print(f"{cells} cells made up, {samples} samples planned")
        command = [sys.executable, "-m", "benchmarks.write_report", "--folder", folder]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
