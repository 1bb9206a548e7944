"""``btb dataset export``: what is written where, what is told, and what is refused."""

import json
from pathlib import Path

import pytest

from basetype_benchmark.cli.main import run_command
from tests.toy import build_toy

FOLDER = "tiny-2d_seed42"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build_toy(tmp_path / "home" / "datasets" / FOLDER, profile="tiny-2d", seed=42)
    return tmp_path / "home"


def export(home: Path, *arguments: str) -> int:
    return run_command(["dataset", "export", "tiny-2d", "--home", str(home), *arguments])


def test_each_format_has_a_folder_in_the_dataset(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(home, "--format", "o2,brick") == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "o2 in" in told.err
    assert ": 1 file, 1 039 rows" in told.err
    assert export(home, "--format", "BRICK") == 0
    assert "brick is there already" in capsys.readouterr().err
    exports = home / "datasets" / FOLDER / "exports"
    assert {path.name for path in exports.iterdir()} == {"o2", "brick"}


def test_all_formats_at_once_in_a_folder_of_the_users(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "mine"
    assert export(home, "--format", "all", "--output", str(place), "--gzip", "--json") == 0
    documents = json.loads(capsys.readouterr().out)
    names = ["p1", "p2", "m1", "m2", "o1", "o2", "brick"]
    assert [document["format"] for document in documents] == names
    assert all(document["is_new"] and document["gzip"] for document in documents)
    assert {path.name for path in place.iterdir()} == set(names)
    assert not (home / "datasets" / FOLDER / "exports").exists()


@pytest.mark.parametrize(
    ("formats", "problem"),
    [("p9,o2", "unknown format p9"), (" , ", "no format is named")],
)
def test_a_format_that_is_none_is_refused_before_anything_is_written(
    home: Path, formats: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(home, "--format", formats) == 2
    assert problem in capsys.readouterr().err
    assert not (home / "datasets" / FOLDER / "exports").exists()


def test_something_else_in_the_place_of_an_export_is_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine" / "o2" / "notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    assert export(home, "--format", "o2", "--output", str(tmp_path / "mine"), "--force") == 2
    assert "it is not an export" in capsys.readouterr().err
    assert mine.read_text() == "mine"
