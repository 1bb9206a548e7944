import json
from pathlib import Path

import pytest

from basetype_benchmark import __version__
from basetype_benchmark.cli.main import run_command
from tests.toy import build_toy


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    build_toy(home / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    (home / "datasets" / "tiny-1w_seed42" / "timeseries").mkdir(parents=True)
    return home


def succeeds(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run_command(arguments) == 0, capsys.readouterr().err
    return capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--help"], ["dataset"], ["run", "--help"]])
def test_help_is_shown(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert "Usage: btb" in succeeds(capsys, *arguments)


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert succeeds(capsys, "--version").strip() == f"btb {__version__}"


def test_scenarios_in_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Oxigraph (RDF) + PostgreSQL series" in succeeds(capsys, "scenarios")
    found = {entry["id"]: entry for entry in json.loads(succeeds(capsys, "scenarios", "--json"))}
    assert found["P1"]["series"] is None
    assert found["O2"]["graph"] == {"engine": "oxigraph", "model": "rdf"}


@pytest.mark.parametrize("command", [["queries"], ["queries", "list"]])
def test_queries_in_both_forms(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert "drift_top20" not in succeeds(capsys, *command)
    documents = json.loads(succeeds(capsys, *command, "--json"))
    assert [document["id"] for document in documents] == [f"Q{n}" for n in range(1, 14)]
    assert "folder" not in documents[0]


def test_the_exact_text_goes_to_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    text = succeeds(capsys, "queries", "show", "q6", "--scenario", "P1")
    assert text.lstrip().upper().startswith(("SELECT", "WITH", "--"))
    assert "point_id" in text


def test_a_federated_text_has_two_parts(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    arguments = ("--scenario", "O2", "--params", "tiny-2d", "--home", str(home), "--json")
    document = json.loads(succeeds(capsys, "queries", "show", "Q8", *arguments))
    assert set(document["sent"]) == {"graph", "series"}
    assert "b01.t0" in document["sent"]["graph"]["text"]
    assert document["sent"]["series"]["parameters"]["start"].startswith("2024-01-0")


def test_datasets_are_listed_with_the_incomplete_ones(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    table = succeeds(capsys, "dataset", "list", "--home", str(home))
    assert "complete" in table
    assert "incomplete" in table
    documents = json.loads(succeeds(capsys, "dataset", "list", "--home", str(home), "--json"))
    assert {Path(d["folder"]).name: d["is_complete"] for d in documents} == {
        "tiny-1w_seed42": False,
        "tiny-2d_seed42": True,
    }


def test_no_datasets_is_not_an_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert succeeds(capsys, "dataset", "list", "--home", str(tmp_path)) == ""


def test_a_dataset_is_described(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    table = succeeds(capsys, "dataset", "info", "tiny-2d", "--home", str(home))
    assert "fingerprint" in table
    assert "HAS_POINT" in table
    arguments = ("dataset", "info", "tiny-2d", "--home", str(home), "--json")
    assert json.loads(succeeds(capsys, *arguments))["counts"]["nodes"]["Site"] == 1


def test_a_plan_is_printed_without_a_dataset(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ("run", "tiny-2d", "--scenarios", "P1,O2", "--repeat", "2", "--plan")
    here = ("--home", str(tmp_path))
    assert "tiny-2d.O2.r2" in succeeds(capsys, *arguments, *here)
    plan = json.loads(succeeds(capsys, *arguments, *here, "--json"))
    assert plan["cells"][:2] == ["tiny-2d.P1.r1", "tiny-2d.O2.r1"]
    assert plan["protocol"]["runs"] == 3
    assert list(tmp_path.iterdir()) == []


def test_doctor_says_what_can_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = json.loads(succeeds(capsys, "doctor", "--home", str(tmp_path), "--json"))
    assert {engine["engine"] for engine in found["engines"]} == {"postgresql", "oxigraph"}
    assert set(found["scenarios"]) | set(found["missing_scenarios"]) == {"P1", "O2"}
    assert found["host"]["memory_bytes"] > 0
    assert "memory" in succeeds(capsys, "doctor", "--home", str(tmp_path))
