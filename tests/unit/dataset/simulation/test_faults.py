"""Planted faults: as many as stated, where the manifest says, and as wrong as it says."""

import numpy as np
import pytest

from basetype_benchmark.dataset.manifest import FaultKind, SensorFault
from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation import faults
from basetype_benchmark.dataset.simulation.arrays import DAY_MS, STEPS
from basetype_benchmark.dataset.streams import stream

SENSORS = 3_000
IDS = [f"b01.p{number:05d}" for number in range(2 * SENSORS)]
BEHAVIOURS = [Behaviour.ZONE_TEMPERATURE, Behaviour.LIGHT_LEVEL] * SENSORS
UNITS = ["°C", "%"] * SENSORS


def planted(seed: int = 1) -> tuple[SensorFault, ...]:
    return faults.plant_sensor_faults(seed, "b01", IDS, BEHAVIOURS, UNITS)


def fault(kind: FaultKind, amount: float) -> SensorFault:
    return SensorFault(point_id="p", kind=kind, amount=amount, unit="°C")


def test_one_sensor_of_a_hundred_has_each_kind_of_fault():
    kinds = [found.kind for found in planted()]
    assert {kind: kinds.count(kind) for kind in FaultKind} == dict.fromkeys(
        FaultKind, round(faults.FAULT_RATE * SENSORS)
    )


def test_no_sensor_has_two_faults_and_none_that_cannot_fail_has_one():
    ids = [found.point_id for found in planted()]
    assert ids == sorted(set(ids))
    able = {name for name, kind in zip(IDS, BEHAVIOURS, strict=True) if kind != "light_level"}
    assert set(ids) <= able


def test_sensors_with_a_peer_in_their_space_fail_first():
    ids = [f"b01.f01.s{number // 2:03d}.t{number}.temp" for number in range(400)]
    ids += [f"b01.f02.s{number:03d}.t1.temp" for number in range(400)]
    behaviours, units = [Behaviour.ZONE_TEMPERATURE] * 800, ["°C"] * 800
    found = faults.plant_sensor_faults(3, "b01", ids, behaviours, units)
    assert len(found) == 24
    assert all(item.point_id.startswith("b01.f01.") for item in found)


def test_faults_follow_from_the_seed():
    assert planted() == planted()
    assert planted() != planted(seed=2)


def test_a_building_with_few_sensors_has_one_of_each_or_none():
    few = faults.plant_sensor_faults(1, "b01", IDS[:6], BEHAVIOURS[:6], UNITS[:6])
    assert {found.kind for found in few} == set(FaultKind)
    assert faults.plant_sensor_faults(1, "b01", IDS[:4], BEHAVIOURS[:4], UNITS[:4]) == ()


def test_a_bias_is_there_from_the_first_day_and_stays():
    truth = np.full((STEPS + 1, 3), 21.0)
    for day in (0, 200):
        shown = faults.shifted(truth, {1: fault(FaultKind.BIAS, -2.0)}, day)
        assert (shown[:, 1] == 19.0).all()
        assert (shown[:, [0, 2]] == 21.0).all()
    assert (truth == 21.0).all()


def test_a_drift_begins_with_nothing_and_goes_on_over_midnight():
    truth = np.full((STEPS + 1, 1), 21.0)
    drift = {0: fault(FaultKind.DRIFT, 0.05)}
    days = [faults.shifted(truth, drift, day)[:, 0] for day in range(3)]
    assert days[0][0] == 21.0
    assert days[1][0] == pytest.approx(days[0][-1])
    assert days[2][-1] == pytest.approx(21.0 + 3 * 0.05)


def test_a_floating_input_has_a_relative_variance_beyond_any_real_one():
    values = np.full((2, 288), 21.0, np.float32)
    faults.float_inputs(values, {0: fault(FaultKind.FLOATING, 5.0)}, stream(1, "float"))
    assert values[0].var() / values[0].mean() ** 2 > 500
    assert np.abs(values[0]).max() < 2 * 5.0
    assert (values[1] == 21.0).all()


def test_gaps_of_communication_are_at_their_rate_and_last_as_stated():
    polled = np.arange(0, 100_000, 2)
    gaps = faults.communication_gaps(1, "b01", 4, polled)
    assert len(gaps.point) / len(polled) == pytest.approx(faults.GAP_RATE, rel=0.15)
    length = gaps.end_ms - gaps.start_ms
    assert length.min() >= faults.SHORTEST_GAP_MS
    assert length.max() <= faults.LONGEST_GAP_MS
    assert gaps.start_ms.min() >= 0
    assert gaps.end_ms.max() <= DAY_MS
    other = faults.communication_gaps(1, "b01", 5, polled)
    assert set(other.point.tolist()) != set(gaps.point.tolist())


def test_points_are_told_when_they_are_cut_off():
    gaps = faults.CommunicationGaps(
        point=np.array([3, 8]), start_ms=np.array([10, 50]), end_ms=np.array([20, 90])
    )
    start_ms, end_ms = gaps.lost(np.array([0, 3, 5, 8, 9]))
    assert start_ms.tolist() == [0, 10, 0, 50, 0]
    assert end_ms.tolist() == [0, 20, 0, 90, 0]
