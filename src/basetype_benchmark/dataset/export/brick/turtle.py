"""The building graph as Turtle in Brick's terms, in blocks of bounded size.

- A node is one paragraph: its class, Brick's other name for that class where it has one, and its
  name as ``rdfs:label``. Equipment that controls something is a ``brick:Controller`` as well, which
  Brick's shapes want of it.
- A point has ``brick:hasQuantity`` and ``brick:hasUnit``, and a ``ref:TimeseriesReference`` with
  its id and the folder of the dataset that holds its samples.
- Relations are as `relations` says. `properties` are left out: O1 and O2 hold them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.export.brick.model import BrickModel
from basetype_benchmark.dataset.export.brick.relations import statements
from basetype_benchmark.dataset.export.brick.vocabulary import (
    ALIASES,
    CONTROLLER,
    CONTROLLERS,
    PREFIXES,
    QUANTITIES,
    QUANTITIES_BY_UNIT,
    UNITS,
)
from basetype_benchmark.dataset.export.rdf_columns import encode_ids, write_literals
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.parts import SERIES_FOLDER, SITE_PARTITION
from basetype_benchmark.errors import DatasetError

NODE_ROWS = 20_000

_NEXT = " ;\n    "
_OTHER_NAME = {**ALIASES, **{alias: name for name, alias in ALIASES.items()}}


@dataclass(frozen=True, kw_only=True)
class TurtleBlock:
    """Whole paragraphs, and how many of them are nodes."""

    text: bytes
    nodes: int = 0


def stream_turtle(model: BrickModel, *, node_rows: int = NODE_ROWS) -> Iterator[TurtleBlock]:
    """Give the graph: prefixes, units and quantities first, then the nodes in order of their ids.

    The same model gives the same bytes, whatever the size of the blocks.

    Raises:
        DatasetError: a unit or quantity is unknown.
    """
    yield TurtleBlock(text=_head(model.nodes).encode())
    controls = model.relations.filter(pl.col("rel_type") == Relation.CONTROLS)
    controllers = controls.select(id="src_id").unique().with_columns(controls=True)
    links = _links_by_node(statements(model.relations))
    nodes = model.nodes.join(links, on="id", how="left", maintain_order="left")
    nodes = nodes.join(controllers, on="id", how="left", maintain_order="left")
    for rows in nodes.iter_slices(node_rows):
        yield TurtleBlock(text=_write_nodes(rows), nodes=len(rows))


def _links_by_node(said: pl.DataFrame) -> pl.DataFrame:
    """Give the statements of each node as one text."""
    objects = _names(said["object"]).alias("object")
    return (
        said.with_columns(objects)
        .group_by("subject", "predicate", maintain_order=True)
        .agg(pl.col("object").str.join(",\n        "))
        .select(id="subject", links=pl.concat_str("predicate", "object", separator=" "))
        .group_by("id", maintain_order=True)
        .agg(pl.col("links").str.join(_NEXT))
    )


def _head(nodes: pl.DataFrame) -> str:
    """Write the prefixes, and what QUDT defines and Brick's shapes want stated: units are units."""
    units = sorted({_unit(symbol): symbol for symbol in nodes["unit"].drop_nulls()}.items())
    kinds = sorted({kind for kind in _quantities(nodes).values() if kind is not None})
    lines = [f"@prefix {prefix}: <{base}> ." for prefix, base in PREFIXES.items()]
    lines.append("")
    lines += [
        f"{name} a qudt:Unit{_NEXT}qudt:symbol {rdf.string_literal(symbol)} ."
        for name, symbol in units
    ]
    lines += [f"{kind} a brick:Quantity ." for kind in kinds]
    return "\n".join(lines) + "\n\n"


def _write_nodes(nodes: pl.DataFrame) -> bytes:
    kinds = _quantities(nodes)
    kind = [kinds[pair] for pair in nodes.select("quantity", "unit").iter_rows()]
    units = {symbol: _unit(symbol) for symbol in nodes["unit"].drop_nulls().unique()}
    parts = [
        _names(nodes["id"]),
        pl.lit(" a "),
        _types(nodes),
        _part("rdfs:label ", write_literals(nodes["name"])),
        _part("brick:hasQuantity ", pl.Series(kind, dtype=pl.String)),
        _part(
            "brick:hasUnit ",
            nodes["unit"].replace_strict(units, default=None, return_dtype=pl.String),
        ),
        _part("ref:hasExternalReference ", _references(nodes)),
        _part("", nodes["links"]),
        pl.lit(" .\n\n"),
    ]
    rows = pl.select(pl.concat_str(parts, ignore_nulls=True).str.join(""))
    return str(rows.item()).encode()


def _part(predicate: str, objects: pl.Series) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{_NEXT}{predicate}"), objects)


def _types(nodes: pl.DataFrame) -> pl.Series:
    others = {f"brick:{name}": f"brick:{other}" for name, other in _OTHER_NAME.items()}
    is_new = nodes["controls"] & ~nodes["class"].is_in(list(CONTROLLERS))
    types = pl.concat_str(
        nodes["class"],
        nodes["class"].replace_strict(others, default=None, return_dtype=pl.String),
        pl.when(is_new).then(pl.lit(CONTROLLER)),
        separator=", ",
        ignore_nulls=True,
    )
    return pl.select(types).to_series()


def _references(nodes: pl.DataFrame) -> pl.Series:
    """Say where the samples of each point lie; null for what is no point."""
    place = pl.concat_str(
        pl.lit(f"{SERIES_FOLDER}/building_id="), nodes["building_id"].fill_null(SITE_PARTITION)
    )
    reference = pl.concat_str(
        pl.lit("[ a ref:TimeseriesReference ;\n            ref:hasTimeseriesId "),
        write_literals(nodes["id"]),
        pl.lit(" ;\n            ref:storedAt "),
        write_literals(pl.select(place).to_series()),
        pl.lit(" ]"),
    )
    return pl.select(pl.when(nodes["type"] == NodeType.POINT).then(reference)).to_series()


def _quantities(nodes: pl.DataFrame) -> Mapping[tuple[str | None, str | None], str | None]:
    pairs = nodes.select("quantity", "unit").unique().iter_rows()
    return {(quantity, unit): _quantity(quantity, unit) for quantity, unit in pairs}


def _quantity(quantity: str | None, unit: str | None) -> str | None:
    if quantity is None:
        return None
    if quantity not in QUANTITIES:
        raise DatasetError(
            f"the quantity {quantity!r} has no counterpart in Brick or QUDT that this version "
            "knows; the dataset is newer than this version"
        )
    return QUANTITIES_BY_UNIT.get((quantity, unit or ""), QUANTITIES[quantity])


def _unit(symbol: str) -> str:
    if symbol not in UNITS:
        raise DatasetError(
            f"the unit {symbol!r} has no counterpart in QUDT that this version knows; the dataset "
            "is newer than this version"
        )
    return UNITS[symbol]


def _names(ids: pl.Series) -> pl.Series:
    """Write ids as names behind a prefix where Turtle allows it, and as whole IRIs where not."""
    encoded = encode_ids(ids)
    return pl.select(
        pl.when(encoded.str.contains(rdf.LOCAL_NAME))
        .then(pl.concat_str(pl.lit("id:"), encoded))
        .otherwise(pl.concat_str(pl.lit(f"<{rdf.ID_BASE}"), encoded, pl.lit(">")))
    ).to_series()
