"""Choosing what to show: honest where a dataset lacks something."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from basetype_benchmark.dataset.manifest import FaultKind, SensorFault
from basetype_benchmark.dataset.portrait.figure import Figure, Omission
from basetype_benchmark.dataset.portrait.figures import faults
from basetype_benchmark.dataset.portrait.figures.faults import find_truth, in_turn
from basetype_benchmark.dataset.portrait.inventory import Inventory, read_inventory
from basetype_benchmark.dataset.portrait.portrait import portray
from basetype_benchmark.dataset.portrait.traces import read_traces
from basetype_benchmark.dataset.portrait.window import choose_window
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError, UsageError


def test_toy_shows_what_it_has(toy_figures: Mapping[str, Figure | Omission]):
    shown = {key for key, item in toy_figures.items() if isinstance(item, Figure)}
    assert shown == {"zone", "power", "balance", "weather", "racks", "badges"}


def test_toy_says_what_it_lacks(toy_figures: Mapping[str, Figure | Omission]):
    reasons = {key: item.reason for key, item in toy_figures.items() if isinstance(item, Omission)}
    assert set(reasons) == {"plant", "services", "faults", "gaps"}
    assert "neither chiller nor boiler" in reasons["plant"]
    zone = toy_figures["zone"]
    assert isinstance(zone, Figure)
    assert "It has no sensor for: CO2, heating, cooling." in zone.caption


def test_toy_has_a_page(toy: Dataset):
    assert "floor area" in portray(toy)


def test_a_week_at_most_is_shown_from_any_day(tiny: Dataset):
    long = tiny.manifest.model_copy(update={"end": tiny.manifest.start.replace(month=3)})
    assert choose_window(long, None).dates[-1] == date(2024, 1, 7)
    assert choose_window(long, date(2024, 2, 27)).dates == (
        date(2024, 2, 27),
        date(2024, 2, 28),
        date(2024, 2, 29),
    )
    assert choose_window(long, None).axis.days_off == (0, 5, 6)
    assert choose_window(long, date(2024, 1, 6)).busiest_day == date(2024, 1, 8)


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2024, 1, 3)])
def test_days_outside_the_history_are_refused(tiny: Dataset, day: date):
    with pytest.raises(UsageError, match="give a day from 2024-01-01 to 2024-01-02"):
        choose_window(tiny.manifest, day)


def test_unknown_building_is_refused(tiny: Dataset):
    with pytest.raises(UsageError, match="it has b01"):
        portray(tiny, building_id="b07")


def test_points_without_samples_have_an_empty_trace(toy: Dataset):
    chosen = choose_window(toy.manifest, None)
    traces = read_traces(
        toy, "b01", chosen.dates, chosen.start, ["b01.f01.s02.thermostat1.humidity"]
    )
    assert [len(trace) for trace in traces.values()] == [0]


def test_damaged_series_are_named(tiny_copy: Dataset):
    for path in tiny_copy.series_files():
        path.write_bytes(b"PAR1 not at all")
    with pytest.raises(DatasetError, match="generate the dataset again"):
        portray(tiny_copy)


def test_damaged_graph_is_named(tiny_copy: Dataset):
    (tiny_copy.folder / "nodes.parquet").write_bytes(b"PAR1 not at all")
    with pytest.raises(DatasetError, match="the graph in"):
        portray(tiny_copy)


def test_faults_of_unknown_points_are_not_drawn(toy: Dataset):
    chosen = choose_window(toy.manifest, None)
    fault = SensorFault(point_id="b01.lost", kind=FaultKind.BIAS, amount=1.0, unit="°C")
    inventory = replace(read_inventory(toy, "b01"), faults=(fault,))
    found = faults.sketch(inventory, chosen)
    assert isinstance(found, Omission)
    assert "no faulty sensor is a point" in found.reason


def test_kinds_of_fault_come_in_turn():
    planted = [
        SensorFault(point_id=f"b01.{kind}{number}", kind=kind, amount=1.0, unit="°C")
        for kind, count in ((FaultKind.BIAS, 3), (FaultKind.DRIFT, 1), (FaultKind.FLOATING, 2))
        for number in range(count)
    ]
    assert [fault.point_id for fault in in_turn(planted)] == [
        "b01.bias0",
        "b01.drift0",
        "b01.floating0",
        "b01.bias1",
        "b01.floating1",
        "b01.bias2",
    ]


def test_truth_is_sought_in_the_room_first(inventory: Inventory):
    for point in inventory.of_type("zone_air_temperature"):
        truth = find_truth(inventory, point)
        assert truth is not None
        assert truth.point_type == "zone_air_temperature"
        alike_here = [
            other
            for other in inventory.sound(inventory.of_type("zone_air_temperature"))
            if other.space_id == point.space_id
        ]
        if alike_here:
            assert truth.space_id == point.space_id
