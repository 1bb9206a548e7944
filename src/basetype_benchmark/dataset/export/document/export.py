"""Writes a dataset as documents (P2): the table `entity`, and the samples as in P1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa

from basetype_benchmark.dataset.export.copy_script import CopiedTable, write_load_scripts
from basetype_benchmark.dataset.export.csv_files import write_batches, write_series
from basetype_benchmark.dataset.export.document.documents import ENTITY_SCHEMA, entities
from basetype_benchmark.dataset.export.document.scripts import read_script
from basetype_benchmark.dataset.export.folder import ExportFolder
from basetype_benchmark.dataset.export.manifest import ExportCounts
from basetype_benchmark.dataset.export.relational.scripts import CONSTRAINTS, TABLES
from basetype_benchmark.dataset.partitions import series_partitions
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import count_by
from basetype_benchmark.progress import Task

_ENTITY = CopiedTable(table="entity", columns=ENTITY_SCHEMA.names)


def export_documents(dataset: Dataset, folder: ExportFolder, task: Task) -> ExportCounts:
    """Write the documents, the samples and the scripts that load them; gives what was written.

    Raises:
        DatasetError: a file cannot be read, or `properties` is not a JSON object.
        DiskFull: there is no space left.
    """
    types: Counter[str] = Counter()
    edges = dataset.edges()

    def counted() -> Iterator[pa.RecordBatch]:
        for batch in entities(dataset.nodes(), edges):
            types.update(batch.column("type").to_pylist())
            yield batch

    write_batches(folder, "entity.csv", ENTITY_SCHEMA, counted())
    write_load_scripts(
        folder,
        schema=read_script(TABLES),
        constraints=read_script(CONSTRAINTS),
        tables=[_ENTITY],
        partitions=list(series_partitions(dataset)),
    )
    samples = write_series(dataset, folder, task)
    return ExportCounts(nodes=types, edges=count_by(edges, "rel_type"), samples=samples)
