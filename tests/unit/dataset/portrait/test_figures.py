"""What the figures show is what is stored: worked out again from the samples of tiny-2d."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
import pytest

from basetype_benchmark.dataset.portrait.figure import Figure, Line, Sketch
from basetype_benchmark.dataset.portrait.figures import balance
from basetype_benchmark.dataset.portrait.inventory import Inventory
from basetype_benchmark.dataset.portrait.lines import line_of, longest_silence_s
from basetype_benchmark.dataset.portrait.traces import Trace
from basetype_benchmark.dataset.portrait.window import Window
from basetype_benchmark.dataset.reader import Dataset

DAY_S = 86_400


def line(figure: Figure, panel: int, name: str) -> Line:
    (found,) = [item for item in figure.panels[panel].lines if item.name == name]
    return found


def stored(samples: pl.DataFrame, point_id: str) -> pl.DataFrame:
    found = samples.filter(pl.col("point_id") == point_id)
    assert found.height > 0
    return found


def test_tiny_has_every_figure_but_what_it_has_no_equipment_for(figures: Mapping[str, Figure]):
    assert list(figures) == [
        "zone",
        "power",
        "balance",
        "weather",
        "plant",
        "racks",
        "badges",
        "services",
        "faults",
        "gaps",
    ]


def test_the_space_is_an_office_with_all_its_sensors(
    figures: Mapping[str, Figure], samples: pl.DataFrame
):
    zone = figures["zone"]
    assert [panel.title for panel in zone.panels] == [
        "Temperature",
        "People",
        "Carbon dioxide",
        "Valves",
    ]
    assert "open office" in zone.caption
    space_id = zone.caption.split(" ")[0]
    air = line(zone, 0, "air")
    here = samples.filter(
        (pl.col("space_id") == space_id) & (pl.col("behaviour") == "zone_temperature")
    )
    shown = set(np.round(air.y[np.isfinite(air.y)], 6))
    assert shown <= set(here["value"].round(6).to_list())
    assert len(shown) > 5


def test_power_by_end_use_is_the_energy_of_the_leaves(
    figures: Mapping[str, Figure], samples: pl.DataFrame, tiny: Dataset
):
    nodes = pl.DataFrame(pl.from_arrow(tiny.nodes())).select("id", "end_use")
    energy = samples.filter(
        (pl.col("behaviour") == "energy_interval") & (pl.col("role") == "meter")
    ).join(nodes, left_on="owner_id", right_on="id")
    leaves = energy.filter(pl.col("owner_id").str.contains(r"\.f\d\d\."))
    for use, name in (("hvac", "HVAC"), ("it", "IT"), ("plugs", "plugs"), ("lighting", "lighting")):
        mean_kw = float(np.mean(line(figures["power"], 0, name).y))
        expected = leaves.filter(pl.col("end_use") == use)["value"].sum() / 48
        assert mean_kw == pytest.approx(expected)


def test_the_meter_tree_balances_in_the_figure(
    figures: Mapping[str, Figure], samples: pl.DataFrame
):
    shown = figures["balance"]
    main = stored(samples, "b01.meter_main.energy_interval")
    measured = line(shown, 0, "b01.meter_main, measured")
    assert measured.y == pytest.approx(main["value"].to_numpy() * 4)
    residual_wh = line(shown, 1, "measured less expected").y
    assert np.abs(residual_wh).max() <= 0.0501
    assert shown.table is not None
    assert len(shown.table.rows) == 5


def test_a_wrong_meter_stands_out_of_the_balance(inventory: Inventory):
    drawn = balance.sketch(inventory, Window(first_day=date(2024, 1, 1), days=1))
    assert isinstance(drawn, Sketch)
    quarters = np.arange(96) * 900.0
    flat = {point: Trace(seconds=quarters, values=np.zeros(96)) for point in drawn.points}
    flat["b01.meter_it.energy_interval"] = Trace(seconds=quarters, values=np.ones(96))
    wrong = drawn.draw(flat)
    rows = {row[0]: row for row in wrong.table.rows}
    assert rows["b01.meter_it"][-1] == "1000.00"


def test_badges_by_hour_are_all_events(figures: Mapping[str, Figure], samples: pl.DataFrame):
    events = samples.filter(pl.col("behaviour") == "access_event")
    by_day = {
        "Working days, one day": events.filter(pl.col("day") == 1),
        "Days off, one day": events.filter(pl.col("day") == 0),
    }
    panels = {panel.title: panel for panel in figures["badges"].panels}
    assert set(panels) == set(by_day)
    for title, found in by_day.items():
        shown = sum(drawn.y for drawn in panels[title].lines)
        hours = found["time"].dt.hour().to_numpy()
        assert shown == pytest.approx(np.bincount(hours, minlength=24))


def test_every_fault_is_shown_with_a_sound_neighbour(figures: Mapping[str, Figure], tiny: Dataset):
    faults = tiny.manifest.planted.sensor_faults
    panels = figures["faults"].panels
    shown = {panel.lines[0].name for panel in panels}
    assert shown == {fault.point_id for fault in faults}
    for panel in panels:
        wrong, truth = panel.lines
        assert truth.name not in shown
        assert len(wrong.y) > 0
        assert len(truth.y) > 0


def test_a_bias_is_seen_against_its_neighbour(figures: Mapping[str, Figure], tiny: Dataset):
    (fault,) = [f for f in tiny.manifest.planted.sensor_faults if f.kind == "bias"]
    (panel,) = [p for p in figures["faults"].panels if p.lines[0].name == fault.point_id]
    wrong, truth = (float(np.nanmean(item.y)) for item in panel.lines)
    assert np.sign(wrong - truth) == np.sign(fault.amount)


def test_the_plant_is_one_chiller_and_one_boiler(
    figures: Mapping[str, Figure], samples: pl.DataFrame
):
    plant = figures["plant"]
    supply = line(plant, 0, "supply")
    expected = stored(samples, "b01.f01.s04.chiller1.supply_temp")
    assert np.nanmean(supply.y) == pytest.approx(expected["value"].mean(), abs=0.3)
    titles = [panel.title for panel in plant.panels]
    assert titles == ["Chilled water", "Hot water", "Load", "Coefficient of performance"]


def test_gaps_are_those_of_the_working_day(figures: Mapping[str, Figure], samples: pl.DataFrame):
    gaps = figures["gaps"]
    assert "2 January" in gaps.title
    assert gaps.table is not None
    day = samples.filter((pl.col("day") == 1) & ~pl.col("point_id").str.starts_with("site"))
    for row in gaps.table.rows:
        minutes = row[0].removeprefix("every ").removesuffix(" min")
        interval_s = 0 if row[0] == "on event" else 60 * float(minutes)
        chosen = day.filter(pl.col("interval_s") == interval_s)
        assert int(row[1].replace(",", "")) == chosen["point_id"].n_unique()
        assert int(row[2].replace(",", "")) == chosen.height
        longest = chosen.select(pl.col("time").diff().over("point_id").dt.total_seconds())
        assert float(row[5].replace(",", "")) == pytest.approx(longest["time"].max() / 60, abs=1)


def test_shares_of_the_gaps_sum_to_all(figures: Mapping[str, Figure]):
    for shown in figures["gaps"].panels[0].lines:
        assert np.nansum(shown.y) == pytest.approx(100, abs=0.1)


def test_lines_break_where_the_connection_was_lost(
    inventory: Inventory, tiny: Dataset, samples: pl.DataFrame
):
    rules = {point.id: point for point in inventory.points}
    for (point_id,), rows in samples.group_by("point_id"):
        point = rules[str(point_id)]
        seconds = rows.sort("time")["time"].dt.epoch("ms").to_numpy() / 1000
        if np.isfinite(longest_silence_s(point)) and np.diff(seconds).max() > 4000:
            broken = line_of(point, Trace(seconds=seconds, values=rows["value"].to_numpy()), "", 0)
            assert np.isnan(broken.y).sum() >= 1
            return
    pytest.fail("no connection was lost")
