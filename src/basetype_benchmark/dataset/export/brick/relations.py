"""The relations of the data model as statements: in Brick's words where it has some, else ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.export.brick.vocabulary import (
    CONDITIONERS,
    HVAC_EQUIPMENT,
)
from basetype_benchmark.dataset.model import Medium, NodeType, Relation

_SAME: Mapping[Relation, str] = {
    Relation.LOCATED_IN: "brick:hasLocation",
    Relation.HAS_PART: "brick:hasPart",
    Relation.HAS_POINT: "brick:hasPoint",
    Relation.CONTROLS: "brick:controls",
}
"""Relations that Brick has under another name."""

_ENDS = ("rel_type", "medium", "src_type", "src_class", "dst_type", "dst_class")


@dataclass(frozen=True, kw_only=True)
class Ends:
    """What decides how a relation is said; classes with their prefixes."""

    relation: Relation
    medium: str | None
    source: NodeType
    source_class: str
    target: NodeType
    target_class: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """A predicate with its prefix; `is_inverse` where it leads from target to source."""

    predicate: str
    is_inverse: bool = False


def statements(relations: pl.DataFrame) -> pl.DataFrame:
    """Give what says the relations of a `BrickModel`: subject, predicate and object."""
    links = pl.DataFrame(
        [
            (*kind, link.predicate, link.is_inverse)
            for kind in relations.select(_ENDS).unique().iter_rows()
            for link in link_relation(_read_ends(kind))
        ],
        schema=dict.fromkeys((*_ENDS, "predicate"), pl.String) | {"is_inverse": pl.Boolean},
        orient="row",
    )
    source, target = pl.col("src_id"), pl.col("dst_id")
    said = relations.join(links, on=_ENDS, nulls_equal=True).select(
        pl.when("is_inverse").then(target).otherwise(source).alias("subject"),
        "predicate",
        pl.when("is_inverse").then(source).otherwise(target).alias("object"),
    )
    return said.unique().sort("subject", "predicate", "object")


def link_relation(ends: Ends) -> tuple[Link, ...]:
    """Give the predicates that say a relation; never none, so that nothing is left out."""
    match ends.relation:
        case Relation.CONTAINS:
            links = _link_place(ends)
        case Relation.FEEDS:
            links = _link_flow(ends)
        case Relation.SERVES if ends.source_class in CONDITIONERS:
            links = (Link(predicate="brick:feeds"),)
        case Relation.IS_METERED_BY if _meters(_turned(ends)):
            links = (Link(predicate="brick:meters", is_inverse=True),)
        case Relation.MONITORS if _meters(ends):
            links = (Link(predicate="brick:meters"),)
        case _:
            name = _SAME.get(ends.relation) or _own_name(ends.relation)
            links = (Link(predicate=name),)
    return links


def _link_place(ends: Ends) -> tuple[Link, ...]:
    """A zone has its spaces as parts for Brick only: RealEstateCore gives a space one whole."""
    if ends.source is NodeType.ZONE:
        return (Link(predicate="brick:hasPart"),)
    return (Link(predicate="brick:hasPart"), Link(predicate="rec:hasPart"))


def _link_flow(ends: Ends) -> tuple[Link, ...]:
    """Data are no medium of Brick's; the other media are told apart by a second predicate."""
    links = [Link(predicate=_own_name(ends.relation, ends.medium))]
    if ends.medium != Medium.DATA and not _leaves_hvac(ends):
        links = [Link(predicate="brick:feeds"), *(links if ends.medium is not None else [])]
    if ends.source is NodeType.METER and ends.target is NodeType.METER:
        links.append(Link(predicate="brick:hasSubMeter"))
    elif _meters(ends):
        links.append(Link(predicate="brick:meters"))
    return tuple(links)


def _leaves_hvac(ends: Ends) -> bool:
    """Whether HVAC equipment feeds something else, which Brick's shapes do not allow it."""
    return ends.source_class in HVAC_EQUIPMENT and ends.target_class not in HVAC_EQUIPMENT


def _meters(ends: Ends) -> bool:
    """Whether Brick lets the source meter the target: no meter, by one that is not a building's."""
    is_of_building = ends.source_class.startswith("brick:Building_")
    is_target_meter = _is_meter(ends.target, ends.target_class)
    return _is_meter(ends.source, ends.source_class) and not (is_of_building or is_target_meter)


def _is_meter(kind: NodeType, name: str) -> bool:
    """Whether it is a meter for Brick; all classes below ``brick:Meter`` are named so."""
    return kind is NodeType.METER or name.endswith("Meter")


def _turned(ends: Ends) -> Ends:
    return replace(
        ends,
        source=ends.target,
        source_class=ends.target_class,
        target=ends.source,
        target_class=ends.source_class,
    )


def _own_name(relation: Relation, medium: str | None = None) -> str:
    return f"btb:{rdf.relation_name(relation, medium)}"


def _read_ends(kind: tuple[str, str | None, str, str, str, str]) -> Ends:
    relation, medium, source, source_class, target, target_class = kind
    return Ends(
        relation=Relation(relation),
        medium=medium,
        source=NodeType(source),
        source_class=source_class,
        target=NodeType(target),
        target_class=target_class,
    )
