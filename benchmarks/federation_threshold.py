"""Graph rows handed to SQL as arrays or by a temporary table: which is faster, and from where on.

For each number of rows both ways answer the same questions in turns on the same server; the table
shows medians of the whole, transfer included. `BATCH_THRESHOLD` in queries/federation.py is chosen
from this: the number from which on the temporary table is not slower.

    python -m benchmarks.federation_threshold [--rows-per-day N] [--rounds N]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.synthetic_series import point_ids, write_series

from basetype_benchmark.config.scenarios import StorageModel
from basetype_benchmark.dataset.model import EPOCH
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.loaders.postgres.series import SeriesLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.federation import FederationHandler
from basetype_benchmark.queries.loader import find_text, read_text

SIZES = (10, 100, 1_000, 3_000, 10_000, 30_000, 100_000)
POINTS = 100_000
ALWAYS, NEVER = 0, 1 << 62
WINDOWS = {"1 h": timedelta(hours=1), "1 day": timedelta(days=1)}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows-per-day", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        dataset = write_series(
            Path(name) / "series", rows_per_day=options.rows_per_day, days=1, points=POINTS
        )
        with open_postgres(Path(name) / "postgresql") as service:
            SeriesLoader(service).load(dataset, SILENT)
            with connect(service.endpoint) as connection:
                print_table(connection, options.rounds)
    return 0


def print_table(connection: Any, rounds: int) -> None:
    """Print one line per question, window and number of rows."""
    print(f"{'':18}{'rows':>8} {'arrays ms':>10} {'table ms':>10} {'of it transfer':>15}")
    for question_id in ("Q7", "Q12"):
        for label, width in WINDOWS.items():
            for size in SIZES:
                arrays, table, transfer = compare(connection, question_id, size, width, rounds)
                better = "arrays" if arrays <= table else "table"
                print(
                    f"{question_id:4} window {label:6}{size:>8,} {arrays:10.2f} {table:10.2f} "
                    f"{transfer:15.2f}  {better}"
                )


def compare(
    connection: Any, question_id: str, size: int, width: timedelta, rounds: int
) -> tuple[float, float, float]:
    """Give median milliseconds of arrays, of the table, and of the table's transfer alone."""
    ids = point_ids(POINTS)
    step = len(ids) // size
    rows = [(point_id, f"group {n % 20}") for n, point_id in enumerate(ids[::step][:size])]
    parameters = {"start": EPOCH, "end": EPOCH + width}
    arrays, table = [], []
    for _ in range(rounds):
        arrays.append(run(connection, question_id, rows, parameters, NEVER))
        table.append(run(connection, question_id, rows, parameters, ALWAYS))
    return (
        statistics.median(sum(legs) for legs in arrays),
        statistics.median(sum(legs) for legs in table),
        statistics.median(transfer for transfer, _ in table),
    )


def run(
    connection: Any,
    question_id: str,
    rows: Sequence[Any],
    parameters: dict[str, Any],
    threshold: int,
) -> tuple[float, float]:
    """Give the milliseconds of transfer and series leg."""
    question = find_question(question_id)
    path = find_text(question, StorageModel.SERIES, "postgresql")
    assert path is not None
    answer = FederationHandler(connection, batch_threshold=threshold).execute_federated_query(
        question, rows, read_text(path), parameters
    )
    return answer.transfer_ns / 1e6, answer.series_ns / 1e6


if __name__ == "__main__":
    sys.exit(main())
