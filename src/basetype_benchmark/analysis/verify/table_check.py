"""Whether the tables beside each cell are its own, and the joined ones hold the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basetype_benchmark.analysis.verify.bundle import Bundle, cell_file
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.monitoring.resources_io import (
    RESOURCES_FILE,
    RESOURCES_SCHEMA,
    readings_path,
)
from basetype_benchmark.benchmark.results_io import CELLS_DIR
from basetype_benchmark.benchmark.samples_io import SAMPLES_FILE, SAMPLES_SCHEMA, samples_path
from basetype_benchmark.benchmark.tables_io import digest_file
from basetype_benchmark.errors import CheckFailed

_ROWS_AT_ONCE = 1 << 16


def check_tables(bundle: Bundle) -> Check:
    """Compare the digests in the cells, and every row of the joined tables."""
    tally = Tally("tables", "each cell's tables are its own, and the joined tables hold the same")
    folder = bundle.folder / CELLS_DIR
    for cell, record in bundle.cells.items():
        for field, path in (
            ("samples_sha256", samples_path(folder, cell)),
            ("readings_sha256", readings_path(folder, cell)),
        ):
            digest = getattr(record, field)
            problem = f"is not that of {CELLS_DIR}/{path.name}"
            tally.demand(_digest(path) == digest, cell_file(cell), field, problem)
    _check_joined(bundle, SAMPLES_FILE, SAMPLES_SCHEMA, bundle.samples, tally)
    _check_joined(bundle, RESOURCES_FILE, RESOURCES_SCHEMA, bundle.readings, tally)
    return tally.result()


def _digest(path: Path) -> str | None:
    try:
        return digest_file(path)
    except CheckFailed:
        return None


def _check_joined(
    bundle: Bundle,
    name: str,
    schema: pa.Schema,
    read: Callable[[str], pa.Table | None],
    tally: Tally,
) -> None:
    """Compare a joined table with those of the cells, with a part of both in memory at a time."""
    path = bundle.folder / name
    if not path.exists():
        if bundle.checksums is None:
            tally.leave_out(f"there is no {name} yet")
        else:
            tally.demand(False, name, "", "is missing")
        return
    try:
        joined = _Rows(path, schema)
        for planned in bundle.campaign.cells:
            table = read(planned.cell) if planned.cell in bundle.cells else None
            if table is not None and not _is_next(joined, planned.cell, table, name, tally):
                return
        tally.demand(joined.take(1).num_rows == 0, name, "", "has rows that no cell has")
    except (OSError, pa.ArrowException) as error:
        tally.demand(False, name, "", f"cannot be read: {error}")


def _is_next(joined: _Rows, cell: str, table: pa.Table, name: str, tally: Tally) -> bool:
    """Compare the next rows of the joined table; False when they are not those of the cell."""
    for first in range(0, table.num_rows, _ROWS_AT_ONCE):
        due = table.slice(first, _ROWS_AT_ONCE)
        found = joined.take(due.num_rows)
        problem = f"does not hold what {CELLS_DIR}/{cell}.{name} does"
        tally.demand(found.equals(due), name, _first_other(found, due, first), problem)
        if not found.equals(due):
            return False
    return True


def _first_other(found: pa.Table, due: pa.Table, first: int) -> str:
    """Name the first row and column that differ: ``row 17, elapsed_ns``."""
    for column in due.column_names:
        here, there = found.column(column).to_pylist(), due.column(column).to_pylist()
        for index, (left, right) in enumerate(zip(here, there, strict=False)):
            if left != right:
                return f"row {first + index} of the cell, {column}"
    return ""


class _Rows:
    """The rows of a Parquet file, taken in order."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = pq.ParquetFile(path)
        if not self._file.schema_arrow.equals(schema):
            raise pa.ArrowInvalid("its columns are others")
        self._batches: Iterator[pa.RecordBatch] = self._file.iter_batches(_ROWS_AT_ONCE)
        self._left = schema.empty_table()

    def take(self, count: int) -> pa.Table:
        """Give the next rows; fewer at the end."""
        while self._left.num_rows < count:
            batch = next(self._batches, None)
            if batch is None:
                break
            self._left = pa.concat_tables([self._left, pa.Table.from_batches([batch])])
        taken = self._left.slice(0, count)
        self._left = self._left.slice(count)
        return taken
