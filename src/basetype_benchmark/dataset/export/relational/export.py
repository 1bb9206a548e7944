"""Writes a dataset as the tables of the relational model (P1): one CSV file per table."""

from __future__ import annotations

from collections import Counter

from basetype_benchmark.dataset.export.copy_script import CopiedTable, write_load_scripts
from basetype_benchmark.dataset.export.csv_files import write_series, write_table
from basetype_benchmark.dataset.export.folder import ExportFolder
from basetype_benchmark.dataset.export.manifest import ExportCounts
from basetype_benchmark.dataset.export.relational.layout import (
    JUNCTIONS,
    NODE_TABLES,
    RELATION_COLUMNS,
)
from basetype_benchmark.dataset.export.relational.scripts import CONSTRAINTS, TABLES, read_script
from basetype_benchmark.dataset.export.relational.tables import FilledTable, relational_tables
from basetype_benchmark.dataset.partitions import series_partitions
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.progress import Task


def export_relational(dataset: Dataset, folder: ExportFolder, task: Task) -> ExportCounts:
    """Write the tables, the samples and the scripts that load them; gives what was written.

    Raises:
        DatasetError: something has no place in the relational model, or a file cannot be read.
        DiskFull: there is no space left.
    """
    nodes: dict[str, int] = {}
    edges: Counter[str] = Counter()
    copied = []
    for filled in relational_tables(dataset.nodes(), dataset.edges()):
        write_table(folder, f"{filled.table}.csv", filled.rows)
        nodes |= _count_nodes(filled)
        edges += _count_relations(filled)
        copied.append(CopiedTable(table=filled.table, columns=filled.rows.column_names))
    write_load_scripts(
        folder,
        schema=read_script(TABLES),
        constraints=read_script(CONSTRAINTS),
        tables=copied,
        partitions=list(series_partitions(dataset)),
    )
    samples = write_series(dataset, folder, task)
    return ExportCounts(nodes=nodes, edges=dict(edges), samples=samples)


def _count_nodes(filled: FilledTable) -> dict[str, int]:
    return {t.type.value: filled.rows.num_rows for t in NODE_TABLES if t.table == filled.table}


def _count_relations(filled: FilledTable) -> Counter[str]:
    table_of = {table.type: table.table for table in NODE_TABLES}
    counts = Counter(
        {j.relation.value: filled.rows.num_rows for j in JUNCTIONS if j.table == filled.table}
    )
    for column in RELATION_COLUMNS:
        if table_of[column.holder] == filled.table:
            cells = filled.rows.column(column.column)
            counts[column.relation.value] += len(cells) - cells.null_count
    return counts
