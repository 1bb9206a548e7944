"""Chunks as triples: six for each, the two lists as one plain literal each (see `chunk_texts`)."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.export.chunk_texts import encode_chunks

CHUNK_BASE = "https://basetype-benchmark.org/chunk/"
TRIPLES_PER_CHUNK = 6

_INTEGER = f'"^^<{rdf.XSD}integer>'
_DATE = f'"^^<{rdf.XSD}date>'


def chunk_triples(chunks: pa.RecordBatch) -> bytes:
    """Write chunks in `CHUNK_SCHEMA` as N-Triples; a chunk's IRI is its point's id and its day."""
    texts = pl.DataFrame(pa.Table.from_batches([encode_chunks(chunks)]))
    ids = pl.Series([rdf.encode_id(point_id) for point_id in texts["point_id"]], dtype=pl.String)
    subject = pl.concat_str(pl.lit(f"<{CHUNK_BASE}"), ids, pl.lit("/"), texts["day"], pl.lit("> "))
    point = pl.concat_str(pl.lit(f"<{rdf.ID_BASE}"), ids, pl.lit(">"))
    count = texts["n"].cast(pl.String)
    triples = [
        _triple(subject, rdf.RDF_TYPE, pl.lit(rdf.term_iri("Chunk"))),
        _triple(subject, rdf.term_iri("chunkOf"), point),
        _triple(subject, rdf.term_iri("day"), _literal(texts["day"], _DATE)),
        _triple(subject, rdf.term_iri("sampleCount"), _literal(count, _INTEGER)),
        _triple(subject, rdf.term_iri("timestamps"), _literal(texts["timestamps"], '"')),
        _triple(subject, rdf.term_iri("values"), _literal(texts["values"], '"')),
    ]
    return b"".join(map(str.encode, pl.select(pl.concat_str(triples)).to_series()))


def _triple(subject: pl.Expr, predicate: str, value: pl.Expr) -> pl.Expr:
    return pl.concat_str(subject, pl.lit(f"{predicate} "), value, pl.lit(" .\n"))


def _literal(texts: pl.Series, end: str) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), texts, pl.lit(end))
