"""The shape of the catalogue's files. Unknown keys are mistakes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from basetype_benchmark.dataset.catalogue.vocabulary import (
    HAYSTACK_ROLES,
    UNITS,
    Domain,
    Quantity,
    Schedule,
)
from basetype_benchmark.dataset.model import Behaviour, EndUse, Medium, Role, Signal

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
BrickClass = Annotated[str, Field(pattern=r"^(rec:)?[A-Z][A-Za-z0-9_]*$")]
"""Local name of a Brick class; of a RealEstateCore class, which Brick 1.5 uses for places, after
``rec:``."""

MeterLevel = Literal["main", "branch", "leaf"]
"""Place in the meter tree: of the building, of one end use, of one party on one floor."""

Share = Annotated[float, Field(gt=0, le=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PointSpec(_Entry):
    """One data point that every owner of the type has."""

    key: Name = Field(description="last part of the point's id")
    title: str
    point_type: Name
    quantity: Quantity
    unit: str | None = None
    role: Role
    signal: Signal
    brick_class: BrickClass
    behaviour: Behaviour
    interval_s: int = Field(ge=0, le=86_400, description="sampling interval; 0: on event only")
    resolution: float = Field(gt=0, description="values are rounded to multiples of it")
    deadband: float = Field(ge=0, description="least change reported; 0: report every interval")
    heartbeat_s: int = Field(ge=0, description="longest silence")
    nominal: float | None = Field(default=None, description="set level, rated power, flow, ...")
    haystack: tuple[str, ...] = Field(default=(), description="markers beyond role and quantity")

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.unit not in UNITS[self.quantity]:
            allowed = " or ".join(unit or "none" for unit in UNITS[self.quantity])
            raise ValueError(
                f"unit of {self.quantity} must be {allowed}, not {self.unit or 'none'}"
            )
        if (self.interval_s == 0) != (self.signal is Signal.EVENT):
            raise ValueError("interval_s must be 0 for events, and only for them")
        if self.heartbeat_s < self.interval_s:
            raise ValueError(f"heartbeat_s must be at least interval_s ({self.interval_s})")
        return self

    @property
    def markers(self) -> tuple[str, ...]:
        """All Haystack markers, sorted."""
        return tuple(sorted({"point", HAYSTACK_ROLES[self.role], self.quantity, *self.haystack}))


class PartSpec(_Entry):
    """Equipment that comes inside another."""

    type: Name
    count: int = Field(default=1, ge=1, le=100)


class FeedSpec(_Entry):
    """A flow that reaches the equipment from another of the building."""

    type: Name
    medium: Medium


class ServiceSpec(_Entry):
    """What a type conditions, lights, guards or connects."""

    scope: Literal["space", "hvac_zone", "building"]
    space_types: tuple[Name, ...] = Field(
        default=(), description="for scope building: which spaces; empty: all"
    )


class EquipmentType(_Entry):
    """A type of equipment."""

    type: Name
    title: str
    domain: Domain
    brick_class: BrickClass
    haystack: tuple[str, ...] = Field(min_length=1)
    manufacturer: str
    model: str
    nominal_kw: float = Field(
        ge=0, description="electric, with all its parts; of a distributor its own losses"
    )
    thermal_kw: float | None = Field(
        default=None, gt=0, description="heat or cold that it gives at most"
    )
    powered_by: Name | None = Field(
        default=None, description="an end use (its sub-meter) or an equipment type of the building"
    )
    fed_by: tuple[FeedSpec, ...] = ()
    serves: ServiceSpec | None = None
    controlled_by: tuple[Name, ...] = ()
    monitors: Name | None = Field(default=None, description="`space`, or an equipment type")
    parts: tuple[PartSpec, ...] = ()
    points: tuple[PointSpec, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        _check_distinct("points", [point.key for point in self.points])
        _check_distinct("parts", [part.type for part in self.parts])
        if not (self.points or self.serves or self.monitors):
            raise ValueError("points, serves or monitors must be given: else each is a ghost")
        if self.powered_by in [feed.type for feed in self.fed_by]:
            raise ValueError("fed_by must not name the type in powered_by: one flow between two")
        return self


class Allotment(_Entry):
    """How many of a type a space, a floor or a building gets.

    One per `per_m2` begun, at least `at_least`; or `count`. None below `from_m2`.
    """

    type: Name
    count: int | None = Field(default=None, ge=1, le=500)
    per_m2: float | None = Field(default=None, gt=0)
    at_least: int = Field(default=1, ge=1, le=100)
    from_m2: float = Field(default=0, ge=0, description="what is smaller does without")
    share: Share = Field(default=1.0, description="of the spaces that have it")
    place: tuple[Name, ...] = Field(
        default=(), description="for floors and buildings: space types where it stands, best first"
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.count is None) == (self.per_m2 is None):
            raise ValueError("either count or per_m2 must be given")
        return self


class SpaceType(_Entry):
    """A type of space: its shape, its use and its equipment."""

    type: Name
    title: str
    brick_class: BrickClass
    schedule: Schedule
    area_weight: float = Field(gt=0, description="share of the floor, relative to other spaces")
    person_m2: float | None = Field(default=None, gt=0, description="None: nobody works there")
    facade: bool = Field(description="whether it lies at an outer wall")
    window_share: float = Field(default=0, ge=0, lt=1, description="of the outer wall")
    leasable: bool = False
    hvac_zone: bool = Field(default=True, description="whether an air handler serves it")
    security_zone: Name | None = Field(
        default=None, description="zone of the landlord; leased spaces are in their tenant's"
    )
    meter_groups: dict[EndUse, Name] = Field(
        default_factory=dict, description="landlord's meter by end use, where not the common one"
    )
    equipment: tuple[Allotment, ...] = ()
    points: tuple[PointSpec, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if any(item.place for item in self.equipment):
            raise ValueError("equipment of a space type must have no place: it stands in the space")
        _check_distinct("equipment", [item.type for item in self.equipment])
        return self


class CoreSpace(_Entry):
    """A space that a floor has before the rest is filled."""

    type: Name
    floor: Literal["all", "ground", "upper"] = "all"
    from_spaces: int = Field(default=1, ge=1, description="floors with fewer spaces do without")


class BuildingType(_Entry):
    """An archetype: which spaces a floor has, and the equipment of floors and building."""

    archetype: Name
    title: str
    brick_class: BrickClass
    floor_brick_class: BrickClass
    storey_height_m: float = Field(gt=2, lt=10)
    hvac_zone_m2: float = Field(gt=0, description="a floor has one HVAC zone per so much area")
    core: tuple[CoreSpace, ...] = Field(min_length=1)
    fill: tuple[Name, ...] = Field(min_length=1, description="repeated until the floor is full")
    floor_equipment: tuple[Allotment, ...] = ()
    building_equipment: tuple[Allotment, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if any(not item.place for item in (*self.floor_equipment, *self.building_equipment)):
            raise ValueError("place must be given for each equipment of floors and building")
        return self


class MeterType(_Entry):
    """The meter: one type for every place in the tree."""

    title: str
    brick_class: BrickClass
    main_brick_class: BrickClass
    haystack: tuple[str, ...]
    manufacturer: str
    model: str
    place: tuple[Name, ...] = Field(description="space types where it stands, best first")
    loss_fraction: dict[MeterLevel, Annotated[float, Field(ge=0, lt=0.2)]]
    points: tuple[PointSpec, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if set(self.loss_fraction) != {"main", "branch", "leaf"}:
            raise ValueError("loss_fraction must be given for main, branch and leaf")
        return self


class SiteType(_Entry):
    """The site: what is shared by all buildings, with the classes of zones and tenants."""

    title: str
    brick_class: BrickClass
    hvac_zone_brick_class: BrickClass
    security_zone_brick_class: BrickClass
    tenant_brick_class: BrickClass
    tenant_names: tuple[str, ...] = Field(min_length=1)
    points: tuple[PointSpec, ...] = Field(min_length=1)


CatalogueFile = EquipmentType | SpaceType | BuildingType | MeterType | SiteType


def json_schema() -> dict[str, Any]:
    """Make the JSON Schema of the catalogue's files, one definition per kind of file."""
    return TypeAdapter(CatalogueFile).json_schema()


def _check_distinct(what: str, names: list[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"{what} must be distinct; given twice: {', '.join(doubled)}")
