"""What points of a generated building show, where a wrong owner or direction would go unseen."""

import polars as pl
import pytest

from tests.unit.dataset.conftest import WORKING_DAY

HOUR = pl.col("time").dt.hour()


def chosen(samples: pl.DataFrame, ending: str, day: int = WORKING_DAY) -> pl.DataFrame:
    found = samples.filter(pl.col("point_id").str.ends_with(ending), pl.col("day") == day)
    assert found.height > 0
    return found


def mean_between(frame: pl.DataFrame, first: int, last: int) -> float:
    return float(frame.filter(HOUR.is_between(first, last))["value"].mean())


def test_the_water_meter_counts_the_building_and_not_its_plant_room(samples: pl.DataFrame):
    flow = chosen(samples, "water_meter1.flow")
    # Some 30 people at work draw 4.5 litres an hour each.
    assert 0.05 < mean_between(flow, 9, 11) < 0.4
    assert mean_between(flow, 0, 3) < 0.01


def test_cooling_setpoints_rise_at_night_and_heating_setpoints_fall(samples: pl.DataFrame):
    cooling, heating = chosen(samples, ".cooling_sp"), chosen(samples, ".heating_sp")
    assert mean_between(cooling, 0, 3) == pytest.approx(28, abs=0.01)
    assert mean_between(heating, 0, 3) == pytest.approx(18, abs=0.01)
    assert 20 < mean_between(heating, 9, 16) < mean_between(cooling, 9, 16) < 25


def test_flow_setpoints_are_zero_while_nothing_runs(samples: pl.DataFrame):
    flow = chosen(samples, "ahu1.supply_air_flow_sp")
    assert mean_between(flow, 0, 3) == 0
    assert mean_between(flow, 9, 16) == 9000


def test_water_comes_back_warmer_from_cooling_and_colder_from_heating(samples: pl.DataFrame):
    cold = [
        mean_between(chosen(samples, f"chiller1.{key}_temp"), 11, 15)
        for key in ("supply", "return")
    ]
    assert cold[0] < cold[1]
    hot = [
        mean_between(chosen(samples, f"boiler1.{key}_temp"), 6, 6) for key in ("supply", "return")
    ]
    assert hot[0] > hot[1]


def test_server_rooms_take_their_air_in_warm(samples: pl.DataFrame):
    back = chosen(samples, "crac1.return_air_temp")["value"]
    assert back.min() > 24
    assert back.max() < 30


def test_pumps_hold_no_pressure_and_fans_none_when_they_stand(samples: pl.DataFrame):
    duct = chosen(samples, "ahu1.static_pressure")
    assert mean_between(duct, 0, 3) < 2
    assert mean_between(duct, 9, 16) > 150
