"""The triples of a dataset in the parts that are sent to Oxigraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.dataset.chunks import chunks
from basetype_benchmark.dataset.export.chunk_triples import TRIPLES_PER_CHUNK, chunk_triples
from basetype_benchmark.dataset.export.ntriples import stream_ntriples
from basetype_benchmark.dataset.partitions import series_partitions
from basetype_benchmark.dataset.reader import Dataset

CHUNK_PART_BYTES = 16_000_000
"""Text from which on chunks are sent; a part is at most some 3 MB more."""


class Part(NamedTuple):
    """Whole lines of N-Triples. `items` is what a phase counts: triples, or samples of chunks."""

    text: bytes
    triples: int
    items: int


def graph_parts(dataset: Dataset) -> Iterator[Part]:
    """Give the graph, some 100 000 triples at a time.

    Raises:
        DatasetError: a file cannot be read.
    """
    for text in stream_ntriples(dataset):
        triples = text.count(b"\n")
        yield Part(text, triples, triples)


def chunk_parts(dataset: Dataset, part_bytes: int = CHUNK_PART_BYTES) -> Iterator[Part]:
    """Give the series as chunks, those of a building and day in parts of their own.

    Raises:
        DatasetError: a file cannot be read.
    """
    for partition in series_partitions(dataset):
        batches = list[pa.RecordBatch]()
        texts = list[bytes]()
        for batch in chunks(dataset.series_batches(partition.files)):
            batches.append(batch)
            texts.append(chunk_triples(batch))
            if sum(map(len, texts)) >= part_bytes:
                yield _join(batches, texts)
                batches, texts = [], []
        if batches:
            yield _join(batches, texts)


def _join(batches: Sequence[pa.RecordBatch], texts: Sequence[bytes]) -> Part:
    triples = TRIPLES_PER_CHUNK * sum(batch.num_rows for batch in batches)
    samples = sum(pc.sum(batch.column("n")).as_py() for batch in batches)
    return Part(b"".join(texts), triples, samples)
