"""Where the relational model keeps each node type and each relation: data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.dataset.model import NodeType, Relation


@dataclass(frozen=True, kw_only=True)
class NodeTable:
    """The table of one node type and the dataset's columns that it keeps as they are.

    `own_key` is the dataset's column in which such a node may name itself (a space its own
    `space_id`); it is not kept twice. All tables have id, name, brick_class and properties too.
    """

    type: NodeType
    table: str
    columns: tuple[str, ...] = ()
    own_key: str | None = None

    @property
    def kept(self) -> tuple[str, ...]:
        """All columns of the dataset that the table keeps as they are."""
        return ("id", "name", *self.columns, "brick_class", "properties")


@dataclass(frozen=True, kw_only=True)
class RelationColumn:
    """A relation kept as a column in the table of the end that has one counterpart.

    `holder_is_target` says which end that is: the space of Floor CONTAINS Space, but the equipment
    of Equipment LOCATED_IN Space. `type_column` keeps the counterpart's type where it varies.
    """

    relation: Relation
    holder: NodeType
    holder_is_target: bool
    others: tuple[NodeType, ...]
    column: str
    type_column: str | None = None

    def joins(self, relation: str, source: str, target: str) -> bool:
        """Whether this column keeps relations of that type between nodes of those types."""
        holder, other = (target, source) if self.holder_is_target else (source, target)
        return relation == self.relation and holder == self.holder and other in self.others


@dataclass(frozen=True, kw_only=True)
class Junction:
    """A relation kept in a table of its own; `has_medium` on FEEDS."""

    relation: Relation
    source: NodeType
    target: NodeType
    table: str
    source_column: str
    target_column: str
    has_medium: bool = False

    def joins(self, relation: str, source: str, target: str) -> bool:
        """Whether this table keeps relations of that type between nodes of those types."""
        return (relation, source, target) == (self.relation, self.source, self.target)


PLACE = ("building_id", "floor_id", "space_id")

NODE_TABLES = (
    NodeTable(type=NodeType.SITE, table="site"),
    NodeTable(type=NodeType.BUILDING, table="building", own_key="building_id"),
    NodeTable(type=NodeType.FLOOR, table="floor", columns=("building_id",), own_key="floor_id"),
    NodeTable(
        type=NodeType.SPACE,
        table="space",
        columns=("building_id", "floor_id", "space_type"),
        own_key="space_id",
    ),
    NodeTable(
        type=NodeType.ZONE,
        table="zone",
        columns=("building_id", "floor_id", "zone_kind", "domain"),
    ),
    NodeTable(type=NodeType.TENANT, table="tenant", columns=("building_id", "floor_id")),
    NodeTable(
        type=NodeType.EQUIPMENT,
        table="equipment",
        columns=(*PLACE, "equipment_type", "domain"),
    ),
    NodeTable(
        type=NodeType.METER,
        table="meter",
        columns=(*PLACE, "equipment_type", "domain", "end_use"),
    ),
    NodeTable(
        type=NodeType.POINT,
        table="point",
        columns=(*PLACE, "domain", "point_type", "quantity", "unit", "role", "signal"),
    ),
)

RELATION_COLUMNS = (
    RelationColumn(
        relation=Relation.CONTAINS,
        holder=NodeType.BUILDING,
        holder_is_target=True,
        others=(NodeType.SITE,),
        column="site_id",
    ),
    RelationColumn(
        relation=Relation.CONTAINS,
        holder=NodeType.FLOOR,
        holder_is_target=True,
        others=(NodeType.BUILDING,),
        column="building_id",
    ),
    RelationColumn(
        relation=Relation.CONTAINS,
        holder=NodeType.SPACE,
        holder_is_target=True,
        others=(NodeType.FLOOR,),
        column="floor_id",
    ),
    RelationColumn(
        relation=Relation.LOCATED_IN,
        holder=NodeType.EQUIPMENT,
        holder_is_target=False,
        others=(NodeType.SPACE,),
        column="located_in",
    ),
    RelationColumn(
        relation=Relation.LOCATED_IN,
        holder=NodeType.METER,
        holder_is_target=False,
        others=(NodeType.SPACE,),
        column="located_in",
    ),
    RelationColumn(
        relation=Relation.HAS_PART,
        holder=NodeType.EQUIPMENT,
        holder_is_target=True,
        others=(NodeType.EQUIPMENT,),
        column="part_of",
    ),
    RelationColumn(
        relation=Relation.HAS_POINT,
        holder=NodeType.POINT,
        holder_is_target=True,
        others=(NodeType.SITE, NodeType.SPACE, NodeType.EQUIPMENT, NodeType.METER),
        column="owner_id",
        type_column="owner_type",
    ),
)


def _junction(
    relation: Relation,
    source: tuple[NodeType, str],
    target: tuple[NodeType, str],
    table: str,
) -> Junction:
    return Junction(
        relation=relation,
        source=source[0],
        target=target[0],
        table=table,
        source_column=source[1],
        target_column=target[1],
        has_medium=relation is Relation.FEEDS,
    )


_SPACE = (NodeType.SPACE, "space_id")
_ZONE = (NodeType.ZONE, "zone_id")
_METER = (NodeType.METER, "meter_id")
_EQUIPMENT = (NodeType.EQUIPMENT, "equipment_id")
_SENSOR = (NodeType.EQUIPMENT, "sensor_id")
_FED_METER = (NodeType.METER, "fed_meter_id")
_FED_EQUIPMENT = (NodeType.EQUIPMENT, "fed_equipment_id")

JUNCTIONS = (
    _junction(Relation.CONTAINS, _ZONE, _SPACE, "zone_space"),
    _junction(Relation.ADJACENT_TO, _SPACE, (NodeType.SPACE, "adjacent_id"), "space_adjacency"),
    _junction(Relation.SERVES, _EQUIPMENT, _SPACE, "serves_space"),
    _junction(Relation.SERVES, _EQUIPMENT, _ZONE, "serves_zone"),
    _junction(Relation.FEEDS, _METER, _FED_METER, "meter_feeds_meter"),
    _junction(Relation.FEEDS, _METER, _FED_EQUIPMENT, "meter_feeds_equipment"),
    _junction(Relation.FEEDS, _EQUIPMENT, _FED_EQUIPMENT, "equipment_feeds_equipment"),
    _junction(Relation.CONTROLS, (NodeType.EQUIPMENT, "controller_id"), _EQUIPMENT, "controls"),
    _junction(Relation.MONITORS, _SENSOR, _EQUIPMENT, "monitors_equipment"),
    _junction(Relation.MONITORS, _SENSOR, _SPACE, "monitors_space"),
    _junction(Relation.IS_METERED_BY, _SPACE, _METER, "space_metered_by"),
    _junction(Relation.IS_METERED_BY, _EQUIPMENT, _METER, "equipment_metered_by"),
    _junction(Relation.OCCUPIES, (NodeType.TENANT, "tenant_id"), _SPACE, "occupies"),
)

RELATION_PROPERTIES = "relation_properties"
