"""What one building of a dataset has to show: its points, spaces and meters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from basetype_benchmark.dataset.manifest import SensorFault
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import EDGES_NAME, NODES_NAME
from basetype_benchmark.errors import DatasetError, reason_of

_COLUMNS = (
    "id",
    "type",
    "name",
    "floor_id",
    "space_id",
    "space_type",
    "end_use",
    "point_type",
    "quantity",
    "unit",
    "properties",
)


@dataclass(frozen=True, kw_only=True)
class ShownPoint:
    """A point; `interval_s` and `heartbeat_s` are None where the dataset does not tell."""

    id: str
    name: str
    point_type: str
    quantity: str | None
    unit: str | None
    floor_id: str | None
    space_id: str | None
    interval_s: float | None
    heartbeat_s: float | None

    @property
    def owner_id(self) -> str:
        """Id of what has the point: ids nest."""
        return self.id.rsplit(".", 1)[0]


@dataclass(frozen=True, kw_only=True)
class ShownSpace:
    """A space; area and seats are None where the dataset does not tell."""

    id: str
    name: str
    space_type: str
    area_m2: float | None
    seats: float | None


@dataclass(frozen=True, kw_only=True)
class ShownMeter:
    """A meter, the meters it feeds, and its point with the energy of each interval, if it has."""

    id: str
    name: str
    end_use: str
    loss_fraction: float
    children: tuple[str, ...]
    energy_point: str | None


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """One building, with the points of the site; everything in order of id."""

    building_id: str
    points: tuple[ShownPoint, ...]
    spaces: tuple[ShownSpace, ...]
    meters: tuple[ShownMeter, ...]
    faults: tuple[SensorFault, ...]

    @property
    def area_m2(self) -> float | None:
        """Of all spaces together; None where the area of one is not known."""
        areas = [space.area_m2 for space in self.spaces]
        known = [area for area in areas if area is not None]
        return sum(known) if known and len(known) == len(areas) else None

    def of_type(self, *point_types: str) -> list[ShownPoint]:
        """Points of some types, those of the first type first."""
        return [
            point for wanted in point_types for point in self.points if point.point_type == wanted
        ]

    def sound(self, points: Collection[ShownPoint]) -> list[ShownPoint]:
        """Leave out the points with a planted fault."""
        faulty = {fault.point_id for fault in self.faults}
        return [point for point in points if point.id not in faulty]


def read_inventory(dataset: Dataset, building_id: str) -> Inventory:
    """Read what a building has.

    Raises:
        DatasetError: nodes or relations cannot be read.
    """
    rows = _read_nodes(dataset, building_id)
    by_type: dict[str, list[Mapping[str, Any]]] = {kind.value: [] for kind in NodeType}
    for row in rows:
        by_type[row["type"]].append(row)
    faults = dataset.manifest.planted.of_buildings([building_id]).sensor_faults
    return Inventory(
        building_id=building_id,
        points=tuple(_point(row) for row in by_type[NodeType.POINT]),
        spaces=tuple(_space(row) for row in by_type[NodeType.SPACE]),
        meters=_meters(dataset, by_type[NodeType.METER], by_type[NodeType.POINT]),
        faults=tuple(faults),
    )


def _read_nodes(dataset: Dataset, building_id: str) -> list[dict[str, Any]]:
    home = pl.col("building_id")
    plan = pl.scan_parquet(dataset.folder / NODES_NAME).filter(
        (home == building_id) | (home.is_null() & (pl.col("type") == NodeType.POINT.value))
    )
    return _collect(dataset, plan.select(_COLUMNS).sort("id"))


def _read_relations(
    dataset: Dataset, relation: Relation, sources: list[str]
) -> dict[str, set[str]]:
    plan = pl.scan_parquet(dataset.folder / EDGES_NAME).filter(
        pl.col("rel_type") == relation.value, pl.col("src_id").is_in(sources)
    )
    found: dict[str, set[str]] = {source: set() for source in sources}
    for edge in _collect(dataset, plan.select("src_id", "dst_id")):
        found[edge["src_id"]].add(edge["dst_id"])
    return found


def _collect(dataset: Dataset, plan: pl.LazyFrame) -> list[dict[str, Any]]:
    try:
        return plan.collect().to_dicts()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DatasetError(
            f"the graph in {dataset.folder} cannot be read: {reason_of(error)}; generate the "
            "dataset again"
        ) from error


def _point(row: Mapping[str, Any]) -> ShownPoint:
    properties = orjson.loads(row["properties"] or "{}")
    return ShownPoint(
        id=row["id"],
        name=row["name"],
        point_type=row["point_type"] or "",
        quantity=row["quantity"],
        unit=row["unit"],
        floor_id=row["floor_id"],
        space_id=row["space_id"],
        interval_s=_number(properties, "interval_s"),
        heartbeat_s=_number(properties, "heartbeat_s"),
    )


def _space(row: Mapping[str, Any]) -> ShownSpace:
    properties = orjson.loads(row["properties"] or "{}")
    return ShownSpace(
        id=row["id"],
        name=row["name"],
        space_type=row["space_type"] or "",
        area_m2=_number(properties, "area_m2"),
        seats=_number(properties, "capacity"),
    )


def _meters(
    dataset: Dataset, meters: list[Mapping[str, Any]], points: list[Mapping[str, Any]]
) -> tuple[ShownMeter, ...]:
    ids = [row["id"] for row in meters]
    fed = _read_relations(dataset, Relation.FEEDS, ids)
    owned = _read_relations(dataset, Relation.HAS_POINT, ids)
    energy = {row["id"] for row in points if row["point_type"] == "energy_interval"}
    return tuple(
        ShownMeter(
            id=row["id"],
            name=row["name"],
            end_use=row["end_use"] or "total",
            loss_fraction=_number(orjson.loads(row["properties"] or "{}"), "loss_fraction") or 0.0,
            children=tuple(sorted(fed[row["id"]].intersection(ids))),
            energy_point=min(owned[row["id"]] & energy, default=None),
        )
        for row in meters
    )


def _number(properties: Mapping[str, Any], key: str) -> float | None:
    value = properties.get(key)
    return float(value) if isinstance(value, int | float) else None
