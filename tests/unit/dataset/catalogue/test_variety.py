"""The catalogue is as varied as an inventory, and each of its entries as plausible."""

import re

import pytest

from basetype_benchmark.dataset.catalogue import default_catalogue
from basetype_benchmark.dataset.catalogue.schema import PointSpec
from basetype_benchmark.dataset.catalogue.vocabulary import UNITS, Domain
from basetype_benchmark.dataset.model import Behaviour, Role, Signal
from tests.unit.dataset.catalogue.test_brick import all_points

CATALOGUE = default_catalogue()
KINDS = list(CATALOGUE.equipment.values())
POINTS = list(all_points())
INTERVALS_S = {0, 60, 300, 900, 3600}
REAL_BRANDS = {
    *("abb", "belimo", "bosch", "carrier", "cisco", "daikin", "danfoss", "dell", "delta"),
    *("eaton", "fujitsu", "grundfos", "honeywell", "hpe", "johnson", "kone", "legrand", "lg"),
    *("mitsubishi", "otis", "philips", "samsung", "sauter", "schindler", "schneider"),
    *("siemens", "sony", "systemair", "thyssenkrupp", "trane", "trox", "vaisala", "wilo", "york"),
}
TAG = re.compile("[a-z][a-zA-Z0-9_]*")
"""Values of the tag `phase`, which the catalogue writes as markers."""


def named(points: list[PointSpec]) -> list[str]:
    return [f"{point.key} ({point.point_type})" for point in points]


def test_there_are_types_enough_in_every_domain() -> None:
    assert len(KINDS) >= 60
    assert {kind.domain for kind in KINDS} == set(Domain) - {Domain.METERING}
    assert len({kind.title for kind in KINDS}) == len(KINDS)


def test_makers_and_models_are_made_up_and_look_like_ones() -> None:
    for kind in KINDS:
        assert re.fullmatch("[A-Z][a-z]{3,}", kind.manufacturer), kind.type
        assert re.fullmatch("[A-Z0-9]+-[0-9A-Za-z]+", kind.model), kind.type
    makers = {kind.manufacturer.lower() for kind in KINDS} | {CATALOGUE.meter.manufacturer.lower()}
    assert len(makers) >= 20
    assert makers & REAL_BRANDS == set()


def test_haystack_tags_are_well_formed() -> None:
    tags = {tag for kind in KINDS for tag in kind.haystack}
    tags |= {tag for point in POINTS for tag in point.markers} | set(CATALOGUE.meter.haystack)
    assert {tag for tag in tags if not TAG.fullmatch(tag)} == set()
    assert all("equip" in kind.haystack or "panel" in kind.haystack for kind in KINDS)
    assert all("point" in point.markers for point in POINTS)
    assert all(len(set(kind.haystack)) == len(kind.haystack) for kind in KINDS)


def test_every_unit_is_that_of_the_quantity() -> None:
    assert [point.key for point in POINTS if point.unit not in UNITS[point.quantity]] == []
    assert {point.quantity for point in POINTS} <= UNITS.keys()


def test_no_deadband_is_finer_than_what_can_be_told_apart() -> None:
    assert named([p for p in POINTS if p.deadband and p.deadband < p.resolution]) == []


def test_points_sample_at_the_intervals_of_the_data_model() -> None:
    assert {point.interval_s for point in POINTS} == INTERVALS_S
    assert named([p for p in POINTS if p.role is Role.METER and p.interval_s != 900]) == []


def test_states_are_whole_numbers() -> None:
    states = [p for p in POINTS if p.signal in {Signal.BINARY, Signal.EVENT}]
    assert named([p for p in states if p.resolution != 1 or p.unit is not None]) == []
    alarms = [p for p in POINTS if p.role is Role.ALARM]
    assert named([p for p in alarms if p.behaviour is not Behaviour.ALARM]) == []


def test_a_point_type_is_of_one_quantity_wherever_it_occurs() -> None:
    quantities: dict[str, set[str]] = {}
    for point in POINTS:
        quantities.setdefault(point.point_type, set()).add(point.quantity)
    assert {name: found for name, found in quantities.items() if len(found) > 1} == {}


@pytest.mark.parametrize("behaviour", Behaviour)
def test_every_behaviour_is_that_of_some_point(behaviour: Behaviour) -> None:
    assert any(point.behaviour is behaviour for point in POINTS)
