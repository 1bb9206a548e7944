"""The noise sentinel: a fixed load for the CPU and the disk, a few hundred milliseconds in all.

Taken before the first cell and after every cell, while no server runs. A cell between readings that
differ from the rest was measured in drift.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.sentinel import SentinelReading
from basetype_benchmark.units import MIB

_HASHED_BYTES = 8 * MIB
_SORTED_VALUES = 1 << 17
_WRITTEN_BYTES = 4 * MIB
_CPU_ROUNDS = 5
_DISK_ROUNDS = 3
_SEED = 20240103


def measure_sentinel(folder: Path, *, after_cell: str | None = None) -> SentinelReading:
    """Measure the CPU and the disk that `folder` is on; the work is the same every time.

    Each figure is the median of several rounds, after one that is not counted, so that a short
    disturbance does not show: what is looked for lasts as long as a cell. Leaves no file behind.
    """
    hashed, values = _data()

    def work() -> None:
        hashlib.sha256(hashed).digest()
        np.sort(values, kind="stable")

    cpu_ns = _median_ns(work, _CPU_ROUNDS)
    try:
        disk_ns = _median_ns(lambda: _write_and_read(folder, hashed[:_WRITTEN_BYTES]), _DISK_ROUNDS)
    except OSError:  # full or read-only: whoever writes a result there says so
        disk_ns = None
    return SentinelReading(
        at=wall_clock.utc_now(), after_cell=after_cell, cpu_ns=cpu_ns, disk_ns=disk_ns
    )


def _median_ns(work: Callable[[], None], rounds: int) -> int:
    work()
    return round(median(_timed(work) for _ in range(rounds)))


def _timed(work: Callable[[], None]) -> int:
    begin = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - begin


def _write_and_read(folder: Path, content: memoryview) -> None:
    """Write a file without a name, so that even a kill leaves nothing; read it from the disk."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        file.write(content)
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        file.seek(0)
        file.readall()


@cache
def _data() -> tuple[memoryview, npt.NDArray[np.float64]]:
    """Bytes that do not compress and values in no order, always the same."""
    rng = np.random.Generator(np.random.Philox(_SEED))
    return memoryview(rng.bytes(_HASHED_BYTES)), rng.random(_SORTED_VALUES)
