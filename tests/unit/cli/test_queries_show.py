"""``btb queries show``: what is sent, alone on standard output; what is said of it beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from basetype_benchmark.cli.main import run_command
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.queries.catalog import Kind, Question, load_questions
from tests.toy import build_toy

CASES = [
    pytest.param(scenario, question, id=f"{scenario.id}-{question.id}")
    for scenario in SCENARIOS.values()
    for question in load_questions().values()
    if question.id not in scenario.cannot
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    build_toy(home / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    return home


def show(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    assert run_command(["queries", "show", *arguments]) == 0, capsys.readouterr().err
    return tuple(capsys.readouterr())


def document_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(show(capsys, *arguments, "--json")[0])


@pytest.mark.parametrize(("scenario", "question"), CASES)
def test_every_text_is_complete_and_who_has_a_part_in_the_answer_is_said(
    capsys: pytest.CaptureFixture[str], scenario: Scenario, question: Question
) -> None:
    chosen = (question.id, "--scenario", scenario.id)
    document = document_of(capsys, *chosen)
    parts = document["sent"]
    federates = scenario.is_federated and question.kind is Kind.HYBRID
    aggregates = scenario.id == "O1" and question.kind is not Kind.GRAPH
    expected = "federated" if federates else "client" if aggregates else "native"
    assert document["execution"] == expected
    assert (document["application"] is not None) == aggregates
    texts = [message["text"].rstrip() for part in parts for message in part["messages"]]
    out, _ = show(capsys, *chosen)
    assert out == "\n".join([*texts, ""])
    assert "{federated}" not in out
    assert "%(" not in out


def test_the_parameters_of_a_dataset_are_bound(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    bound = ("Q8", "--params", "tiny-2d", "--home", str(home))
    graph, arrays, table = document_of(capsys, *bound, "--scenario", "O2")["sent"]
    assert "<https://basetype-benchmark.org/id/b01.t0" in graph["messages"][0]["text"]
    assert (arrays["when"], table["when"]) == ("fewer than 10 000 rows", "10 000 rows or more")
    assert [v["place"] for v in arrays["messages"][0]["values"]] == ["$1", "$2", "$3", "$4", "$5"]
    assert [m["text"].split()[0] for m in table["messages"]][:4] == [
        "BEGIN",
        "CREATE",
        "COPY",
        "ANALYZE",
    ]


def test_times_are_numbers_in_cypher(capsys: pytest.CaptureFixture[str]) -> None:
    falkordb = document_of(capsys, "Q6", "--scenario", "F1")["sent"][0]["messages"][0]
    assert falkordb["text"].startswith('CYPHER point_id="the_point_id" start=1704067200 ')
    bolt = document_of(capsys, "Q6", "--scenario", "A1")["sent"][0]["messages"][0]
    assert bolt["values"][1] == {
        "place": "$start",
        "name": "start",
        "type": "Integer",
        "value": 1704067200,
    }


def test_the_limit_of_a_query_travels_where_the_protocol_has_a_place_for_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for scenario, limit in (("F1", "timeout 7000"), ("A1", "tx_timeout: 7000")):
        shown = document_of(capsys, "Q6", "--scenario", scenario, "--timeout", "7")
        assert limit in shown["sent"][0]["messages"][0]["command"]


def test_the_application_of_o1_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    out, said = show(capsys, "Q7", "--scenario", "O1")
    assert "building_answers.aggregate_drift: the ranking by relative variance" in said
    assert "aggregate_drift" not in out


def test_the_values_stand_beside_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    out, said = show(capsys, "q6", "--scenario", "P1")
    assert out.startswith("SELECT")
    assert "$1 point_id = the_point_id  (no type, as text)" in said
    assert "$2 start = 2024-01-01 00:00:00+00:00  (timestamptz, binary)" in said


@pytest.mark.parametrize("question", load_questions().values(), ids=lambda q: q.id)
def test_without_a_scenario_every_text_of_a_question_is_shown_once(
    capsys: pytest.CaptureFixture[str], question: Question
) -> None:
    out, _ = show(capsys, question.id)
    used = {line.split()[1].rstrip(":") for line in out.splitlines() if line.startswith("=== ")}
    assert used == {path.name for path in question.folder.iterdir()} - {"query.yaml"}
    texts = document_of(capsys, question.id)["texts"]
    senders = [sender.split()[0] for text in texts for sender in text["senders"]]
    assert set(senders) == SCENARIOS.keys() - {
        s.id for s in SCENARIOS.values() if question.id in s.cannot
    }
