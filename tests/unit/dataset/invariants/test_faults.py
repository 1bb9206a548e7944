"""A fault in a dataset breaks the invariants that are about it, and no others."""

import json
from pathlib import Path

import pytest

from basetype_benchmark.cli.main import run_command
from basetype_benchmark.dataset.invariants.catalogue import INVARIANTS
from basetype_benchmark.dataset.invariants.check import check_invariants, demand_invariants
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.errors import CheckFailed, DatasetError
from tests.unit.dataset.invariants.spoiling import copy_of
from tests.unit.dataset.invariants.spoilt import (
    FAULTS,
    OVER_A_WEEK,
    Fault,
    badges_denied,
)


def spoil(dataset: Dataset, fault: Fault, folder: Path) -> Dataset:
    copy = copy_of(dataset, folder)
    fault.seed(copy)
    return copy.write()


def broken(dataset: Dataset) -> set[str]:
    return {v.invariant.name for v in check_invariants(dataset) if not v.holds}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.label)
def test_a_fault_is_noticed_by_its_invariant_alone(fault: Fault, tiny: Dataset, tmp_path: Path):
    assert broken(spoil(tiny, fault, tmp_path / "spoilt")) == fault.noticed_by


@pytest.mark.parametrize("fault", OVER_A_WEEK, ids=lambda fault: fault.label)
def test_a_slow_fault_is_noticed_over_a_week(fault: Fault, week: Dataset, tmp_path: Path):
    assert broken(spoil(week, fault, tmp_path / "spoilt")) == fault.noticed_by


def test_every_invariant_notices_some_fault():
    noticed = frozenset[str]().union(*(fault.noticed_by for fault in (*FAULTS, *OVER_A_WEEK)))
    assert noticed == {invariant.name for invariant in INVARIANTS}


def test_a_copy_without_fault_is_the_dataset_it_was_made_of(tiny: Dataset, tmp_path: Path):
    copied = copy_of(tiny, tmp_path / "copy").write()
    assert verify_dataset(copied.folder).fingerprint == tiny.fingerprint


def test_the_first_violation_is_told_with_point_time_and_values(tiny: Dataset, tmp_path: Path):
    copy = copy_of(tiny, tmp_path / "spoilt")
    point_id = copy.points("illuminance")[0]
    copy.set_value(1, point_id, 40, 150_000.0)
    with pytest.raises(CheckFailed, match="values-are-within-physical-bounds") as caught:
        demand_invariants(check_invariants(copy.write()))
    assert f"{point_id} at 2024-01-02T00:00:00.000Z: 150000 is not between 0" in str(caught.value)


def test_samples_of_a_stranger_are_refused(tiny: Dataset, tmp_path: Path):
    copy = copy_of(tiny, tmp_path / "spoilt")
    gone = copy.points("illuminance")[0]
    copy.nodes = copy.nodes.filter(copy.nodes["id"] != gone)
    copy.edges = copy.edges.filter(copy.edges["dst_id"] != gone)
    with pytest.raises(DatasetError, match="which is no point of b01"):
        check_invariants(copy.write())


def test_points_without_rules_are_refused(tiny: Dataset, tmp_path: Path):
    copy = copy_of(tiny, tmp_path / "spoilt")
    copy.nodes = copy.nodes.with_columns(
        properties=copy.nodes["properties"].str.replace('"deadband"', '"margin"')
    )
    with pytest.raises(DatasetError, match=r"lack deadband.*--no-invariants"):
        check_invariants(copy.write())


@pytest.fixture
def spoilt_home(tiny: Dataset, tmp_path: Path) -> Path:
    """A home whose tiny-2d has the right fingerprint of wrong samples."""
    copy = copy_of(tiny, tmp_path / "home" / "datasets" / "tiny-2d_seed42")
    badges_denied(copy)
    copy.write()
    return tmp_path / "home"


def test_verify_shows_what_is_broken_and_ends_with_1(
    spoilt_home: Path, capsys: pytest.CaptureFixture[str]
):
    assert run_command(["dataset", "verify", "tiny-2d", "--home", str(spoilt_home)]) == 1
    shown = capsys.readouterr()
    assert "badges-follow-the-people" in shown.out
    assert "broken 1 times" in shown.out
    assert "error: badges-follow-the-people is broken 1 times: b01: " in shown.err


def test_verify_without_invariants_sees_the_fingerprint_only(
    spoilt_home: Path, capsys: pytest.CaptureFixture[str]
):
    command = ["dataset", "verify", "tiny-2d", "--no-invariants", "--home", str(spoilt_home)]
    assert run_command(command) == 0
    assert "holds" not in capsys.readouterr().out


def test_verify_gives_each_invariant_to_programs(
    spoilt_home: Path, capsys: pytest.CaptureFixture[str]
):
    command = ["dataset", "verify", "tiny-2d", "--json", "--home", str(spoilt_home)]
    assert run_command(command) == 1
    document = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in document["invariants"]] == [i.name for i in INVARIANTS]
    (entry,) = (entry for entry in document["invariants"] if entry["failed"])
    assert entry["name"] == "badges-follow-the-people"
    assert entry["violations"][0]["subject"] == "b01"
    assert "badges are denied" in entry["violations"][0]["what"]
