"""Loading the graph into PostgreSQL, P1 and P2, beside a bare binary COPY of the same rows.

The bare COPY is the most that the server can take: encoded rows wait in memory, the tables are
plain heaps made in the same transaction, and nothing follows. Ours starts at the Parquet files.
All go to the same server, in turns; the ratio is the median of the rounds' own, so that other work
on the machine weighs on both sides. `--copies` repeats the building under other ids, for a graph
that is big enough to be timed.

    python -m benchmarks.load_tables [--profile small-2d] [--copies 4] [--rounds 9] [--at-least 0.7]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.load_graph import write_copies
from psycopg import sql

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.loaders.base import StoreLoad, check_counts
from basetype_benchmark.loaders.postgres.arrow_copy import encode_copy
from basetype_benchmark.loaders.postgres.document import DOCUMENTS
from basetype_benchmark.loaders.postgres.graph_and_series import (
    ROWS_PER_PART,
    GraphLayout,
    PostgresLoader,
)
from basetype_benchmark.loaders.postgres.relational import RELATIONAL
from basetype_benchmark.progress import SILENT

LAYOUTS = (RELATIONAL, DOCUMENTS)

Encoded = dict[str, tuple[list[str], list[bytes]]]
"""By table: its columns, and the parts of its COPY."""


def main() -> int:
    """Measure and print; 1 when a ratio is below what was asked for."""
    options = parse_options()
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        dataset = write_copies(Path(name) / "dataset", options.profile, options.copies)
        with open_postgres(Path(name) / "postgresql") as service:
            ratios = [measure(service, layout, dataset, options.rounds) for layout in LAYOUTS]
    return 0 if min(ratios) >= options.at_least else 1


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Loading of the graph against the bare server.")
    parser.add_argument("--profile", default="small-2d")
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--at-least", type=float, default=0.7)
    return parser.parse_args()


def measure(service: Service, layout: GraphLayout, dataset: Dataset, rounds: int) -> float:
    """Print rates and phases of one layout; give its ratio to the bare COPY."""
    encoded = encode(layout, dataset)
    loader = PostgresLoader(service, layout)
    bare_s, loads = [], []
    for _ in range(rounds):
        bare_s.append(copy_bare(service, layout, encoded))
        loader.clear()
        loads.append(loader.load(dataset, SILENT))
    check_counts(layout.scenario, loader.count(), dataset.manifest.counts)
    loader.clear()
    return report(layout, bare_s, loads)


def encode(layout: GraphLayout, dataset: Dataset) -> Encoded:
    """Give all rows as the server takes them."""
    tables: Encoded = {}
    for filled in layout.rows(dataset):
        parts = encode_copy(filled.batches, filled.schema, ROWS_PER_PART)
        tables[filled.table] = (filled.schema.names, [part.data for part in parts])
    return tables


def copy_bare(service: Service, layout: GraphLayout, encoded: Encoded) -> float:
    """COPY them into heaps; give the seconds it took."""
    with connect(service.endpoint) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bare CASCADE")
        connection.execute("CREATE SCHEMA bare")
        connection.execute("SET search_path = bare")
        start = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(layout.tables)
            for table, (columns, parts) in encoded.items():
                with cursor.copy(copy_statement(table, columns)) as copy:
                    for part in parts:
                        copy.write(part)
        return time.perf_counter() - start


def copy_statement(table: str, columns: list[str]) -> sql.Composed:
    """Write the COPY of a table."""
    return sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def report(layout: GraphLayout, bare_s: list[float], loads: list[StoreLoad]) -> float:
    """Print rates and the ratio: the median of those of the rounds."""
    rows = next(phase.items for phase in loads[0].phases if phase.name == "graph") or 0
    ours_s = [phase_s(load, "graph") for load in loads]
    ratios = sorted(bare / ours for bare, ours in zip(bare_s, ours_s, strict=True))
    ratio = statistics.median(ratios)
    bare, ours = rows / statistics.median(bare_s), rows / statistics.median(ours_s)
    print(f"{layout.scenario}: {rows:,} rows, {len(loads)} rounds in turns; medians")
    print(f"  bare binary COPY into heaps   {bare:12,.0f} rows/s")
    print(f"  our load of the graph         {ours:12,.0f} rows/s")
    print(f"  ours / bare, round by round   {ratio:12.0%} ({ratios[0]:.0%} to {ratios[-1]:.0%})")
    for name in ("graph schema", "graph", "graph keys and indexes"):
        print(f"  {name:<24} {statistics.median(phase_s(load, name) for load in loads):8.3f} s")
    return ratio


def phase_s(load: StoreLoad, name: str) -> float:
    """Seconds of one phase."""
    return next(phase.elapsed_ns for phase in load.phases if phase.name == name) / 1e9


if __name__ == "__main__":
    sys.exit(main())
