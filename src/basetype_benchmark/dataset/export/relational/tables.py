"""The building graph as rows of the relational tables: nothing of the dataset is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from basetype_benchmark.dataset.export.relational.layout import (
    JUNCTIONS,
    NODE_TABLES,
    RELATION_COLUMNS,
    RELATION_PROPERTIES,
    Junction,
    NodeTable,
    RelationColumn,
)
from basetype_benchmark.dataset.model import NODE_COLUMNS
from basetype_benchmark.errors import DatasetError

_LIST_AT_MOST = 3


@dataclass(frozen=True, kw_only=True)
class FilledTable:
    """Rows for one table; column names are the table's, all text, `properties` is JSON."""

    table: str
    rows: pa.Table


def relational_tables(nodes: pa.Table, edges: pa.Table) -> Iterator[FilledTable]:
    """Lay nodes and edges out as the rows of all tables, one table at a time.

    Raises:
        DatasetError: something has no place in the relational model; nothing is dropped in silence.
    """
    node_frame = pl.DataFrame(nodes)
    relations = _with_types(node_frame, pl.DataFrame(edges))
    _check_places(relations)
    for table in NODE_TABLES:
        yield _filled(table.table, _node_rows(table, node_frame, relations))
    for junction in JUNCTIONS:
        yield _filled(junction.table, _junction_rows(junction, relations))
    yield _filled(RELATION_PROPERTIES, _column_properties(relations))


def _filled(table: str, rows: pl.DataFrame) -> FilledTable:
    return FilledTable(table=table, rows=rows.to_arrow(compat_level=pl.CompatLevel.oldest()))


def _with_types(nodes: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    types = nodes.select("id", "type")
    return edges.join(
        types.rename({"id": "src_id", "type": "src_type"}), on="src_id", how="left"
    ).join(types.rename({"id": "dst_id", "type": "dst_type"}), on="dst_id", how="left")


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


def _node_rows(table: NodeTable, nodes: pl.DataFrame, relations: pl.DataFrame) -> pl.DataFrame:
    rows = nodes.filter(pl.col("type") == table.type)
    _check_nothing_lost(table, rows)
    rows = rows.select(table.kept)
    for column in RELATION_COLUMNS:
        if column.holder == table.type:
            rows = _join_column(rows, column, relations)
    return rows


def _check_nothing_lost(table: NodeTable, rows: pl.DataFrame) -> None:
    for name in NODE_COLUMNS:
        if name in table.kept or name == "type":
            continue
        strange = pl.col(name).is_not_null()
        if name == table.own_key:
            strange &= pl.col(name) != pl.col("id")
        lost = rows.filter(strange)
        if not lost.is_empty():
            raise DatasetError(
                f"the relational model has no column for the {name} of a {table.type}: "
                f"{_sample(lost['id'])}; the dataset is newer than this version"
            )


def _join_column(
    rows: pl.DataFrame, column: RelationColumn, relations: pl.DataFrame
) -> pl.DataFrame:
    counterparts = _counterparts(column, relations)
    twice = counterparts.filter(pl.col("id").is_duplicated())
    if not twice.is_empty():
        raise DatasetError(
            f"more than one {column.relation} for one {column.holder}: "
            f"{_sample(twice['id'].unique(maintain_order=True))}; the dataset is damaged"
        )
    joined = rows.join(counterparts, on="id", how="left")
    if column.column in rows.columns:
        _check_agreement(joined, column)
        joined = joined.drop(column.column)
    renames = {"other_id": column.column}
    if column.type_column is None:
        return joined.drop("other_type").rename(renames)
    return joined.rename({**renames, "other_type": column.type_column})


def _counterparts(column: RelationColumn, relations: pl.DataFrame) -> pl.DataFrame:
    holder, other = ("dst", "src") if column.holder_is_target else ("src", "dst")
    return _in_column(column, relations).select(
        pl.col(f"{holder}_id").alias("id"),
        pl.col(f"{other}_id").alias("other_id"),
        pl.col(f"{other}_type").alias("other_type"),
    )


def _in_column(column: RelationColumn, relations: pl.DataFrame) -> pl.DataFrame:
    holder, other = ("dst", "src") if column.holder_is_target else ("src", "dst")
    return relations.filter(
        pl.col("rel_type") == column.relation,
        pl.col(f"{holder}_type") == column.holder,
        pl.col(f"{other}_type").is_in(list(column.others)),
    )


def _check_agreement(joined: pl.DataFrame, column: RelationColumn) -> None:
    stated = pl.col(column.column)
    wrong = joined.filter(stated.is_not_null() & stated.ne_missing(pl.col("other_id")))
    if not wrong.is_empty():
        raise DatasetError(
            f"the {column.column} of {_sample(wrong['id'])} is not what {column.relation} says; "
            "the dataset is damaged"
        )


def _junction_rows(junction: Junction, relations: pl.DataFrame) -> pl.DataFrame:
    medium = ["medium"] if junction.has_medium else []
    return relations.filter(
        pl.col("rel_type") == junction.relation,
        pl.col("src_type") == junction.source,
        pl.col("dst_type") == junction.target,
    ).select(
        pl.col("src_id").alias(junction.source_column),
        pl.col("dst_id").alias(junction.target_column),
        *medium,
        "properties",
    )


def _column_properties(relations: pl.DataFrame) -> pl.DataFrame:
    stored = pl.concat([_in_column(column, relations) for column in RELATION_COLUMNS])
    return stored.filter(pl.col("properties").is_not_null()).select(
        "rel_type", "src_id", "dst_id", "properties"
    )


def _sample(ids: pl.Series) -> str:
    shown = ", ".join(ids.head(_LIST_AT_MOST).to_list())
    return shown if len(ids) <= _LIST_AT_MOST else f"{shown} and {len(ids) - _LIST_AT_MOST} more"
