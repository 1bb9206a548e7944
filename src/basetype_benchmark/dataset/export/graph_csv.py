"""Writes a dataset as a property graph: CSV files with Cypher scripts (M2), and its chunks (M1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.dataset.chunks import chunks
from basetype_benchmark.dataset.export.chunk_texts import TEXT_SCHEMA, encode_chunks
from basetype_benchmark.dataset.export.csv_files import write_batches, write_table
from basetype_benchmark.dataset.export.cypher import DIALECTS, load_script
from basetype_benchmark.dataset.export.folder import ExportFolder
from basetype_benchmark.dataset.export.manifest import ExportCounts
from basetype_benchmark.dataset.export.property_graph import (
    LIST_SEPARATOR,
    labelled_nodes,
    relationships,
)
from basetype_benchmark.dataset.partitions import Partition, series_partitions
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.progress import Task

_DAY = TEXT_SCHEMA.get_field_index("day")
_CHUNK_SCHEMA = TEXT_SCHEMA.set(_DAY, pa.field("day", pa.int64(), nullable=False))
"""The day in seconds since 1970, as the Cypher texts compare it with a window."""


def export_property_graph(dataset: Dataset, folder: ExportFolder, task: Task) -> ExportCounts:
    """Write nodes, relationships and the scripts that load them; gives what was written.

    Raises:
        DatasetError: a file cannot be read, or `properties` is not a JSON object.
        DiskFull: there is no space left.
    """
    return _write_graph(dataset, folder, ())


def export_property_graph_with_chunks(
    dataset: Dataset, folder: ExportFolder, task: Task
) -> ExportCounts:
    """Write what `export_property_graph` writes, and the chunks, one file per building and day.

    Raises:
        DatasetError: a file cannot be read, or `properties` is not a JSON object.
        DiskFull: there is no space left.
    """
    partitions = list(series_partitions(dataset))
    counts = _write_graph(dataset, folder, [folder.data_name(_name(p)) for p in partitions])
    chunk_count, samples = 0, 0
    for partition in partitions:
        written = _write_chunks(dataset, folder, partition, task)
        chunk_count += written[0]
        samples += written[1]
    return counts.model_copy(update={"chunks": chunk_count, "samples": samples})


def _write_graph(
    dataset: Dataset, folder: ExportFolder, chunk_files: Sequence[str]
) -> ExportCounts:
    nodes, edges = dataset.nodes(), dataset.edges()
    labels, relations = {}, {}
    counted: Counter[str] = Counter()
    for labelled in labelled_nodes(nodes):
        name = f"nodes/{labelled.label}.csv"
        write_table(folder, name, _lists_as_text(labelled.rows))
        labels[folder.data_name(name)] = labelled
    for related in relationships(nodes, edges):
        name = f"relationships/{related.relation}_{related.source}_{related.target}.csv"
        write_table(folder, name, _lists_as_text(related.rows))
        relations[folder.data_name(name)] = related
        counted[related.relation] += related.rows.num_rows
    for dialect in DIALECTS:
        script = load_script(dialect, labels, relations, chunk_files)
        folder.write_text(f"load.{dialect.name}.cypher", script)
    return ExportCounts(
        nodes={n.label: n.rows.num_rows for n in labels.values()}, edges=dict(counted)
    )


def _lists_as_text(rows: pa.Table) -> pa.Table:
    for position, field in enumerate(rows.schema):
        if pa.types.is_list(field.type):
            joined = pc.binary_join(rows.column(position), LIST_SEPARATOR)
            rows = rows.set_column(position, field.name, joined)
    return rows


def _write_chunks(
    dataset: Dataset, folder: ExportFolder, partition: Partition, task: Task
) -> tuple[int, int]:
    """Write the chunks of a building and day; gives how many, and of how many samples."""
    samples = 0

    def encoded() -> Iterator[pa.RecordBatch]:
        nonlocal samples
        for batch in chunks(dataset.series_batches(partition.files)):
            number = pc.sum(batch.column("n")).as_py()
            samples += number
            yield _with_day_in_seconds(encode_chunks(batch))
            task.advance(number)

    return write_batches(folder, _name(partition), _CHUNK_SCHEMA, encoded()), samples


def _with_day_in_seconds(texts: pa.RecordBatch) -> pa.RecordBatch:
    days = texts.column(_DAY).cast(pa.date32()).cast(pa.timestamp("s")).cast(pa.int64())
    return texts.set_column(_DAY, _CHUNK_SCHEMA.field(_DAY), days)


def _name(partition: Partition) -> str:
    return f"chunks/{partition.building_id}/{partition.day}.csv"
