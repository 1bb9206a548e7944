"""Writes the graph of a dataset as N-Triples, in blocks of bounded size.

- A node is one IRI with ``rdf:type`` its node type (``btb:Equipment``) and its Brick class, and a
  ``btb:`` literal for each column that is not null (``btb:equipmentType``).
- `building_id`, `floor_id` and `space_id` name other nodes, and so are links between IRIs:
  ``btb:building``, ``btb:floor``, ``btb:space``. A query that has the building's IRI needs no
  look-up of its text, and one that wants the text asks for ``btb:building/btb:id``.
- `properties` are literals too, see `rdf_properties`.
- A relation is one triple, ``btb:feeds``; with a medium also a second one, ``btb:feedsAir``. A
  relation that has properties is described by an ``rdf:Statement`` as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa

from basetype_benchmark.atomic_files import open_atomically
from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.export.rdf_columns import write_iris, write_literals
from basetype_benchmark.dataset.export.rdf_properties import (
    LINK_COLUMNS,
    LITERAL_COLUMNS,
    property_tails,
)
from basetype_benchmark.dataset.reader import Dataset

# Some 100 000 triples either way: what `loaders/oxigraph.py` sends at a time.
NODE_ROWS = 5_000
EDGE_ROWS = 80_000


def write_ntriples(dataset: Dataset, path: Path) -> None:
    """Write the graph to `path`, under a temporary name until it is whole.

    Raises:
        DatasetError: a file cannot be read, or `properties` is not a JSON object.
        DiskFull: there is no space left.
    """
    with open_atomically(path) as file:
        file.writelines(stream_ntriples(dataset))


def stream_ntriples(
    dataset: Dataset, *, node_rows: int = NODE_ROWS, edge_rows: int = EDGE_ROWS
) -> Iterator[bytes]:
    """Give the graph as blocks of whole lines, the nodes first, then the relations.

    A block holds some 100 000 triples. The same dataset gives the same bytes for the same sizes,
    and the same lines for any.

    Raises:
        DatasetError: a file cannot be read, or `properties` is not a JSON object.
    """
    for rows in dataset.nodes().to_batches(max_chunksize=node_rows):
        yield _write_nodes(_to_polars(rows))
    for rows in dataset.edges().to_batches(max_chunksize=edge_rows):
        yield _write_edges(_to_polars(rows))


def _write_nodes(nodes: pl.DataFrame) -> bytes:
    subject = write_iris(nodes["id"], rdf.ID_BASE)
    pairs = [
        (rdf.RDF_TYPE, write_iris(nodes["type"], rdf.VOCABULARY)),
        (rdf.RDF_TYPE, _classes(nodes["brick_class"])),
        *((rdf.term_iri(rdf.camel_case(c)), write_literals(nodes[c])) for c in LITERAL_COLUMNS),
        *((rdf.term_iri(p), write_iris(nodes[c], rdf.ID_BASE)) for c, p in LINK_COLUMNS.items()),
    ]
    triples = [pl.concat_str(subject, pl.lit(f" {p} "), o, pl.lit(" .\n")) for p, o in pairs]
    return _join(triples) + _write_properties(subject, nodes["properties"])


def _write_properties(subjects: pl.Series, properties: pl.Series) -> bytes:
    """Write the triples of `properties`; equal texts are parsed once."""
    tails = {text: property_tails(text) for text in properties.drop_nulls().unique()}
    return "".join(
        f"{subject} {tail}"
        for subject, text in zip(subjects, properties, strict=True)
        if text is not None
        for tail in tails[text]
    ).encode()


def _write_edges(edges: pl.DataFrame) -> bytes:
    source = write_iris(edges["src_id"], rdf.ID_BASE)
    target = write_iris(edges["dst_id"], rdf.ID_BASE)
    triples = [
        pl.concat_str(source, predicate, target, pl.lit(".\n"), separator=" ")
        for predicate in _predicates(edges)
    ]
    described = edges.filter(pl.col("properties").is_not_null())
    return _join(triples) + "".join(map(_describe, described.iter_rows(named=True))).encode()


def _predicates(edges: pl.DataFrame) -> list[pl.Series]:
    """Give the two predicates of each relation; the second is null where there is no medium."""
    kinds = edges.select("rel_type", "medium").unique().rows()
    plain = {r: rdf.term_iri(rdf.relation_name(r)) for r, _ in kinds}
    by_medium = {f"{r} {m}": rdf.term_iri(rdf.relation_name(r, m)) for r, m in kinds if m}
    key = edges.select(pl.concat_str("rel_type", "medium", separator=" ")).to_series()
    return [
        edges["rel_type"].replace_strict(plain, return_dtype=pl.String),
        key.replace_strict(by_medium, default=None, return_dtype=pl.String),
    ]


def _describe(edge: dict[str, str]) -> str:
    """Describe a relation that has properties by a resource of its own, as reification does."""
    names = [edge[column] for column in ("src_id", "rel_type", "dst_id", "medium") if edge[column]]
    subject = f"<{rdf.EDGE_BASE}{'/'.join(map(rdf.encode_id, names))}>"
    predicate = rdf.term_iri(rdf.relation_name(edge["rel_type"], edge["medium"]))
    tails = [
        f"{rdf.RDF_TYPE} <{rdf.RDF}Statement> .\n",
        f"<{rdf.RDF}subject> {rdf.id_iri(edge['src_id'])} .\n",
        f"<{rdf.RDF}predicate> {predicate} .\n",
        f"<{rdf.RDF}object> {rdf.id_iri(edge['dst_id'])} .\n",
        *property_tails(edge["properties"]),
    ]
    return "".join(f"{subject} {tail}" for tail in tails)


def _to_polars(rows: pa.RecordBatch) -> pl.DataFrame:
    return pl.DataFrame(pa.Table.from_batches([rows]))


def _classes(names: pl.Series) -> pl.Series:
    iris = {name: rdf.class_iri(name) for name in names.drop_nulls().unique()}
    return names.replace_strict(iris, default=None, return_dtype=pl.String)


def _join(triples: list[pl.Expr]) -> bytes:
    """Join the columns of lines row by row, leaving out those that are null."""
    rows = pl.select(pl.concat_str(triples, ignore_nulls=True).str.join(""))
    return str(rows.item()).encode()
