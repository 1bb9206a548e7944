"""The building graph as a property graph: tables of nodes by label, of relationships by their ends.

Scalars of `properties` become properties of their own with their type, lists of texts become
lists. A null is a property that is not there. What a property graph cannot say, or says under a
name that is taken, stays together in `properties` as JSON text: objects, other lists, and all
values of a name that does not have one type throughout.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from basetype_benchmark.dataset.model import NODE_COLUMNS, NodeType, Relation
from basetype_benchmark.errors import DatasetError

LIST_SEPARATOR = ";"
REST = "properties"

_INTEGER_LIMIT = 1 << 63
_DOUBLE_LIMIT = 1 << 53
_INTEGER = pa.int64()
_SMALL_INTEGER = (
    pa.int32()
)  # one that a double holds exactly; its column is of 64 bits all the same
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TEXT_COLUMNS = tuple(c for c in NODE_COLUMNS if c not in ("type", REST))
_RESERVED = frozenset({*NODE_COLUMNS, "src_id", "dst_id", "medium"})
_LIST = pa.list_(pa.string())


@dataclass(frozen=True, kw_only=True)
class LabelledNodes:
    """All nodes of a label, sorted by id; columns that none of them has are left out."""

    label: NodeType
    rows: pa.Table  # text, int64, double, bool and list<string>


@dataclass(frozen=True, kw_only=True)
class Relationships:
    """All relationships of a type between nodes of two labels; `src_id` and `dst_id` first."""

    relation: Relation
    source: NodeType
    target: NodeType
    rows: pa.Table


def labelled_nodes(nodes: pa.Table) -> Iterator[LabelledNodes]:
    """Give the nodes label by label.

    Raises:
        DatasetError: `properties` is not a JSON object.
    """
    frame = pl.DataFrame(nodes)
    for label in NodeType:
        chosen = frame.filter(pl.col("type") == label)
        if not chosen.is_empty():
            yield LabelledNodes(label=label, rows=_typed(chosen, _TEXT_COLUMNS))


def relationships(nodes: pa.Table, edges: pa.Table) -> Iterator[Relationships]:
    """Give the relationships type by type and by the labels of their ends.

    Raises:
        DatasetError: `properties` is not a JSON object.
    """
    types = pl.DataFrame(nodes).select("id", "type")
    joined = (
        pl.DataFrame(edges)
        .join(types.rename({"id": "src_id", "type": "src_type"}), on="src_id")
        .join(types.rename({"id": "dst_id", "type": "dst_type"}), on="dst_id")
        .sort("rel_type", "src_type", "dst_type", "src_id", "dst_id", "medium")
    )
    kinds = ("rel_type", "src_type", "dst_type")
    for (relation, source, target), rows in joined.group_by(kinds, maintain_order=True):
        yield Relationships(
            relation=Relation(relation),
            source=NodeType(source),
            target=NodeType(target),
            rows=_typed(rows, ("src_id", "dst_id", "medium")),
        )


def _typed(rows: pl.DataFrame, columns: Sequence[str]) -> pa.Table:
    """Give the columns that are not all null, then those made of `properties`."""
    kept = [name for name in columns if rows[name].null_count() < len(rows)]
    table = rows.select(kept).to_arrow().cast(pa.schema([(name, pa.string()) for name in kept]))
    for name, cells in _property_columns(rows[REST]).items():
        table = table.append_column(name, cells)
    return table


def _property_columns(texts: pl.Series) -> dict[str, pa.Array]:
    parsed = {text: _parse(text) for text in texts.unique() if text is not None}
    types: dict[str, set[pa.DataType | None]] = {}
    for properties in parsed.values():
        for name, value in properties.items():
            if value is not None:
                types.setdefault(name, set()).add(_arrow_type(name, value))
    chosen = {name: _common_type(found) for name, found in sorted(types.items())}
    rows = [{} if text is None else parsed[text] for text in texts]
    columns = {
        name: pa.array([row.get(name) for row in rows], kind)
        for name, kind in chosen.items()
        if kind is not None
    }
    homeless = {name for name, kind in chosen.items() if kind is None}
    if homeless:
        rests = [{k: v for k, v in row.items() if k in homeless} for row in rows]
        columns[REST] = pa.array([json.dumps(rest) if rest else None for rest in rests])
    return columns


def _parse(text: str) -> dict[str, Any]:
    try:
        properties = json.loads(text)
    except json.JSONDecodeError as error:
        raise DatasetError(
            f"the properties {text[:80]!r} are not JSON: {error}; generate the dataset again"
        ) from error
    if not isinstance(properties, dict):
        raise DatasetError(
            f"the properties {text[:80]!r} are not a JSON object; generate the dataset again"
        )
    return properties


def _arrow_type(name: str, value: object) -> pa.DataType | None:
    """Give the type that a property has in the graph; None where it can have none."""
    is_free = name not in _RESERVED and _NAME.fullmatch(name) is not None
    return _value_type(value) if is_free else None


def _value_type(value: object) -> pa.DataType | None:
    match value:
        case list():
            return _LIST if value and all(map(_is_list_text, value)) else None
        case bool():
            return pa.bool_()
        case int() if -_DOUBLE_LIMIT <= value <= _DOUBLE_LIMIT:
            return _SMALL_INTEGER
        case int():
            return _INTEGER if -_INTEGER_LIMIT <= value < _INTEGER_LIMIT else None
        case float():
            return pa.float64() if math.isfinite(value) else None
        case _:
            return pa.string() if _is_unicode(value) else None


def _is_list_text(item: object) -> bool:
    return _is_unicode(item) and item != "" and LIST_SEPARATOR not in str(item)


def _is_unicode(item: object) -> bool:
    """Whether it is a text; JSON can escape a lone surrogate, which is none."""
    return isinstance(item, str) and not any("\ud800" <= letter <= "\udfff" for letter in item)


def _common_type(found: set[pa.DataType | None]) -> pa.DataType | None:
    if found <= {_SMALL_INTEGER, _INTEGER}:
        return _INTEGER
    if found == {_SMALL_INTEGER, pa.float64()}:
        return pa.float64()
    return next(iter(found)) if len(found) == 1 else None
