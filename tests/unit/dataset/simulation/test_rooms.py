"""The rooms of a building together: what they ask of the plant, and how they are held."""

import numpy as np
import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.simulation import hvac
from basetype_benchmark.dataset.simulation.arrays import STEPS
from basetype_benchmark.dataset.simulation.building import Building, read_buildings
from basetype_benchmark.dataset.simulation.day import date_of
from basetype_benchmark.dataset.simulation.it import device_load
from basetype_benchmark.dataset.simulation.rooms import Rooms, simulate_rooms
from basetype_benchmark.dataset.simulation.weather import weather_of
from basetype_benchmark.dataset.topology import build_graph

JULY_24 = 205


@pytest.fixture(scope="module")
def building() -> Building:
    return read_buildings(build_graph(find_profile("tiny-2d"), 42))[0]


def rooms_on(building: Building, day_index: int) -> Rooms:
    spaces = len(building.spaces.ids)
    devices = len(building.electricity.equipment.ids)
    start = (np.full(spaces, 22.0), np.full(spaces, 450.0), np.full(spaces, 0.007))
    return simulate_rooms(
        42,
        building,
        day_index,
        working=True,
        weather=weather_of(42, date_of(day_index), day_index),
        load=device_load(42, building.id, day_index, devices, True),
        start=start,
    )


def test_chillers_carry_the_cold_of_all_rooms(building: Building):
    rooms = rooms_on(building, JULY_24)
    always = building.spaces.always_on > 0
    racks_w = 2 * 3400.0
    capacity_w = hvac.cooling_capacity(building.spaces.area_m2, np.zeros(len(always)))
    # At night the server room alone: half of the rated power of its racks, of a 350 kW chiller.
    assert rooms.chiller_load[12] * 350_000 == pytest.approx(0.65 * racks_w, rel=0.4)
    others = (rooms.air.cooling * capacity_w)[:, ~always].sum(axis=1)
    assert (rooms.chiller_load * 350_000 >= others - 1e-6).all()
    assert rooms.chiller_load[150] > 3 * rooms.chiller_load[12]


def test_rooms_are_held_warmer_in_summer_but_not_heated_to_it(building: Building):
    summer, winter = rooms_on(building, JULY_24), rooms_on(building, 1)
    desks = building.spaces.always_on == 0
    shift = hvac.summer_shift(weather_of(42, date_of(JULY_24), JULY_24).temperature_c)
    noon = STEPS // 2
    assert shift > 0
    assert summer.setpoint_c[noon, desks] - winter.setpoint_c[noon, desks] == pytest.approx(shift)
    assert summer.setpoint_c[noon, ~desks] == pytest.approx(winter.setpoint_c[noon, ~desks])
    assert summer.air.heating[noon].max() < 0.01
    assert summer.air.temperature_c[120:210, desks].max() < 26


def test_setpoints_fall_back_at_night(building: Building):
    rooms = rooms_on(building, 1)
    desks = building.spaces.always_on == 0
    assert (rooms.setpoint_c[12, desks] == hvac.SETBACK_C).all()
    assert (rooms.setpoint_c[12, ~desks] == hvac.SERVER_ROOM_C).all()
