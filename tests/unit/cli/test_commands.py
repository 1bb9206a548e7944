import json
from pathlib import Path

import pytest

from basetype_benchmark import __version__
from basetype_benchmark.cli.main import run_command
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.infrastructure.services import memgraph
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
    kinds = {scenario: found[scenario]["execution"] for scenario in ("P1", "O1", "O2", "F1", "F2")}
    assert kinds == {
        "P1": "native",
        "O1": "client",
        "O2": "federated",
        "F1": "native",
        "F2": "federated",
    }


@pytest.mark.parametrize("command", [["queries"], ["queries", "list"]])
def test_queries_in_both_forms(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert "drift_top20" not in succeeds(capsys, *command)
    documents = json.loads(succeeds(capsys, *command, "--json"))
    assert [document["id"] for document in documents] == [f"Q{n}" for n in range(1, 14)]
    assert "folder" not in documents[0]


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
    assert [part["protocol"]["runs"] for part in plan["profiles"]] == [3]
    assert list(tmp_path.iterdir()) == []


def test_doctor_says_what_can_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = json.loads(succeeds(capsys, "doctor", "--home", str(tmp_path), "--json"))
    assert {engine["engine"] for engine in found["engines"]} == set(ENGINES)
    assert set(found["scenarios"]) | set(found["missing_scenarios"]) == set(SCENARIOS)
    assert found["needed_by"]["oxigraph"] == ["O1", "O2"]
    assert found["host"]["memory_bytes"] > 0
    assert "memory" in succeeds(capsys, "doctor", "--home", str(tmp_path))


def test_doctor_tells_the_mend_of_a_lack_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # where there is no memgraph
    monkeypatch.setattr(memgraph, "PACKAGED_BINARY", tmp_path / "memgraph")
    assert run_command(["doctor", "--home", str(tmp_path)]) == 0
    said = capsys.readouterr().err
    assert said.count("docker run -d -p 127.0.0.1:7687:7687") == 1
    (missing,) = (line for line in said.splitlines() if "cannot run here" in line)
    assert "M1, M2" in missing
