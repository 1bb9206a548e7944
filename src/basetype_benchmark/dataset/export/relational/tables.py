"""The building graph as rows of the relational tables: nothing of the dataset is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from basetype_benchmark.dataset.export.relational.layout import (
    JUNCTIONS,
    NODE_TABLES,
    RELATION_COLUMNS,
    RELATION_PROPERTIES,
    Junction,
    NodeTable,
    RelationColumn,
)
from basetype_benchmark.dataset.model import NODE_COLUMNS, Relation
from basetype_benchmark.errors import DatasetError

_LIST_AT_MOST = 3


@dataclass(frozen=True, kw_only=True)
class FilledTable:
    """Rows for one table; column names are the table's, all text, `properties` is JSON.

    A column of the nodes that came as a dictionary is one here.
    """

    table: str
    rows: pa.Table


def relational_tables(
    nodes: pa.Table, edges: pa.Table, *, biggest_first: bool = False
) -> Iterator[FilledTable]:
    """Lay nodes and edges out as the rows of all tables, one table at a time.

    The order is that of the schema, or `biggest_first` among the tables of nodes: a load that
    makes rows ahead has the others ready when it has sent the one that takes longest.

    Raises:
        DatasetError: something has no place in the relational model; nothing is dropped in silence.
    """
    relations = _Relations(_with_types(nodes, pl.DataFrame(edges)))
    _check_places(relations.all)
    for table in _by_size(nodes) if biggest_first else NODE_TABLES:
        yield FilledTable(table=table.table, rows=_node_rows(table, nodes, relations))
    for junction in JUNCTIONS:
        yield _filled(junction.table, _junction_rows(junction, relations))
    yield _filled(RELATION_PROPERTIES, _column_properties(relations))


def _by_size(nodes: pa.Table) -> list[NodeTable]:
    counted = nodes["type"].value_counts()
    sizes = dict(
        zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
    )
    return sorted(NODE_TABLES, key=lambda table: sizes.get(table.type.value, 0), reverse=True)


class _Relations:
    """Relations with the types of their ends, in the dataset's order; divided by type once."""

    def __init__(self, relations: pl.DataFrame) -> None:
        self.all = relations
        self._by_type = relations.partition_by("rel_type", as_dict=True)

    def of(self, relation: Relation) -> pl.DataFrame:
        """Give those of one type."""
        return self._by_type.get((relation.value,), self.all.clear())

    def described(self) -> _Relations:
        """Give those with properties."""
        return _Relations(self.all.filter(pl.col("properties").is_not_null()))


def _with_types(nodes: pa.Table, edges: pl.DataFrame) -> pl.DataFrame:
    types = pl.DataFrame(nodes.select(["id", "type"])).cast(pl.String)
    ends = pl.concat([edges["src_id"], edges["dst_id"]]).alias("id").to_frame()
    found = ends.join(types, on="id", how="left", maintain_order="left")["type"]
    if found.len() != ends.height:
        raise DatasetError("two nodes have the same id; the dataset is damaged")
    return edges.with_columns(
        found.head(edges.height).alias("src_type"), found.tail(edges.height).alias("dst_type")
    )


def _filled(table: str, rows: pl.DataFrame) -> FilledTable:
    return FilledTable(table=table, rows=_arrow(rows))


def _arrow(rows: pl.DataFrame) -> pa.Table:
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest())


def _check_places(relations: pl.DataFrame) -> None:
    kinds = relations.select("rel_type", "src_type", "dst_type").unique().sort(pl.all())
    homeless = [
        f"{source or 'unknown node'} {relation} {target or 'unknown node'}"
        for relation, source, target in kinds.iter_rows()
        if not any(
            place.joins(relation, source, target) for place in (*RELATION_COLUMNS, *JUNCTIONS)
        )
    ]
    if homeless:
        raise DatasetError(
            f"the relational model has no place for these relations: {', '.join(homeless)}; "
            "the dataset is damaged or newer than this version"
        )


def _node_rows(table: NodeTable, nodes: pa.Table, relations: _Relations) -> pa.Table:
    rows = nodes.filter(pc.equal(nodes["type"], table.type.value))
    _check_nothing_lost(table, rows)
    rows = rows.select(table.kept)
    for column in RELATION_COLUMNS:
        if column.holder == table.type:
            rows = _join_column(rows, column, relations)
    return rows


def _check_nothing_lost(table: NodeTable, rows: pa.Table) -> None:
    for name in NODE_COLUMNS:
        found = rows[name]
        if name in table.kept or name == "type" or found.null_count == len(found):
            continue
        strange = found.is_valid()
        if name == table.own_key:
            strange = pc.not_equal(found.cast(pa.string()), rows["id"])
        lost = rows["id"].filter(strange)
        if len(lost):
            raise DatasetError(
                f"the relational model has no column for the {name} of a {table.type}: "
                f"{_sample(lost)}; the dataset is newer than this version"
            )


def _join_column(rows: pa.Table, column: RelationColumn, relations: _Relations) -> pa.Table:
    counterparts = _counterparts(column, relations)
    if counterparts["id"].n_unique() < counterparts.height:
        twice = counterparts.filter(pl.col("id").is_duplicated())["id"].unique(maintain_order=True)
        raise DatasetError(
            f"more than one {column.relation} for one {column.holder}: "
            f"{_sample(twice.to_arrow())}; the dataset is damaged"
        )
    ids = pl.DataFrame({"id": pl.Series(rows["id"])})
    joined = _arrow(ids.join(counterparts, on="id", how="left", maintain_order="left"))
    if column.column in rows.column_names:
        _check_agreement(rows, column, joined["other_id"])
        rows = rows.drop_columns(column.column)
    rows = rows.append_column(column.column, joined["other_id"])
    if column.type_column is not None:
        rows = rows.append_column(column.type_column, joined["other_type"])
    return rows


def _counterparts(column: RelationColumn, relations: _Relations) -> pl.DataFrame:
    holder, other = ("dst", "src") if column.holder_is_target else ("src", "dst")
    return _in_column(column, relations).select(
        pl.col(f"{holder}_id").alias("id"),
        pl.col(f"{other}_id").alias("other_id"),
        pl.col(f"{other}_type").alias("other_type"),
    )


def _in_column(column: RelationColumn, relations: _Relations) -> pl.DataFrame:
    holder, other = ("dst", "src") if column.holder_is_target else ("src", "dst")
    return relations.of(column.relation).filter(
        pl.col(f"{holder}_type") == column.holder,
        pl.col(f"{other}_type").is_in([other.value for other in column.others]),
    )


def _check_agreement(rows: pa.Table, column: RelationColumn, other_id: pa.ChunkedArray) -> None:
    stated = rows[column.column].cast(pa.string())
    agrees = pc.fill_null(pc.equal(stated, other_id.cast(pa.string())), fill_value=False)
    wrong = rows["id"].filter(pc.and_not(stated.is_valid(), agrees))
    if len(wrong):
        raise DatasetError(
            f"the {column.column} of {_sample(wrong)} is not what {column.relation} says; "
            "the dataset is damaged"
        )


def _junction_rows(junction: Junction, relations: _Relations) -> pl.DataFrame:
    medium = ["medium"] if junction.has_medium else []
    return (
        relations.of(junction.relation)
        .filter(
            pl.col("src_type") == junction.source,
            pl.col("dst_type") == junction.target,
        )
        .select(
            pl.col("src_id").alias(junction.source_column),
            pl.col("dst_id").alias(junction.target_column),
            *medium,
            "properties",
        )
    )


def _column_properties(relations: _Relations) -> pl.DataFrame:
    described = relations.described()
    return pl.concat([_in_column(column, described) for column in RELATION_COLUMNS]).select(
        "rel_type", "src_id", "dst_id", "properties"
    )


def _sample(ids: pa.ChunkedArray | pa.Array) -> str:
    shown = ", ".join(ids[:_LIST_AT_MOST].to_pylist())
    return shown if len(ids) <= _LIST_AT_MOST else f"{shown} and {len(ids) - _LIST_AT_MOST} more"
