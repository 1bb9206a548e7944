"""Writes all that a campaign has measured as tables, with a page that says what is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import IOBase
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.tables.all_tables import all_tables
from basetype_benchmark.analysis.tables.describe import describe_tables
from basetype_benchmark.analysis.tables.table import Table
from basetype_benchmark.atomic_files import open_atomically, write_atomically
from basetype_benchmark.benchmark.checksums import EXPORTS_DIR
from basetype_benchmark.config.prices import Prices
from basetype_benchmark.progress import SILENT, Progress

README = "README.md"

_FORMULA = r"^[=+\-@\t\r]"


class TableFormat(StrEnum):
    """What a table is written as."""

    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class ExportedTable:
    """One file of an export."""

    name: str
    path: Path
    rows: int


def export_results(
    data: CampaignData,
    table_format: TableFormat,
    *,
    prices: Prices,
    output: Path | None = None,
    progress: Progress = SILENT,
) -> tuple[Path, tuple[ExportedTable, ...]]:
    """Write every table, and a README that describes them; gives the folder and its tables.

    Without `output` the folder is ``exports/<format>`` in that of the campaign. Tables of an
    earlier export are written anew. What a campaign does not have is an empty table.

    Raises:
        CheckFailed: a result is missing, torn, or not of this version.
        DiskFull: there is no space left.
    """
    folder = output or data.folder / EXPORTS_DIR / table_format.value
    tables = all_tables(data, prices)
    with progress.task("write tables", len(tables), "tables") as task:
        written = []
        for table in tables:
            written.append(_write(folder, table, table_format))
            task.advance()
    text = describe_tables(data.campaign.campaign, table_format.value, tables, _rows(written))
    write_atomically(folder / README, text.encode())
    return folder, tuple(written)


def _rows(written: Sequence[ExportedTable]) -> Mapping[str, int]:
    return {table.name: table.rows for table in written}


def _write(folder: Path, table: Table, table_format: TableFormat) -> ExportedTable:
    frame = table.read()
    path = folder / f"{table.name}.{table_format.value}"
    with open_atomically(path) as file:
        _WRITERS[table_format](frame, file)
    return ExportedTable(name=table.name, path=path, rows=frame.height)


def _write_csv(frame: pl.DataFrame, file: BinaryIO) -> None:
    """Write text that a spreadsheet would run as a formula after an apostrophe."""
    frame.with_columns(pl.selectors.string().str.replace(_FORMULA, "'$0")).write_csv(file)


def _write_parquet(frame: pl.DataFrame, file: BinaryIO) -> None:
    frame.write_parquet(file)


def _write_json(frame: pl.DataFrame, file: BinaryIO) -> None:
    frame.write_json(cast(IOBase, file))


_WRITERS: Mapping[TableFormat, Callable[[pl.DataFrame, BinaryIO], None]] = {
    TableFormat.CSV: _write_csv,
    TableFormat.PARQUET: _write_parquet,
    TableFormat.JSON: _write_json,
}
