"""Every class the catalogue names is a class of Brick 1.5, current, and of the right kind."""

from collections.abc import Iterator

import pytest

from basetype_benchmark.dataset.catalogue import default_catalogue
from basetype_benchmark.dataset.catalogue.schema import PointSpec
from basetype_benchmark.dataset.model import Role
from tests.unit.dataset.catalogue.ontology import brick
from tests.unit.dataset.topology.walk import shipped

CATALOGUE = default_catalogue()
CLASS_OF_ROLE = {
    Role.SENSOR: "Sensor",
    Role.SETPOINT: "Setpoint",
    Role.COMMAND: "Command",
    Role.STATUS: "Status",
    Role.ALARM: "Alarm",
    Role.METER: "Sensor",
}


def place_classes() -> Iterator[str]:
    for building in CATALOGUE.buildings.values():
        yield from (building.brick_class, building.floor_brick_class)
    yield from (space.brick_class for space in CATALOGUE.spaces.values())
    site = CATALOGUE.site
    yield from (site.brick_class, site.hvac_zone_brick_class, site.security_zone_brick_class)


def all_points() -> Iterator[PointSpec]:
    for kind in (*CATALOGUE.equipment.values(), *CATALOGUE.spaces.values()):
        yield from kind.points
    yield from (*CATALOGUE.meter.points, *CATALOGUE.site.points)


def equipment_classes() -> Iterator[str]:
    yield from (kind.brick_class for kind in CATALOGUE.equipment.values())
    yield from (CATALOGUE.meter.brick_class, CATALOGUE.meter.main_brick_class)


def test_the_ontology_is_read_whole() -> None:
    ontology = brick()
    assert len(ontology.classes) > 1400
    assert {"Access_Reader", "ICT_Rack", "Occupancy_Count_Sensor"} <= ontology.classes
    assert not {"Badge_Reader", "Rack", "PDU", "People_Count_Sensor"} & ontology.classes
    assert {"Building", "Floor", "HVAC_Zone"} <= ontology.deprecated
    assert "Equipment" in ontology.ancestors("Fan_Coil_Unit")


@pytest.mark.parametrize(
    "names",
    [
        {*place_classes(), CATALOGUE.site.tenant_brick_class},
        {*equipment_classes()},
        {point.brick_class for point in all_points()},
    ],
    ids=["places", "equipment", "points"],
)
def test_every_class_exists_in_brick_and_is_not_deprecated(names: set[str]) -> None:
    assert names - brick().classes == set()
    assert names & brick().deprecated == set()


def test_equipment_has_classes_of_equipment() -> None:
    assert [n for n in equipment_classes() if "Equipment" not in brick().ancestors(n)] == []


def test_places_have_classes_of_places() -> None:
    assert [n for n in place_classes() if "rec:Space" not in brick().ancestors(n)] == []


def test_points_have_the_class_of_their_role() -> None:
    wrong = [
        (point.key, point.role.value, point.brick_class)
        for point in all_points()
        if CLASS_OF_ROLE[point.role] not in brick().ancestors(point.brick_class)
    ]
    assert wrong == []


def test_nothing_in_a_building_has_a_class_that_is_not_in_brick() -> None:
    nodes = shipped("small").nodes
    classes = {row["brick_class"] for row in nodes.values()}
    assert classes - brick().classes == set()
    assert classes & brick().deprecated == set()
