"""Tables on terminals: whole words at any width, and nothing lost."""

import json
import re

import pytest

from basetype_benchmark.cli import formatters
from basetype_benchmark.cli.formatters import print_err, print_note, print_table, print_warning
from basetype_benchmark.config.scenarios import SCENARIOS
from tests.unit.cli.terminal import run_btb, run_on_terminal


@pytest.mark.parametrize(
    ("command", "columns"), [("scenarios", 100), ("queries", 80), ("queries", 40)]
)
def test_no_word_is_cut_and_no_line_is_too_long(command: str, columns: int) -> None:
    code, shown = run_on_terminal(columns, command)
    titles = [entry["title"] for entry in json.loads(run_btb(command, "--json").stdout)]
    assert code == 0
    assert {word for title in titles for word in title.split()} <= set(shown.split())
    table = re.split("The exact text of one|How a question", shown)[0]
    assert max(map(len, table.splitlines())) <= columns


def test_what_is_too_narrow_for_a_table_shows_each_row_by_itself() -> None:
    _, wide = run_on_terminal(80, "scenarios")
    _, narrow = run_on_terminal(30, "scenarios")
    assert wide.count("execution") == 1
    assert narrow.count("execution") == len(SCENARIOS)


def test_every_scenario_is_one_line_and_its_models_are_left_out_where_they_do_not_fit() -> None:
    for columns, has_models in ((80, False), (120, True)):
        _, shown = run_on_terminal(columns, "scenarios")
        lines = [line.split()[0] for line in shown.splitlines() if line.strip()]
        assert lines[2 : 2 + len(SCENARIOS)] == list(SCENARIOS)
        assert ("property_graph_chunks" in shown) == has_models


def test_without_a_terminal_every_row_is_one_line() -> None:
    lines = run_btb("queries").stdout.splitlines()
    assert [line.split()[0] for line in lines[2:15]] == [f"Q{number}" for number in range(1, 14)]


@pytest.mark.parametrize("width", range(58, 75))
def test_a_table_is_never_cut_at_the_edge(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(formatters, "_PLAIN_WIDTH", width)
    columns = ["query", "name", "p50", "outcome", "legs %"]
    rows = [["Q4", "floor_temperature_inventory", "19.1 ms", "wrong_answer", "4 / 0 / 96"]]
    print_table(columns, rows, numeric=("p50", "legs %"))
    shown = capsys.readouterr().out
    assert set(rows[0]) <= {cell.strip() for cell in re.split(r"  +|\n", shown)}
    assert max(map(len, shown.splitlines())) <= width


def test_control_characters_of_others_do_not_reach_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    strange = "a\x1b[2J\x1b]0;title\x07\x9b1m\x7fz"
    print_err(strange)
    print_note(strange)
    print_warning(strange)
    print_table(["name"], [[strange]])
    out, err = capsys.readouterr()
    assert not set("\x1b\x07\x9b\x7f") & set(out + err)
    assert (out + err).count("a␛[2J␛]0;title␇␡1m␡z") == 4
