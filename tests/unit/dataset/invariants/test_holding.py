"""What must hold of every dataset holds of those that are generated."""

import polars as pl
import pytest

from basetype_benchmark.dataset.invariants.bounds import BOUNDS
from basetype_benchmark.dataset.invariants.catalogue import INVARIANTS
from basetype_benchmark.dataset.invariants.check import Verdict, check_invariants
from basetype_benchmark.dataset.manifest import FaultKind
from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.queries.catalog import Parameters, find_question
from basetype_benchmark.queries.oracle.oracle import Oracle

BY_WEEK_ONLY = {"drifting-sensors-drift"}


def assert_all_hold(verdicts: list[Verdict]) -> None:
    broken = {v.invariant.name: str(v.finding.violations[0]) for v in verdicts if not v.holds}
    assert broken == {}


def unchecked(verdicts: list[Verdict]) -> set[str]:
    return {verdict.invariant.name for verdict in verdicts if not verdict.finding.checked}


def test_all_hold_and_have_something_to_check_on_two_days_of_a_small_building(tiny: Dataset):
    verdicts = check_invariants(tiny)
    assert_all_hold(verdicts)
    assert unchecked(verdicts) == BY_WEEK_ONLY


def test_all_hold_and_have_something_to_check_over_a_week(week: Dataset):
    verdicts = check_invariants(week)
    assert_all_hold(verdicts)
    assert unchecked(verdicts) == set()


@pytest.fixture(scope="session")
def of_small(small: Dataset) -> list[Verdict]:
    """What was found of small-2d."""
    return check_invariants(small)


def test_all_hold_on_an_office_building(of_small: list[Verdict]):
    assert_all_hold(of_small)
    assert unchecked(of_small) == BY_WEEK_ONLY


def test_planted_faults_can_mostly_be_told_by_their_peers(small: Dataset, of_small: list[Verdict]):
    checked = {verdict.invariant.name: verdict.finding.checked for verdict in of_small}
    faults = [fault.kind for fault in small.manifest.planted.sensor_faults]
    assert checked["biased-sensors-deviate"] >= 0.5 * faults.count(FaultKind.BIAS)
    assert checked["floating-sensors-vary-most"] == faults.count(FaultKind.FLOATING)


def test_question_7_finds_the_floating_inputs(small: Dataset):
    parameters: Parameters = {
        "building_id": "b01",
        "start": small.manifest.start,
        "end": small.manifest.end,
    }
    answer = Oracle(small).answer(find_question("Q7"), parameters)
    floating = {
        fault.point_id
        for fault in small.manifest.planted.sensor_faults
        if fault.kind is FaultKind.FLOATING
    }
    assert floating
    assert floating <= {row[0] for row in answer}


def test_points_are_read_at_phases_of_their_own(samples: pl.DataFrame):
    phases = (
        samples.filter((pl.col("interval_s") == 300) & (pl.col("role") == "sensor"))
        .group_by("point_id")
        .agg(phase=pl.col("time").first().dt.epoch("ms") % 300_000)
    )
    assert phases["phase"].n_unique() > 0.9 * phases.height


def test_every_behaviour_has_bounds_and_every_invariant_a_name_and_a_meaning():
    assert BOUNDS.keys() == set(Behaviour)
    assert all(least < most for least, most in BOUNDS.values())
    assert len({invariant.name for invariant in INVARIANTS}) == len(INVARIANTS)
    assert all(invariant.meaning for invariant in INVARIANTS)
