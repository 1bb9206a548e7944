"""The air of spaces against the closed solutions of its balances.

Nothing here repeats a constant of the model: a free room tells its time constant, and all else
must follow from it.
"""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import zones
from basetype_benchmark.dataset.simulation.arrays import STEP_S, STEPS, Ints

SECONDS = np.arange(STEPS + 1) * STEP_S
NOBODY = np.zeros((STEPS, 1))
NO_WALLS: Ints = np.zeros((0, 2), dtype=np.int64)


def rooms(count: int = 1, walls: Ints = NO_WALLS) -> zones.Envelope:
    def each(value: float) -> np.ndarray:
        return np.full(count, value)

    return zones.build_envelope(
        area_m2=each(25.0),
        volume_m3=each(75.0),
        capacity=each(3.0),
        window_m2=each(5.0),
        exterior_wall_m2=each(15.0),
        heating_w=each(2500.0),
        cooling_w=each(2500.0),
        walls=walls,
    )


def drive(
    *,
    people: np.ndarray = NOBODY,
    gains_w: float = 0.0,
    on: float = 0.0,
    outdoor_c: float = 0.0,
    outdoor_moisture: float = 0.004,
    setpoints: tuple[float, float] = (-100.0, 200.0),
) -> zones.Drive:
    return zones.Drive(
        outdoor_c=np.full(STEPS + 1, outdoor_c),
        outdoor_moisture=np.full(STEPS + 1, outdoor_moisture),
        people=people,
        gains_w=np.full(people.shape, gains_w),
        on=np.full(people.shape, on),
        heating_setpoint_c=np.full(people.shape, setpoints[0]),
        cooling_setpoint_c=np.full(people.shape, setpoints[1]),
    )


def start(temperature_c: float, co2_ppm: float = 420.0, count: int = 1) -> tuple[np.ndarray, ...]:
    return np.full(count, temperature_c), np.full(count, co2_ppm), np.full(count, 0.006)


def loss_w_k() -> float:
    """Heat that a room without plant or people loses per kelvin, by how fast it cools down."""
    air = zones.simulate_air(rooms(), drive(), start(20.0))
    rate = -np.log(air.temperature_c[-1, 0] / air.temperature_c[0, 0]) / SECONDS[-1]
    return float(rate * rooms().heat_capacity_j_k[0])


def test_a_free_room_cools_down_by_the_exponential_law():
    air = zones.simulate_air(rooms(), drive(outdoor_c=5.0), start(25.0))
    share = (air.temperature_c[:, 0] - 5.0) / 20.0
    rates = -np.log(share[1:]) / SECONDS[1:]
    assert rates == pytest.approx(np.full(STEPS, rates[0]), rel=1e-9)
    hours = 1 / rates[0] / 3600
    assert 10 < hours < 60  # of light to heavy buildings (EN ISO 13790)


def test_the_loss_is_that_of_the_envelope_and_the_air_that_leaks():
    leak = loss_w_k() - float(rooms().loss_w_k[0])
    changes_per_h = leak * 3600 / (1206.0 * 75.0)
    assert changes_per_h == pytest.approx(0.15, rel=0.02)


def test_a_step_of_heat_gains_is_answered_as_by_a_resistance_and_a_capacity():
    loss, capacity = loss_w_k(), float(rooms().heat_capacity_j_k[0])
    air = zones.simulate_air(rooms(), drive(gains_w=300.0), start(0.0))
    expected = 300.0 / loss * (1 - np.exp(-SECONDS * loss / capacity))
    assert air.temperature_c[:, 0] == pytest.approx(expected, abs=0.05)


def test_the_heat_given_is_the_heat_lost_once_the_setpoint_is_held():
    air = zones.simulate_air(rooms(), drive(outdoor_c=-5.0, setpoints=(21.0, 200.0)), start(21.0))
    assert air.temperature_c[-1, 0] == pytest.approx(21.0, abs=0.01)
    assert air.heating[-1, 0] * 2500.0 == pytest.approx(loss_w_k() * 26.0, rel=0.01)


def test_the_cold_given_is_the_heat_that_comes_in():
    hot = drive(outdoor_c=33.0, gains_w=700.0, setpoints=(-100.0, 25.0))
    air = zones.simulate_air(rooms(), hot, start(25.0))
    assert air.temperature_c[-1, 0] == pytest.approx(25.0, abs=0.01)
    assert air.cooling[-1, 0] * 2500.0 == pytest.approx(700.0 + loss_w_k() * 8.0, rel=0.01)


def test_plant_gives_no_more_than_its_capacity():
    cold = drive(outdoor_c=-300.0, setpoints=(21.0, 200.0))
    air = zones.simulate_air(rooms(), cold, start(21.0))
    assert air.heating.max() == 1.0
    assert air.temperature_c[-1, 0] < 20.0


def test_neighbours_share_their_heat_and_lose_none_of_it():
    """One starts as much above the outdoors as the other below: the mean stays."""
    wall = np.array([[0, 1]])
    begin = (np.array([25.0, 15.0]), np.full(2, 420.0), np.full(2, 0.006))
    nobody = np.zeros((STEPS, 2))
    apart = zones.simulate_air(rooms(2), drive(people=nobody, outdoor_c=20.0), begin)
    joined = zones.simulate_air(rooms(2, wall), drive(people=nobody, outdoor_c=20.0), begin)
    assert joined.temperature_c.mean(axis=1) == pytest.approx(np.full(STEPS + 1, 20.0))
    gap = np.diff(joined.temperature_c[-1])[0] / np.diff(apart.temperature_c[-1])[0]
    assert 0 < gap < 0.8


def test_co2_settles_where_published_ventilation_puts_it():
    """A person at 1.2 met (5.2 ml/s) in 10 l/s of fresh air: 520 ppm above outdoors."""
    crowd = np.full((STEPS, 1), 3.0)
    air = zones.simulate_air(rooms(), drive(people=crowd, on=1.0), start(20.0))
    supply = air.damper[-1, 0] * rooms().fresh_air_m3_s[0] + changes_per_s() * 75.0
    excess = air.co2_ppm[-1, 0] - zones.OUTDOOR_CO2_PPM
    assert excess == pytest.approx(520.0 * 3 * 0.010 / supply, rel=0.02)


def changes_per_s() -> float:
    """Air changes of a room whose ventilation is off, by how fast CO2 decays."""
    air = zones.simulate_air(rooms(), drive(), start(20.0, co2_ppm=1420.0))
    return float(-np.log((air.co2_ppm[-1, 0] - 420.0) / 1000.0) / SECONDS[-1])


def test_co2_decays_exponentially():
    air = zones.simulate_air(rooms(), drive(), start(20.0, co2_ppm=1420.0))
    expected = 420.0 + 1000.0 * np.exp(-changes_per_s() * SECONDS)
    assert air.co2_ppm[:, 0] == pytest.approx(expected, rel=1e-9)
    assert changes_per_s() * 3600 == pytest.approx(0.15, rel=0.01)


def test_co2_rises_to_the_closed_solution_while_people_stay():
    crowd = np.full((STEPS, 1), 2.0)
    air = zones.simulate_air(rooms(), drive(people=crowd), start(20.0))
    rate = changes_per_s()
    ceiling = 1e6 * zones.CO2_PER_PERSON_M3_S * 2.0 / (rate * 75.0)
    expected = 420.0 + ceiling * (1 - np.exp(-rate * SECONDS))
    assert air.co2_ppm[:, 0] == pytest.approx(expected, rel=1e-9)


def test_the_damper_opens_with_co2_and_not_when_the_plant_is_off():
    levels = np.array([420.0, 600.0, 800.0, 2000.0])
    begin = (np.full(4, 20.0), levels, np.full(4, 0.006))
    nobody = np.zeros((STEPS, 4))
    opening = zones.simulate_air(rooms(4), drive(people=nobody, on=1.0), begin).damper[0]
    assert (np.diff(opening) >= 0).all()
    assert 0 < opening[0] < 0.5
    assert opening[-1] == 1.0
    assert not zones.simulate_air(rooms(4), drive(people=nobody), begin).damper.any()


def test_moisture_mixes_with_the_air_outdoors_as_co2_does():
    air = zones.simulate_air(rooms(), drive(outdoor_moisture=0.009), start(20.0))
    expected = 0.009 - 0.003 * np.exp(-changes_per_s() * SECONDS)
    assert air.moisture[:, 0] == pytest.approx(expected, rel=1e-9)


def test_people_breathe_out_sixty_grams_of_water_an_hour():
    """Seated, light work (ASHRAE Handbook, Fundamentals: 45 W of latent heat, 65 g/h)."""
    crowd = np.full((STEPS, 1), 2.0)
    air = zones.simulate_air(rooms(), drive(people=crowd, outdoor_moisture=0.006), start(20.0))
    gram_per_h = (air.moisture[1, 0] - 0.006) * 1.2 * 75.0 * 1000 * 3600 / STEP_S / 2.0
    assert gram_per_h == pytest.approx(60.0, rel=0.1)


def test_a_cooling_coil_dries_air_no_further_than_its_own_temperature():
    humid = drive(outdoor_c=35.0, outdoor_moisture=0.016, gains_w=900.0, setpoints=(-100.0, 24.0))
    cooled = zones.simulate_air(rooms(), humid, start(24.0))
    saturated_at_12_c = 0.0088
    assert saturated_at_12_c < cooled.moisture[-1, 0] < 0.016
    dry = drive(outdoor_c=35.0, outdoor_moisture=0.004, gains_w=900.0, setpoints=(-100.0, 24.0))
    assert zones.simulate_air(rooms(), dry, start(24.0)).moisture[-1, 0] < 0.006


def test_sun_comes_through_windows_of_outer_walls_only():
    falling = np.array([[0.0, 100.0, 500.0, 100.0]])
    facing = np.array([2, 1, -1])
    gains = zones.solar_gain(falling, facing, np.array([4.0, 4.0, 4.0]))[0]
    assert gains[0] == pytest.approx(5 * gains[1])
    assert 0.2 < gains[0] / (4.0 * 500.0) < 0.8  # solar factor of glass with a blind, to clear
    assert gains[2] == 0.0
