"""How big the datasets of a scale come out, told before any graph is built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from basetype_benchmark.config.profiles import DEFAULT_SEED, BuildingPlan, Scale
from basetype_benchmark.dataset.catalogue import default_catalogue
from basetype_benchmark.dataset.topology.inventory import take_stock
from basetype_benchmark.dataset.topology.meters import plan_meters
from basetype_benchmark.dataset.topology.places import lay_out

ROWS_A_POINT_DAY = 150
"""Samples of a point on a day: 146 to 151 were measured over tiny-1m, small-1m and medium-1w."""

BYTES_A_ROW = 4.5
"""Parquet of a sample: 4.4 to 4.7 bytes in the same datasets."""


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What a scale comes to. Spaces and area are of the plan; the rest depends on the seed."""

    buildings: int
    spaces: int
    area_m2: int
    equipment: int  # without ghosts
    points: int

    @property
    def rows_a_day(self) -> int:
        """About how many samples."""
        return self.points * ROWS_A_POINT_DAY

    @property
    def bytes_a_day(self) -> int:
        """About how much Parquet."""
        return round(self.rows_a_day * BYTES_A_ROW)


def measure_extent(scale: Scale) -> Extent:
    """Count what the buildings of a scale are equipped with, for the default seed.

    Their archetypes are in the catalogue.
    """
    counts = [_count(plan) for plan in scale.buildings]
    return Extent(
        buildings=len(scale.buildings),
        spaces=sum(plan.spaces for plan in scale.buildings),
        area_m2=sum(plan.area_m2 for plan in scale.buildings),
        equipment=sum(equipment for equipment, _ in counts),
        points=len(default_catalogue().site.points) + sum(points for _, points in counts),
    )


@cache
def _count(plan: BuildingPlan) -> tuple[int, int]:
    """Count equipment and points of one building; scales share many."""
    catalogue = default_catalogue()
    building = lay_out("b01", plan, DEFAULT_SEED, catalogue)
    inventory = take_stock(building, catalogue)
    meters = plan_meters(building, inventory, catalogue.meter).meters
    points = (
        sum(len(room.kind.points) for room in building.rooms)
        + sum(len(device.kind.points) for device in inventory.devices)
        + len(meters) * len(catalogue.meter.points)
    )
    return len(inventory.devices), points
