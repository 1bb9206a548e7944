"""Profile files of the user's own, as the commands see them."""

import json
from pathlib import Path

import pytest

from basetype_benchmark.cli.main import run_command
from tests.toy import build_toy

OWN = """
name: own
purpose: a shed
buildings:
  - {archetype: pavilion, floors: 1, spaces_per_floor: 4, tenants: 1}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "own.yaml").write_text(OWN)
    return tmp_path


def change_the_plan(home: Path) -> None:
    path = home / "profiles" / "own.yaml"
    path.write_text(path.read_text().replace("spaces_per_floor: 4", "spaces_per_floor: 5"))


class Shell:
    """Runs commands in a home and tells what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        self.capsys, self.home = capsys, home

    def __call__(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        found = run_command([*arguments, "--home", str(self.home)])
        output = self.capsys.readouterr()
        assert found == code, output.err
        return output.out, output.err


@pytest.fixture
def btb(capsys: pytest.CaptureFixture[str], home: Path) -> Shell:
    return Shell(capsys, home)


def test_scales_are_listed_with_where_they_come_from(btb: Shell, home: Path) -> None:
    table, said = btb("dataset", "profiles")
    assert [line.split()[0] for line in table.splitlines()[2:8]] == [
        *("tiny", "small", "medium", "large", "xlarge", "own"),
    ]
    assert "own.yaml" in table
    assert "<scale>-<duration>" in said
    document = json.loads(btb("dataset", "profiles", "--json")[0])
    own = document["scales"][-1]
    assert (own["name"], own["file"]) == ("own", str(home / "profiles" / "own.yaml"))
    assert own["about"]["points"] > 300
    assert document["durations_days"]["1y"] == 365


def test_mistakes_are_listed_and_in_nobodys_way(btb: Shell, home: Path) -> None:
    (home / "profiles" / "worse.yaml").write_text(OWN.replace("tenants: 1", "tenants: none"))
    table, said = btb("dataset", "profiles")
    assert "/own.yaml: " not in said
    assert "worse.yaml: buildings.0.tenants: Input should be a valid integer" in said
    assert "xlarge" in table
    assert len(json.loads(btb("dataset", "profiles", "--json")[0])["mistakes"]) == 2
    btb("run", "tiny-2d", "--scenarios", "P1", "--plan")
    _, said = btb("run", "own-2d", "--scenarios", "P1", "--plan", code=2)
    assert "worse.yaml: name: must be another one: 'own' is that of own.yaml" in said


def test_the_doctor_names_files_with_mistakes(btb: Shell, home: Path) -> None:
    (home / "profiles" / "bad.yaml").write_text("name: bad")
    _, said = btb("doctor")
    assert "bad.yaml: purpose: must be given" in said
    assert len(json.loads(btb("doctor", "--json")[0])["profile_mistakes"]) == 2


def test_the_example_is_a_good_file_as_it_stands(btb: Shell, home: Path) -> None:
    example, _ = btb("dataset", "profiles", "--example")
    (home / "profiles" / "mine.yaml").write_text(example)
    _, said = btb("dataset", "profiles")
    assert "mine.yaml" not in said
    assert "mine-2d.P1.r1" in btb("run", "mine-2d", "--scenarios", "P1", "--plan")[0]


def test_an_own_profile_goes_the_way_of_any_other(btb: Shell, home: Path) -> None:
    btb("dataset", "generate", "own-1w", "--workers", "1")
    btb("dataset", "extract", "own-1w", "own-2d")
    btb("dataset", "verify", "own-2d")
    assert json.loads(btb("dataset", "info", "own-2d", "--json")[0])["profile"] == "own-2d"
    shown = btb("queries", "show", "Q1", "--scenario", "P1", "--params", "own-2d", "--json")[0]
    (message,) = json.loads(shown)["sent"][0]["messages"]
    assert message["values"][0]["value"].startswith("b01.")


def test_a_dataset_outlives_its_profile_file(btb: Shell, home: Path) -> None:
    build_toy(home / "datasets" / "gone-2d_seed42", profile="gone-2d", seed=42)
    btb("dataset", "verify", "gone-2d", "--no-invariants")
    assert "gone-2d" in btb("dataset", "info", "gone-2d")[0]
    btb("run", "gone-2d", "--scenarios", "P1", "--plan")
    _, said = btb("dataset", "generate", "gone-2d", code=2)
    assert "there is no profile 'gone-2d'" in said


def test_what_was_made_from_another_plan_is_not_mixed_with_todays(btb: Shell, home: Path) -> None:
    btb("dataset", "generate", "own-2d", "--workers", "1")
    before = btb("dataset", "info", "own-2d", "--json")[0]
    change_the_plan(home)
    _, said = btb("dataset", "generate", "own-2d", code=2)
    assert "own-2d made from other buildings" in said
    _, said = btb("dataset", "extract", "own-2d", "own-2d", code=2)
    assert btb("dataset", "info", "own-2d", "--json")[0] == before
    btb("dataset", "verify", "own-2d")
    btb("dataset", "generate", "own-2d", "--workers", "1", "--force")
    counts = json.loads(btb("dataset", "info", "own-2d", "--json")[0])["counts"]
    assert counts["nodes"]["Space"] == 5


def test_what_was_made_from_another_plan_is_not_cut(btb: Shell, home: Path) -> None:
    btb("dataset", "generate", "own-1w", "--workers", "1")
    change_the_plan(home)
    _, said = btb("dataset", "extract", "own-1w", "own-2d", code=2)
    assert "has other buildings than own-2d has today" in said
    assert not (home / "datasets" / "own-2d_seed42" / "dataset.json").exists()


def test_an_interrupted_dataset_of_another_plan_is_made_anew(btb: Shell, home: Path) -> None:
    btb("dataset", "generate", "own-2d", "--workers", "1")
    (home / "datasets" / "own-2d_seed42" / "dataset.json").unlink()
    change_the_plan(home)
    btb("dataset", "generate", "own-2d", "--workers", "1")
    btb("dataset", "verify", "own-2d")
