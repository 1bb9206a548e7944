"""What the cells of one RAM level say together; the same when it is computed again."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.failure import Failure, find_failure
from basetype_benchmark.benchmark.gradient import LevelResult, Observation
from basetype_benchmark.benchmark.ratio import geometric_mean_p50, latencies_of


def describe_level(
    ram_bytes: int, cells: Sequence[str], records: Sequence[CellRecord]
) -> tuple[Observation, LevelResult]:
    """Judge a level by the results there are, samples included, of its planned `cells`."""
    failure = _first_failure(records)
    latencies = latencies_of([record.result for record in records])
    words = None if failure is None else failure.words
    observation = Observation(
        ram_bytes=ram_bytes,
        failure=words,
        is_memory_matter=failure is None or failure.is_memory_matter,
        latencies=latencies,
    )
    level = LevelResult(
        ram_bytes=ram_bytes,
        cells=tuple(cells),
        failure=words,
        geometric_mean_p50_ns=None if failure else geometric_mean_p50(latencies),
    )
    return observation, level


def _first_failure(records: Sequence[CellRecord]) -> Failure | None:
    failures = (find_failure(record.result) for record in records)
    return next((failure for failure in failures if failure is not None), None)
