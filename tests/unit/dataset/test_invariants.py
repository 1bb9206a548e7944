"""What must hold of every generated dataset, asserted on tiny-2d."""

import polars as pl
import pytest

from basetype_benchmark.dataset.reader import Dataset
from tests.unit.dataset.conftest import WORKING_DAY

_TICK = 1.01e-4


@pytest.fixture(scope="session")
def energy(samples: pl.DataFrame) -> pl.DataFrame:
    """Energy of each meter in each interval."""
    return samples.filter(
        (pl.col("behaviour") == "energy_interval") & (pl.col("role") == "meter")
    ).select("owner_id", "time", "value")


def test_meter_tree_balances_at_every_interval(tiny: Dataset, energy: pl.DataFrame):
    nodes = pl.DataFrame(pl.from_arrow(tiny.nodes()))
    meters = nodes.filter(pl.col("type") == "Meter").select(
        "id", loss=pl.col("properties").str.json_path_match("$.loss_fraction").cast(pl.Float64)
    )
    edges = pl.DataFrame(pl.from_arrow(tiny.edges())).filter(pl.col("rel_type") == "FEEDS")
    tree = edges.join(meters, left_on="src_id", right_on="id").join(
        meters.select(dst_id="id"), on="dst_id"
    )
    children = (
        tree.join(energy, left_on="dst_id", right_on="owner_id")
        .group_by("src_id", "loss", "time")
        .agg(below=pl.col("value").sum())
    )
    both = children.join(energy, left_on=["src_id", "time"], right_on=["owner_id", "time"])
    gap = (both["value"] - both["below"] * (1 + both["loss"])).abs()
    assert both["src_id"].n_unique() == 5
    assert both.height == 5 * 2 * 96
    assert gap.max() < _TICK


def test_every_meter_measures_something(energy: pl.DataFrame):
    totals = energy.group_by("owner_id").agg(pl.col("value").sum())
    assert totals["value"].min() > 0


def test_counters_agree_with_the_interval_sums(samples: pl.DataFrame, energy: pl.DataFrame):
    totals = samples.filter(
        (pl.col("behaviour") == "energy_total")
        & pl.col("owner_id").is_in(energy["owner_id"].unique().implode())
    )
    both = totals.join(energy, on=["owner_id", "time"], suffix="_interval").sort("owner_id", "time")
    read = both.with_columns(
        expected=(pl.col("value_interval").cum_sum() - pl.col("value_interval")).over("owner_id")
    )
    assert both.height == energy.height
    assert (read["value"] - read["expected"]).abs().max() < _TICK


def test_counters_never_fall(samples: pl.DataFrame):
    counters = samples.filter(pl.col("behaviour").is_in(["energy_total", "trip_counter"]))
    steps = counters.select(pl.col("value").diff().over("point_id")).drop_nulls()
    assert steps["value"].min() >= 0


def test_active_power_agrees_with_energy(samples: pl.DataFrame, energy: pl.DataFrame):
    power = samples.filter((pl.col("behaviour") == "active_power") & (pl.col("role") == "meter"))
    both = power.join(energy, on=["owner_id", "time"], suffix="_energy")
    assert both.height == energy.height
    assert (both["value"] / 4 - both["value_energy"]).abs().max() < 2e-4


def test_meters_and_grid_report_every_interval(samples: pl.DataFrame):
    exact = samples.filter(
        (pl.col("role") == "meter") | (pl.col("behaviour") == "carbon_intensity")
    )
    offset = exact["time"].dt.epoch("ms") % (exact["interval_s"] * 1000)
    assert offset.max() == 0
    per_day = exact.group_by("point_id", "day", "interval_s").len()
    assert (per_day["len"] * per_day["interval_s"] == 86_400).all()


def test_neighbours_differ_by_the_deadband_or_are_a_heartbeat_apart(samples: pl.DataFrame):
    reported = samples.filter((pl.col("interval_s") > 0) & (pl.col("deadband") > 0))
    pairs = reported.with_columns(
        change=pl.col("value").diff().abs().over("point_id", "day"),
        gap_s=(pl.col("time").diff().dt.total_milliseconds() / 1000).over("point_id", "day"),
    ).drop_nulls("change")
    needless = pairs.filter(
        (pl.col("change") < pl.col("deadband") - 1e-9) & (pl.col("gap_s") < pl.col("heartbeat_s"))
    )
    assert needless.is_empty()
    silent = pairs.filter(pl.col("gap_s") > pl.col("heartbeat_s") + pl.col("interval_s"))
    assert silent.is_empty()


def test_values_are_multiples_of_the_resolution(samples: pl.DataFrame):
    parts = samples["value"] / samples["resolution"]
    assert (parts - parts.round()).abs().max() < 1e-5


def test_points_sample_at_phases_of_their_own(samples: pl.DataFrame):
    phases = (
        samples.filter((pl.col("interval_s") == 300) & (pl.col("role") == "sensor"))
        .with_columns(phase=pl.col("time").dt.epoch("ms") % 300_000)
        .group_by("point_id")
        .agg(pl.col("phase").n_unique(), pl.col("phase").first().alias("first"))
    )
    assert phases["phase"].max() == 1
    assert phases["first"].n_unique() > 0.9 * phases.height


def test_occupied_spaces_are_held_near_the_setpoint(samples: pl.DataFrame):
    hours = samples.filter(
        (pl.col("day") == WORKING_DAY) & pl.col("time").dt.hour().is_between(9, 16)
    )
    means = hours.group_by("space_id", "behaviour").agg(pl.col("value").mean())
    temperature = means.filter(pl.col("behaviour") == "zone_temperature")
    setpoint = means.filter(pl.col("behaviour") == "zone_temperature_setpoint")
    both = temperature.join(setpoint, on="space_id")
    deviation = both["value"] - both["value_right"]
    assert both.height >= 8
    assert deviation.min() > -1.0
    assert deviation.max() < 2.0


def test_co2_rises_with_people_and_decays_after(samples: pl.DataFrame):
    co2 = samples.filter((pl.col("behaviour") == "zone_co2") & (pl.col("day") == WORKING_DAY))
    hour = pl.col("time").dt.hour()
    people = samples.filter((pl.col("behaviour") == "people_count") & (pl.col("value") >= 3))
    used = co2.filter(pl.col("space_id").is_in(people["space_id"].unique().implode()))
    night = used.filter(hour < 6).group_by("space_id").agg(night=pl.col("value").mean())
    day = used.filter(hour.is_between(9, 17)).group_by("space_id").agg(day=pl.col("value").max())
    late = used.filter(hour >= 22).group_by("space_id").agg(late=pl.col("value").mean())
    both = night.join(day, on="space_id").join(late, on="space_id")
    assert both.height > 0
    assert (both["day"] > both["night"] + 100).all()
    assert (both["late"] < both["day"]).all()


def test_holidays_are_quiet(samples: pl.DataFrame):
    people = samples.filter(pl.col("behaviour") == "people_count")
    peak = dict(people.group_by("day").agg(pl.col("value").max()).iter_rows())
    assert peak[0] < peak[WORKING_DAY]


def test_badges_follow_the_arrivals(samples: pl.DataFrame):
    events = samples.filter(pl.col("behaviour") == "access_event")
    assert set(events["value"].unique()) == {0.0, 1.0}
    assert 0.001 < 1 - events["value"].mean() < 0.15
    busy = events.filter(
        (pl.col("day") == WORKING_DAY) & pl.col("time").dt.hour().is_between(7, 19)
    )
    assert busy.height > 0.6 * events.height


def test_values_stay_within_what_is_physical(samples: pl.DataFrame):
    bounds = {
        "zone_temperature": (10, 35),
        "zone_humidity": (0, 100),
        "zone_co2": (350, 3000),
        "heating_valve": (0, 100),
        "cooling_valve": (0, 100),
        "rack_inlet_temperature": (15, 35),
        "power_factor": (0, 1),
        "carbon_intensity": (25, 650),
        "outdoor_temperature": (-25, 42),
    }
    found = samples.group_by("behaviour").agg(low=pl.col("value").min(), high=pl.col("value").max())
    ranges = {name: (low, high) for name, low, high in found.iter_rows()}
    for behaviour, (low, high) in bounds.items():
        assert low <= ranges[behaviour][0], behaviour
        assert ranges[behaviour][1] <= high, behaviour
