"""What the columns of the files mean, as card and metadata state it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA, SERIES_SCHEMA


class ColumnType(Enum):
    """A type, as the `datasets` library and as Croissant name it."""

    TEXT = ("string", "sc:Text")
    TIME = ("timestamp[ms, tz=UTC]", "sc:DateTime")
    NUMBER = ("float64", "cr:Float64")

    def __init__(self, feature: str, croissant: str) -> None:
        self.feature = feature
        self.croissant = croissant


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column; one that may be null says when it is."""

    name: str
    meaning: str
    type: ColumnType = ColumnType.TEXT


_SERIES_MEANINGS = {
    "time": "instant of the sample, UTC, in milliseconds",
    "point_id": "the point that was sampled, a node of type Point",
    "value": "the value, in the unit of the point (column `unit` of its node); states are numbers: "
    "0 is off, closed or denied, 1 is on, open or granted",
}
_NODE_MEANINGS = {
    "id": "readable and unique; ids nest, as in `b01.f03.s07.vav1.zone_air_temp`",
    "type": "Site, Building, Floor, Space, Zone, Tenant, Equipment, Meter or Point",
    "name": "for people",
    "building_id": "the building it is in; null for the site, its points and the building itself",
    "floor_id": "the floor it is on, where it is on one",
    "space_id": "the space it is in, where it is in one",
    "equipment_type": "type in the catalogue: `ahu`, `chiller`, `rack`, ...; equipment",
    "domain": "hvac, electrical, lighting, it, security, ...; equipment, meters, points",
    "space_type": "office, meeting room, corridor, ...; spaces",
    "zone_kind": "hvac or security; zones",
    "end_use": "hvac, lighting, plugs, it or total; meters",
    "brick_class": "class of Brick 1.5, or of RealEstateCore for places",
    "point_type": "what a point is: `zone_air_temperature`, `active_power`, ...",
    "quantity": "what a point measures: temperature, power, energy, ...",
    "unit": "unit of a point's values; null where they are numbers or states",
    "role": "sensor, setpoint, command, status, alarm or meter; points",
    "signal": "analog, binary, counter or event; points",
    "properties": "the rest, a JSON object: manufacturer, model, serial, Haystack tags and nominal "
    "power of equipment; interval, deadband, heartbeat and resolution of points; area of places",
}
_EDGE_MEANINGS = {
    "src_id": "the node it leads from",
    "dst_id": "the node it leads to",
    "rel_type": "CONTAINS, ADJACENT_TO, LOCATED_IN, HAS_PART, HAS_POINT, SERVES, FEEDS, CONTROLS, "
    "MONITORS, IS_METERED_BY or OCCUPIES",
    "medium": "what flows along FEEDS: electricity, chilled_water, hot_water, air or data",
    "properties": "the rest, a JSON object",
}
_TYPES = {"time": ColumnType.TIME, "value": ColumnType.NUMBER}


def _columns(names: list[str], meanings: dict[str, str]) -> tuple[Column, ...]:
    return tuple(
        Column(name=name, meaning=meanings[name], type=_TYPES.get(name, ColumnType.TEXT))
        for name in names
    )


SERIES_COLUMNS = _columns(SERIES_SCHEMA.names, _SERIES_MEANINGS)
NODE_COLUMNS = _columns(NODE_SCHEMA.names, _NODE_MEANINGS)
EDGE_COLUMNS = _columns(EDGE_SCHEMA.names, _EDGE_MEANINGS)
