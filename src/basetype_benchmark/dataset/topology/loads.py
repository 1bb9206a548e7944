"""Rated loads behind meters, from the equipment they feed and the spaces they supply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from basetype_benchmark.dataset.model import EndUse, Medium, Relation
from basetype_benchmark.dataset.topology.draft import Edge
from basetype_benchmark.dataset.topology.inventory import Device, Inventory
from basetype_benchmark.dataset.topology.meters import Meter

LIGHTING_KW_M2 = 0.009
PLUGS_KW_M2 = 0.012


@dataclass(frozen=True, kw_only=True)
class Loads:
    """Who feeds whom electricity, and what each device takes itself."""

    fed: Mapping[str, tuple[str, ...]]
    devices: Mapping[str, Device]
    meters: Mapping[str, Meter]

    def meter_kw(self, meter: Meter) -> float:
        """Rated load behind a meter: of spaces for lighting and plugs, else of equipment."""
        per_m2 = {EndUse.LIGHTING: LIGHTING_KW_M2, EndUse.PLUGS: PLUGS_KW_M2}.get(meter.end_use)
        if per_m2 is not None and meter.level == "leaf":
            return per_m2 * sum(room.area_m2 for room in meter.rooms)
        return sum(self._behind_kw(fed_id) for fed_id in self.fed.get(meter.id, ()))

    def _behind_kw(self, node_id: str) -> float:
        if node_id in self.meters:
            return self.meter_kw(self.meters[node_id])
        device = self.devices[node_id]
        own_kw = device.kind.nominal_kw if device.whole is None else 0.0
        return own_kw + sum(self._behind_kw(fed_id) for fed_id in self.fed.get(node_id, ()))


def collect_loads(inventory: Inventory, meters: Iterable[Meter], edges: Iterable[Edge]) -> Loads:
    """Collect the electric tree from the relations of a building."""
    fed: dict[str, list[str]] = {}
    for edge in edges:
        if edge.rel_type is Relation.FEEDS and edge.medium is Medium.ELECTRICITY:
            fed.setdefault(edge.src_id, []).append(edge.dst_id)
    return Loads(
        fed={source: tuple(targets) for source, targets in fed.items()},
        devices={device.id: device for device in inventory.devices},
        meters={meter.id: meter for meter in meters},
    )
