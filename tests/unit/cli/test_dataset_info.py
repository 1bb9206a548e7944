"""``btb dataset info``: planted defects in both forms, and the page."""

import json
from pathlib import Path

import pytest

from basetype_benchmark.cli.dataset.description import MOST_LISTED
from basetype_benchmark.cli.main import run_command
from basetype_benchmark.dataset.manifest import (
    FaultKind,
    PlantedDefects,
    SensorFault,
    write_manifest,
)
from tests.toy import build_toy

MANY = MOST_LISTED + 3


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the toy building, as tiny-2d with many planted defects."""
    dataset = build_toy(tmp_path / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    faults = [
        SensorFault(
            point_id=f"b01.p{number:02d}", kind=FaultKind.DRIFT, amount=-0.05, unit="°C/day"
        )
        for number in range(MANY)
    ]
    planted = PlantedDefects(
        ghosts=[f"b01.g{number:02d}" for number in range(MANY)], sensor_faults=faults, gap_rate=0.01
    )
    write_manifest(dataset.folder, dataset.manifest.model_copy(update={"planted": planted}))
    return tmp_path


def run(home: Path, *arguments: str) -> int:
    return run_command(["dataset", "info", "tiny-2d", "--home", str(home), *arguments])


def test_planted_defects_are_counted_and_the_first_listed(
    home: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(home) == 0
    shown = capsys.readouterr()
    assert f"{MANY}: {MANY} drift" in shown.out
    assert "1 % of the polled points a day" in shown.out
    rows = [line.split() for line in shown.out.splitlines() if line.startswith("b01.p")]
    assert len(rows) == MOST_LISTED
    assert rows[0] == ["b01.p00", "drift", "-0.05", "°C/day"]
    assert "b01.g11" in shown.err
    assert "b01.g12" not in shown.err
    assert "and 3 more ghosts; all of them: btb dataset info tiny-2d --seed 42 --json" in shown.err


def test_json_has_all_planted_defects(home: Path, capsys: pytest.CaptureFixture[str]):
    assert run(home, "--json") == 0
    planted = json.loads(capsys.readouterr().out)["planted"]
    assert len(planted["sensor_faults"]) == len(planted["ghosts"]) == MANY
    assert planted["sensor_faults"][-1] == {
        "point_id": f"b01.p{MANY - 1}",
        "kind": "drift",
        "amount": -0.05,
        "unit": "°C/day",
    }
    assert planted["gap_rate"] == 0.01


def test_page_goes_among_the_exports(home: Path, capsys: pytest.CaptureFixture[str]):
    assert run(home, "--plots", "--json") == 0
    page = Path(json.loads(capsys.readouterr().out)["page"])
    assert page == home / "datasets" / "tiny-2d_seed42" / "exports" / "portrait.html"
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_page_goes_where_it_is_wanted(home: Path, capsys: pytest.CaptureFixture[str]):
    page = home / "new" / "page.html"
    assert run(home, "--plots", "--output", str(page), "--from", "2024-01-02") == 0
    assert "1 from 2024-01-02" in page.read_text(encoding="utf-8")
    assert str(page) in capsys.readouterr().err
    assert not (home / "datasets" / "tiny-2d_seed42" / "exports").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--building", "b01"), "add --plots"),
        (("--open",), "add --plots"),
        (("--plots", "--building", "b09"), "it has b01"),
        (("--plots", "--from", "2025-01-01"), "give a day from 2024-01-01 to 2024-01-02"),
        (("--plots", "--from", "yesterday"), "yesterday"),
    ],
)
def test_bad_input_is_told_in_a_line(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
):
    assert run(home, *arguments) == 2
    assert words in capsys.readouterr().err


def test_a_folder_is_no_name_for_the_page(home: Path, capsys: pytest.CaptureFixture[str]):
    assert run(home, "--plots", "--output", str(home)) == 2
    assert "is a folder; give the name of a file" in capsys.readouterr().err
