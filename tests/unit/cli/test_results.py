"""``btb results``: the short table, the export, and costs that one can work out from the screen."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.cli.main import run_command
from tests.made_campaign import Making, make_campaign
from tests.unit.cli.terminal import run_on_terminal

OLD, NEW = "20260102-030405-small-2d", "20260202-030405-small-2d"
GRADIENT = Making(scenarios=("P1", "F1"), levels_mib=(32, 128, 256), readings=30, is_gradient=True)
PLAIN = Making(
    scenarios=("P1", "O1"),
    levels_mib=(None,),
    readings=5,
    outcomes={("O1", "Q2"): Outcome.TIMEOUT, ("O1", "Q3"): Outcome.UNSUPPORTED},
    missing=frozenset(),
)
OWN_PRICES = """
currency: EUR
memory_price: {value: 3, unit: per GiB-month, region: Paris, date: 2026-01-02, source: our bill}
cpu_price: {value: 0.02, unit: per vCPU-hour, region: Paris, date: 2026-01-02, source: our bill}
disk_price: {value: 0.1, unit: per GB-month, region: Paris, date: 2026-01-02, source: our bill}
memory_power: {value: 0.4, unit: W per GiB, region: Paris, date: 2026-01-02, source: a meter}
cpu_power: {value: 2, unit: W per vCPU, region: Paris, date: 2026-01-02, source: a meter}
power_usage_effectiveness: {value: 1.2, unit: ratio, region: x, date: 2026-01-02, source: them}
carbon_intensity: {value: 50, unit: gCO2e per kWh, region: F, date: 2026-01-02, source: the grid}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_campaign(home / "results" / OLD, PLAIN)
    make_campaign(home / "results" / NEW, GRADIENT)
    return home


def results(home: Path, *arguments: str, columns: int = 80) -> tuple[int, str]:
    return run_on_terminal(columns, "results", *arguments, "--home", str(home))


def test_a_campaign_is_one_line_for_each_level_in_80_columns(home: Path) -> None:
    code, shown = results(home, OLD)
    assert code == 0
    assert all(len(line) <= 80 for line in shown.splitlines() if "─" in line)
    levels = shown[shown.index("Levels") : shown.index("Queries")].splitlines()
    assert " ".join(levels[1].split()) == "level p50 ms 95 % n load s disk MiB peak MiB outcome"
    (p1,) = [line for line in levels if line.startswith("P1")]
    (o1,) = [line for line in levels if line.startswith("O1")]
    assert p1.split()[-5] == "208"  # 13 queries, 8 runs of 2 variants
    assert p1.split()[-3:] == ["40", "100", "ok"]
    assert o1.split()[1:3] == ["-", "-"]  # no mean where a query failed
    assert o1.rstrip().endswith("1 failed")


def test_queries_stand_side_by_side_and_failures_as_such(home: Path) -> None:
    _, shown = results(home, OLD)
    (q2,) = [line for line in shown.splitlines() if line.startswith("Q2 ")]
    assert q2.split()[2] == "timeout"
    (q3,) = [line for line in shown.splitlines() if line.startswith("Q3 ")]
    assert q3.split()[2] == "unsupported"
    assert "O1 Q2 timeout: it ended with timeout" in shown


def test_every_table_says_of_how_many_executions_it_is(tmp_path: Path) -> None:
    make_campaign(tmp_path / "results" / OLD, replace(PLAIN, repetitions=3))
    _, shown = results(tmp_path, OLD)
    assert all(len(line) <= 80 for line in shown.splitlines() if line.startswith(("Q", "P1", "─")))
    (p1,) = [line for line in shown.splitlines() if line.startswith("P1 ")]
    assert "  3 x 208  " in p1
    (q1,) = [line for line in shown.splitlines() if line.startswith("Q1 ")]
    assert q1.rstrip().endswith("  3 x 16")
    assert "n: answered executions, or repetitions x executions" in shown


def test_levels_too_many_for_the_terminal_are_said_to_be_elsewhere(home: Path) -> None:
    _, narrow = results(home, NEW, columns=50)
    assert "do not fit here" in narrow


def test_the_newest_is_taken_without_a_name(home: Path) -> None:
    assert NEW in results(home)[1]


def test_a_level_that_was_not_enough_says_why(home: Path) -> None:
    _, shown = results(home, NEW)
    (line,) = [x for x in shown.splitlines() if x.startswith("F1 128 MiB") and "oom" in x]
    assert line.split()[3:5] == ["-", "-"]
    assert "! F1 128 MiB: the kernel ended the server" in shown


def test_json_is_the_summary(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["results", OLD, "--json", "--home", str(home)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["campaign"] == OLD
    assert [level["scenario"] for level in told["levels"]] == ["P1", "O1"]
    assert told["levels"][1]["geometric_mean_p50_ns"] is None


def test_an_export_says_where_it_is(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "tables"
    arguments = ["results", OLD, "--format", "parquet", "--home", str(home)]
    assert run_command([*arguments, "--output", str(place)]) == 0
    assert "wrote 17 tables with" in capsys.readouterr().err
    assert (place / "queries.parquet").is_file()
    assert run_command([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == str(home / "results" / OLD / "exports" / "parquet")
    assert {table["name"] for table in told["tables"]} >= {"cells", "samples", "resources"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--output", "x"), "--output says where tables go; say which with --format csv"),
        (("1999",), "there is no campaign '1999'"),
        (("--footprint", "--prices", "none.yaml"), "none.yaml: file: is missing"),
    ],
)
def test_bad_input_is_told_in_one_line(
    home: Path,
    arguments: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_command(["results", *arguments, "--home", str(home)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_home_without_campaigns_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["results", "--home", str(tmp_path)]) == 2
    assert "make one with btb run" in capsys.readouterr().err


def footprint(home: Path, *arguments: str) -> str:
    code, shown = results(home, NEW, "--footprint", *arguments)
    assert code == 0
    return shown


def numbers(shown: str, title: str, option: str) -> list[float]:
    """The figures of an option at its least viable RAM, in a table with this title."""
    table = shown[shown.index(title) :].partition("\n\n")[0].splitlines()
    (row,) = [line for line in table if line.startswith(f"{option} ") and "least" in line]
    return [float(word) for word in re.findall(r"(?<=\s)\d[\d.]*", row)]


def test_costs_can_be_worked_out_from_what_is_on_the_screen(home: Path, tmp_path: Path) -> None:
    prices = tmp_path / "own.yaml"
    prices.write_text(OWN_PRICES, encoding="utf-8")
    shown = footprint(home, "--prices", str(prices))
    for formula in (
        "RAM: GiB x 3 x 12 months EUR",
        "CPU: vCPUs x 0.02 x 8760 h EUR",
        "disk: GB x 0.1 x 12 months EUR",
        "kWh: (GiB x 0.4 W + vCPUs x 2 W) x 8760 h / 1000 x 1.2",
        "kg CO2e: kWh x 50 g / 1000",
    ):
        assert formula in shown
    for option in ("P1", "F1"):
        ram, disk, ram_cost, cpu_cost, disk_cost, total = numbers(shown, "a year costs", option)
        assert ram_cost == pytest.approx(ram * 3 * 12, abs=0.005)
        assert cpu_cost == pytest.approx(2 * 0.02 * 8760, abs=0.005)
        assert disk_cost == pytest.approx(disk * 0.1 * 12, abs=0.005)
        assert total == pytest.approx(ram_cost + cpu_cost + disk_cost, abs=0.015)
        ram, vcpus, kwh, carbon = numbers(shown, "energy and carbon", option)
        assert kwh == pytest.approx((ram * 0.4 + vcpus * 2) * 8.76 * 1.2, rel=0.005)
        assert carbon == pytest.approx(kwh * 50 / 1000, rel=0.006)


def test_the_least_ram_differs_and_so_does_its_price(home: Path) -> None:
    shown = footprint(home)
    assert numbers(shown, "a year costs", "P1")[0] == 0.125
    assert numbers(shown, "a year costs", "F1")[0] == 0.25
    assert "P1 least viable: failed at 32 MiB, passed at 128 MiB" in shown
    assert "P1 plateau: not found" in shown
    assert "memory price: 0.004445 USD per GiB-hour; AWS us-east-1" in " ".join(shown.split())


def test_what_cannot_be_measured_is_said_to_be_so(home: Path) -> None:
    shown = " ".join(footprint(home).split())
    assert "energy is not measurable here" in shown
    assert "not measurable here: read MiB" in shown


def test_the_document_has_rows_costs_formulas_and_prices(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["results", NEW, "--footprint", "--json", "--home", str(home)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["phase"] for row in told["footprint"]} == {"load", "measure"}
    assert told["prices"]["memory_price"]["date"] == "2026-03-10"
    cost = told["costs"][0]
    assert cost["memory_cost"] == pytest.approx(
        cost["option"]["ram_bytes"] / 2**30 * told["prices"]["memory_price"]["value"] * 8760
    )


def test_a_campaign_without_watching_has_no_footprint(tmp_path: Path) -> None:
    make_campaign(tmp_path / "results" / "x", replace(PLAIN, is_watched=False))
    assert "there is no footprint" in results(tmp_path, "x", "--footprint")[1]
