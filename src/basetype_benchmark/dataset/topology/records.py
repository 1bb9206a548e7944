"""The nodes of a building, and the relations that come with a node: place, parts and points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from basetype_benchmark.dataset.catalogue import Catalogue
from basetype_benchmark.dataset.catalogue.schema import PointSpec
from basetype_benchmark.dataset.model import NodeType, Relation
from basetype_benchmark.dataset.topology.draft import Draft, Node, properties_json
from basetype_benchmark.dataset.topology.inventory import Device
from basetype_benchmark.dataset.topology.loads import Loads
from basetype_benchmark.dataset.topology.meters import Meter
from basetype_benchmark.dataset.topology.nodes import (
    building_node,
    device_node,
    floor_node,
    space_node,
)
from basetype_benchmark.dataset.topology.places import Building, neighbours
from basetype_benchmark.dataset.topology.zones import Zone

SITE_ID = "site"


@dataclass(frozen=True, kw_only=True)
class Recorder:
    """Writes a building's parts into a draft."""

    catalogue: Catalogue
    draft: Draft
    _point_properties: dict[PointSpec, str] = field(default_factory=dict)

    def record_site(self) -> None:
        """Add the site and its points; it is the same whatever stands on it."""
        site = self.catalogue.site
        owner = Node(id=SITE_ID, type=NodeType.SITE, name=site.title, brick_class=site.brick_class)
        self.draft.add(owner)
        self._record_points(owner, site.points)

    def record_places(self, building: Building) -> None:
        """Add building, floors and spaces, with the walls between them."""
        draft = self.draft
        draft.add(building_node(building))
        draft.relate(Relation.CONTAINS, SITE_ID, building.id)
        for floor in range(1, building.plan.floors + 1):
            draft.add(floor_node(building, floor))
            draft.relate(Relation.CONTAINS, building.id, building.floor_id(floor))
            for one, other in neighbours(building.rooms_of_floor(floor)):
                draft.relate(Relation.ADJACENT_TO, one.id, other.id)
        for room in building.rooms:
            node = space_node(building, room)
            draft.add(node)
            draft.relate(Relation.CONTAINS, room.floor_id, room.id)
            self._record_points(node, room.kind.points)

    def record_tenants(self, building: Building) -> None:
        """Add the tenants and their leases."""
        tenants = sorted({room.tenant for room in building.rooms if room.tenant is not None})
        for tenant in tenants:
            tenant_id = f"{building.id}.t{tenant + 1:02d}"
            self.draft.add(self._tenant_node(building, tenant, tenant_id))
            for room in building.rooms:
                if room.tenant == tenant:
                    self.draft.relate(Relation.OCCUPIES, tenant_id, room.id)

    def record_zones(self, building: Building, zones: Sequence[Zone]) -> None:
        """Add zones and what they contain."""
        site = self.catalogue.site
        classes = {"hvac": site.hvac_zone_brick_class, "security": site.security_zone_brick_class}
        for zone in zones:
            self.draft.add(
                Node(
                    id=zone.id,
                    type=NodeType.ZONE,
                    name=zone.name,
                    building_id=building.id,
                    floor_id=building.floor_id(zone.floor) if zone.floor else None,
                    zone_kind=zone.zone_kind,
                    brick_class=classes[zone.zone_kind],
                )
            )
            for room in zone.rooms:
                self.draft.relate(Relation.CONTAINS, zone.id, room.id)

    def record_devices(self, building: Building, devices: Sequence[Device]) -> None:
        """Add equipment with place, parts and points."""
        for device in devices:
            node = device_node(building, device)
            self.draft.add(node)
            self._record_points(node, device.kind.points)
            if device.whole is None:
                self.draft.relate(Relation.LOCATED_IN, device.id, device.room.id)
            else:
                self.draft.relate(Relation.HAS_PART, device.whole.id, device.id)

    def record_ghosts(self, building: Building, ghosts: Sequence[Device]) -> None:
        """Add equipment that has a place and nothing else."""
        for ghost in ghosts:
            self.draft.add(device_node(building, ghost))
            self.draft.relate(Relation.LOCATED_IN, ghost.id, ghost.room.id)

    def record_meters(self, building: Building, meters: Sequence[Meter], loads: Loads) -> None:
        """Add meters with place and points."""
        for meter in meters:
            node = self._meter_node(building, meter, loads)
            self.draft.add(node)
            self.draft.relate(Relation.LOCATED_IN, meter.id, meter.room.id)
            self._record_points(node, self.catalogue.meter.points)

    def _record_points(self, owner: Node, points: Sequence[PointSpec]) -> None:
        for spec in points:
            point_id = f"{owner.id}.{spec.key}"
            self.draft.add(
                Node(
                    id=point_id,
                    type=NodeType.POINT,
                    name=f"{owner.name}: {spec.title}",
                    building_id=owner.building_id,
                    floor_id=owner.floor_id,
                    space_id=owner.id if owner.type is NodeType.SPACE else owner.space_id,
                    domain=owner.domain,
                    brick_class=spec.brick_class,
                    point_type=spec.point_type,
                    quantity=spec.quantity,
                    unit=spec.unit,
                    role=spec.role,
                    signal=spec.signal,
                    properties=self._properties_of(spec),
                )
            )
            self.draft.relate(Relation.HAS_POINT, owner.id, point_id)

    def _properties_of(self, spec: PointSpec) -> str:
        """What the simulation reads: the same text for every point of a specification."""
        if spec not in self._point_properties:
            properties = {
                "behaviour": spec.behaviour,
                "interval_s": spec.interval_s,
                "resolution": spec.resolution,
                "deadband": spec.deadband,
                "heartbeat_s": spec.heartbeat_s,
                "haystack": spec.markers,
            }
            if spec.nominal is not None:
                properties["nominal"] = spec.nominal
            self._point_properties[spec] = properties_json(properties)
        return self._point_properties[spec]

    def _tenant_node(self, building: Building, tenant: int, tenant_id: str) -> Node:
        names = self.catalogue.site.tenant_names
        first = int(building.stream("tenants").integers(len(names)))
        draw = building.stream("leases", tenant_id).integers(0, 12 * 8)
        again, index = divmod(first + tenant, len(names))
        return Node(
            id=tenant_id,
            type=NodeType.TENANT,
            name=names[index] + (f" {again + 1}" if again else ""),
            building_id=building.id,
            brick_class=self.catalogue.site.tenant_brick_class,
            properties=properties_json(
                {"lease_start": f"{2015 + int(draw) // 12}-{int(draw) % 12 + 1:02d}-01"}
            ),
        )

    def _meter_node(self, building: Building, meter: Meter, loads: Loads) -> Node:
        kind = self.catalogue.meter
        is_main = meter.level == "main"
        return Node(
            id=meter.id,
            type=NodeType.METER,
            name=meter.name,
            building_id=building.id,
            floor_id=meter.room.floor_id,
            space_id=meter.room.id,
            domain="metering",
            end_use=meter.end_use,
            brick_class=kind.main_brick_class if is_main else kind.brick_class,
            properties=properties_json(
                {
                    "manufacturer": kind.manufacturer,
                    "model": kind.model,
                    "haystack": kind.haystack,
                    "level": meter.level,
                    "nominal_kw": round(loads.meter_kw(meter), 2),
                    "loss_fraction": kind.loss_fraction[meter.level],
                }
            ),
        )
