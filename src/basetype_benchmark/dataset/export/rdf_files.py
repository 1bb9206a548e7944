"""Writes a dataset as N-Triples: the graph (O2), and its chunks (O1)."""

from __future__ import annotations

import re
from collections import Counter

import pyarrow.compute as pc

from basetype_benchmark.dataset.chunks import chunks
from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.export.chunk_triples import TRIPLES_PER_CHUNK, chunk_triples
from basetype_benchmark.dataset.export.folder import ExportFolder, ExportWriter
from basetype_benchmark.dataset.export.manifest import ExportCounts
from basetype_benchmark.dataset.export.ntriples import stream_ntriples
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.partitions import Partition, series_partitions
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.progress import Task

GRAPH_NAME = "graph.nt"

# No literal can pass for one of these lines: a subject has no spaces, a literal no line ends.
_NODE_LINE = re.compile(
    rf"^<\S+> {re.escape(rdf.RDF_TYPE)} <{re.escape(rdf.VOCABULARY)}(\w+)> \.$".encode(),
    re.MULTILINE,
)
_LINK_LINE = re.compile(rf"^<\S+> <{re.escape(rdf.VOCABULARY)}(\w+)> <".encode(), re.MULTILINE)


def export_triples(dataset: Dataset, folder: ExportFolder, task: Task) -> ExportCounts:
    """Write the graph; gives what was written, counted in the lines themselves.

    Raises:
        DatasetError: a file cannot be read, or `properties` is not a JSON object.
        DiskFull: there is no space left.
    """
    types: Counter[bytes] = Counter()
    links: Counter[bytes] = Counter()
    with folder.open_data(GRAPH_NAME) as file:
        for block in stream_ntriples(dataset):
            file.write(block, block.count(b"\n"))
            types.update(_NODE_LINE.findall(block))
            links.update(_LINK_LINE.findall(block))
    return ExportCounts(
        nodes={kind: types[kind.encode()] for kind in NodeType},
        edges={kind: links[rdf.relation_name(kind).encode()] for kind in Relation},
    )


def export_triples_with_chunks(dataset: Dataset, folder: ExportFolder, task: Task) -> ExportCounts:
    """Write what `export_triples` writes, and the chunks, one file per building and day.

    Raises:
        DatasetError: a file cannot be read, or `properties` is not a JSON object.
        DiskFull: there is no space left.
    """
    counts = export_triples(dataset, folder, task)
    chunk_count, samples = 0, 0
    for partition in series_partitions(dataset):
        with folder.open_data(f"chunks/{partition.building_id}/{partition.day}.nt") as file:
            samples += _write_chunks(dataset, partition, file, task)
        chunk_count += file.rows // TRIPLES_PER_CHUNK
    return counts.model_copy(update={"chunks": chunk_count, "samples": samples})


def _write_chunks(dataset: Dataset, partition: Partition, file: ExportWriter, task: Task) -> int:
    samples = 0
    for batch in chunks(dataset.series_batches(partition.files)):
        number = pc.sum(batch.column("n")).as_py()
        file.write(chunk_triples(batch), batch.num_rows * TRIPLES_PER_CHUNK)
        task.advance(number)
        samples += number
    return samples
