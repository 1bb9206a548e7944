"""The water and air plant, against rated conditions and balances worked out by hand."""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation import hvac, parking, plant
from basetype_benchmark.dataset.simulation.weather import wet_bulb

WATER_KWH_M3_K = 1.163


def test_chiller_at_rated_conditions():
    # 30 °C into the condenser and 7 °C out, as in AHRI 550/590; 350 kW of cold for 70 kW.
    cop = plant.chiller_cop(np.array([30.0]), np.array([7.0]), np.array([1.0]))
    assert cop == pytest.approx([5.0], abs=0.05)


def test_no_compressor_runs_with_less_than_its_lift():
    mild, cold = plant.chiller_cop(np.array([20.0, 5.0]), np.full(2, 12.0), np.full(2, 0.75))
    assert mild == cold < 7.5


def test_chiller_is_best_at_three_quarters_of_its_load():
    loads = np.arange(1, 21) / 20
    cops = plant.chiller_cop(np.full(20, 30.0), np.full(20, 7.0), loads)
    assert loads[cops.argmax()] == 0.75


def test_chiller_stands_without_demand_and_turns_down_to_its_least():
    assert plant.chiller_duty(np.array([0.0, 0.002, 0.75, 1.0])) == pytest.approx(
        [0.0, 0.03, 0.75 * 0.95, 1.0]
    )


def test_cop_and_duty_follow_one_curve():
    load = np.array([0.1, 0.3, 0.6, 1.0])
    still = np.full(4, 30.0), np.full(4, 7.0)
    implied = load / plant.chiller_duty(load)
    shown = plant.chiller_cop(*still, load)
    assert shown / shown[-1] == pytest.approx(implied / implied[-1])


@pytest.mark.parametrize(
    ("rated_m3_h", "rise_k", "rated_kw"), [(60.0, 5.0, 350.0), (26.0, -15.0, -450.0)]
)
def test_flow_times_rise_is_the_power(rated_m3_h: float, rise_k: float, rated_kw: float):
    demand = np.array([0.0, 0.01, 0.1, 0.2, 0.5, 1.0])
    flow = rated_m3_h * plant.water_flow(demand)
    rise = plant.return_temperature(np.full(6, 7.0), demand, rise_k) - 7.0
    assert WATER_KWH_M3_K * flow * rise == pytest.approx(rated_kw * demand, rel=0.02, abs=0.01)


def test_water_pressures_by_type_of_equipment():
    demand, hot = np.array([0.0, 0.5, 1.0]), np.array([28.0, 45.0, 60.0])
    rated = np.array(100.0)

    def shown(kind: str) -> list[float]:
        return plant.circuit_pressure(kind, rated, demand, hot).tolist()

    assert shown("chilled_water_pump") == pytest.approx([0.0, 87.5, 100.0])
    assert shown("chiller") == pytest.approx([0.0, 25.0, 100.0])
    assert shown("compressor") == pytest.approx([50.0, 87.5, 100.0])
    assert shown("expansion_tank") == pytest.approx([93.6, 97.0, 100.0])
    assert shown("fire_pump") == pytest.approx([100.0, 100.0, 100.0])


def test_duct_has_no_pressure_when_the_fan_stands():
    assert plant.duct_pressure(np.array(250.0), np.array([0.0, 0.5, 1.0])) == pytest.approx(
        [0.0, 200.0, 250.0]
    )


def test_room_plant_and_chillers_have_the_same_capacity():
    # The catalogue: a chiller of 350 kW and a boiler of 450 kW per 5500 m2 begun.
    area = np.array([10_000.0])
    assert hvac.cooling_capacity(area, np.zeros(1)) == pytest.approx(2 * 350_000, rel=0.01)
    assert hvac.heating_capacity(area) == pytest.approx(2 * 450_000, rel=0.01)


def test_return_is_never_colder_than_the_rooms():
    supply = np.array([28.0, 28.0, 50.0, 60.0])
    asked = plant.return_temperature(supply, np.array([0.0, 1.0, 1.0, 1.0]), -15.0)
    found = plant.radiated_return(supply, asked)
    assert found == pytest.approx([28.0, 28.0 - 0.6 * 8, 35.0, 45.0])


def test_a_rush_of_the_car_park_is_noticed_and_harmless():
    # Eight hours at 20 ppm are the limit at work (Directive 2017/164/EU).
    moved = np.zeros(289)
    moved[100:112] = 200.0
    found = parking.carbon_monoxide_ppm(moved)
    assert found[:100] == pytest.approx(np.ones(100))
    assert 5 < found.max() < 20
    assert found.argmax() == 111


def test_exhaust_is_drawn_off_within_half_an_hour():
    moved = np.zeros(289)
    moved[100] = 200.0
    added = parking.carbon_monoxide_ppm(moved) - 1.0
    assert added[106] == pytest.approx(added[100] / np.e)


@pytest.mark.parametrize("load", [0.1, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("condenser_c", [18.0, 24.0, 30.0, 35.0])
def test_no_chiller_is_better_than_carnot(load: float, condenser_c: float):
    found = plant.chiller_cop(np.array([condenser_c]), np.array([7.0]), np.array([load]))[0]
    carnot = (7.0 + 273.15) / (condenser_c - 7.0)
    assert 2.0 < found < 0.8 * carnot


def test_a_chiller_is_better_the_less_it_lifts():
    towers = np.linspace(18.0, 35.0, 8)
    cop = plant.chiller_cop(towers, np.full(8, 7.0), np.full(8, 0.8))
    assert (np.diff(cop) <= 0).all()
    assert plant.chiller_cop(towers, np.full(8, 12.0), np.full(8, 0.8))[-1] > cop[-1]


def test_a_tower_comes_near_the_wet_bulb_and_never_below():
    """Approach of 4 K at full load: usual of comfort cooling (CTI: 3 to 6 K)."""
    outdoor_c, humidity = np.full(2, 30.0), np.full(2, 50.0)
    water = plant.tower_water(outdoor_c, humidity, np.array([[0.0], [1.0]]))
    idle, loaded = water - wet_bulb(outdoor_c, humidity)
    assert 0 < idle < loaded
    assert loaded == pytest.approx(4.0, abs=1.5)
    assert (water < outdoor_c).all()


def test_heat_recovery_has_the_efficiency_of_the_standard():
    """EN 308: temperature ratio; 73 % at least by EU regulation 1253/2014, less with leaks."""
    room_c, outdoor_c = np.array([21.0, 21.0]), np.array([-5.0, 28.0])
    exhaust = plant.exhaust_after_recovery(room_c, outdoor_c)
    assert (21.0 - exhaust[0]) / (21.0 - -5.0) == pytest.approx(0.7, abs=0.1)
    assert exhaust[1] == 21.0  # in summer the wheel stands


def test_a_filter_drops_pressure_by_the_square_of_the_flow_and_more_as_it_fills():
    rated = np.array([120.0, 120.0])
    new = plant.filter_pressure_drop(rated, np.array([1.0, 0.5]), day_index=0)
    old = plant.filter_pressure_drop(rated, np.array([1.0, 0.5]), day_index=100)
    assert new[1] / new[0] == pytest.approx(0.25)
    assert (new < old).all()
    assert (old <= rated).all()


def test_pumps_rest_without_demand_and_run_at_full_speed_with_all_of_it():
    speed = plant.pump_speed(np.array([0.0, 0.3, 1.0]))
    assert speed[0] == 0.0
    assert speed[2] == pytest.approx(1.0)
    assert 0 < speed[1] < 1
