from pathlib import Path

import pytest

from basetype_benchmark.errors import ConfigError, UsageError
from basetype_benchmark.queries.catalog import find_question, load_questions, read_questions

GOOD = """
id: Q1
name: meters
title: Which meters are there?
kind: graph
columns:
  - {name: id, type: text}
order:
  - {column: id}
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name / "query.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_a_contract_knows_its_folder(tmp_path: Path) -> None:
    [question] = read_questions([write(tmp_path, "q01", GOOD)])
    assert (question.id, question.folder) == ("Q1", tmp_path / "q01")


def test_mistakes_of_all_contracts_are_told_together_in_one_line(tmp_path: Path) -> None:
    wrong = [
        write(tmp_path, "q01", GOOD.replace("Q1", "Q14")),
        write(tmp_path, "q02", "id: ["),
        write(tmp_path, "q03", GOOD + "kind: series\n"),
        write(tmp_path, "q04", "- a list\n"),
        write(tmp_path, "q05", GOOD + "folder: /elsewhere\n"),
    ]
    with pytest.raises(ConfigError) as caught:
        read_questions(wrong)
    message = str(caught.value)
    for expected in (
        "q01/query.yaml: id: ",
        "q02/query.yaml: file: must be valid YAML",
        "the key 'kind' is given twice",
        "q04/query.yaml: file: ",
        "q05/query.yaml: folder: is not a key of this file",
    ):
        assert expected in message
    assert "\n" not in message


def test_an_id_given_to_two_contracts_is_refused(tmp_path: Path) -> None:
    paths = [write(tmp_path, name, GOOD) for name in ("q01", "q02")]
    with pytest.raises(ConfigError, match=r"q02/query\.yaml: id: 'Q1' is taken by .*q01"):
        read_questions(paths)


def test_a_question_is_found_whatever_its_case() -> None:
    assert find_question(" q7 ") is load_questions()["Q7"]


def test_an_unknown_question_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="no query 'Q14'; choose from: Q1, Q2"):
        find_question("Q14")
