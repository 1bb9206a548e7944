"""``btb compare``: its terms, and its tables as they are read on a terminal of 80 columns."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results_io import read_campaign, write_campaign
from basetype_benchmark.cli.main import run_command
from tests.made_campaign import Making, make_campaign
from tests.unit.cli.terminal import run_on_terminal

OLD, NEW, LIMITED = "20260102-030405-small-2d", "20260202-030405-small-2d", "20260302-x"
BASE = Making(scenarios=("P1", "O2"), levels_mib=(None,), readings=5)
FAILING = replace(BASE, outcomes={("P1", "Q3"): Outcome.TIMEOUT})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_campaign(home / "results" / OLD, BASE)
    newer = make_campaign(home / "results" / NEW, FAILING)
    record = read_campaign(newer)
    code = replace(record.code, digest="e" * 16)
    write_campaign(newer, replace(record, code=code, host_class="another machine"))
    make_campaign(
        home / "results" / LIMITED,
        replace(BASE, scenarios=("P1", "F1"), levels_mib=(32, 256), is_gradient=True),
    )
    return home


def compare(home: Path, *arguments: str) -> tuple[int, str]:
    return run_on_terminal(80, "compare", *arguments, "--home", str(home))


def test_what_differs_is_said_before_any_ratio(home: Path) -> None:
    code, shown = compare(home, OLD, NEW)
    assert code == 0
    assert shown.index("another machine") < shown.index("B / A")
    assert shown.index("doubtful") < shown.index("subject")
    assert "code of btb" in shown


def test_a_table_fits_80_columns_with_units_in_its_heads(home: Path) -> None:
    _, shown = compare(home, f"{OLD}:P1", f"{OLD}:O2")
    (head,) = [line for line in shown.splitlines() if line.startswith("query")]
    assert " ".join(head.split()) == "query A p50 ms B p50 ms n B / A 95 % interval says"
    rows = [line for line in shown.splitlines() if line.startswith("Q")]
    assert len(rows) == 13
    assert all(len(line) <= 80 for line in (head, *rows))
    assert all(row.rstrip().endswith("B slower") for row in rows[:1])  # O2 takes 2.5 times as long
    assert "B is slower" in shown


def test_a_query_that_failed_is_listed_and_not_ranked(home: Path) -> None:
    _, shown = compare(home, f"{OLD}:P1", f"{NEW}:P1")
    (row,) = [line for line in shown.splitlines() if line.startswith("Q3 ")]
    assert row.split()[2:7] == ["-", "16", "/", "0", "-"]
    assert row.rstrip().endswith("ok / timeout")
    assert "Q3: A ok; B timeout (it ended with timeout)" in " ".join(shown.split())
    assert "over 12 of 13 queries" in " ".join(shown.split())


def test_a_table_says_of_how_many_executions_it_is_in_80_columns(tmp_path: Path) -> None:
    for name, repetitions in (("a", 3), ("b", 1)):
        make_campaign(tmp_path / "results" / name, replace(BASE, repetitions=repetitions))
    _, shown = compare(tmp_path, "a:P1", "b:P1")
    lines = shown.splitlines()
    (row,) = [line for line in lines if line.startswith("Q1 ")]
    assert "  3 x 16 / " in row  # and 16 below it
    assert all(len(line) <= 80 for line in lines if line.startswith(("query ", "Q", "all ")))
    assert "n: answered executions, or repetitions x executions" in shown


def test_by_scenario_there_is_one_line_for_each(home: Path) -> None:
    code, shown = compare(home, OLD, NEW, "--by", "scenario")
    assert code == 0
    assert not [line for line in shown.splitlines() if line.startswith("Q1 ")]
    for name, queries in (("P1", "12"), ("O2", "13")):
        (line,) = [
            line
            for line in shown.splitlines()
            if line.startswith(f"small-2d, {name}, no limit  ") and "difference" in line
        ]
        assert line.split()[-4] == queries


def test_loading_disk_and_memory_stand_beside(home: Path) -> None:
    _, shown = compare(home, f"{OLD}:P1", f"{OLD}:O2")
    (disk,) = [line for line in shown.splitlines() if "on disk, MiB" in line]
    assert disk.split()[-3:] == ["40", "80", "2.00"]
    assert "load, s" in shown
    assert "peak memory, MiB" in shown


def test_json_has_all_of_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["compare", OLD, NEW, "--json", "--home", str(home)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["a"], told["b"]) == (OLD, NEW)
    assert {d["weight"] for d in told["differences"]} == {"doubtful", "subject"}
    (level, _) = told["levels"]
    assert level["ranked"] == 12
    assert level["queries"][2]["ratio"] is None
    assert level["queries"][0]["ratio"]["low"] <= level["queries"][0]["ratio"]["value"]
    assert level["queries"][0]["a"]["latency"]["p50_ns"] > 0


def test_a_campaign_is_given_by_the_begin_of_its_name_or_its_folder(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(home / "results" / NEW)
    for terms in (["202601", place], ["202601:p1", f"{place}:P1"]):
        assert run_command(["compare", *terms, "--json", "--home", str(home)]) == 0
        assert json.loads(capsys.readouterr().out)["b"].startswith(NEW)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ((OLD, OLD), "are the same; to compare two scenarios of a campaign write"),
        ((OLD, "1999"), "there is no campaign '1999'"),
        ((OLD, f"{NEW}:D1"), f"{NEW} has no results of D1; it has P1, O2"),
        ((f"{OLD}:O2", LIMITED), "have nothing in common: in A there is small-2d.O2.r1"),
        (("", NEW), "there is no campaign ''"),
    ],
)
def test_terms_that_mean_nothing_are_told_in_one_line(
    home: Path, terms: tuple[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["compare", *terms, "--home", str(home)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_the_page_says_the_same(home: Path, tmp_path: Path) -> None:
    page = tmp_path / "made" / "page.html"
    code, shown = compare(home, f"{OLD}:P1", f"{NEW}:P1", "--html", str(page))
    assert code == 0
    assert "page: " in shown
    text = page.read_text(encoding="utf-8")
    for words in ("another machine", "ok / timeout", "over 12 of 13 queries", "peak memory, MiB"):
        assert words in text
    assert page.stat().st_size < 3 << 20
