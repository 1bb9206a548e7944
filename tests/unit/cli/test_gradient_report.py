"""The tables of a gradient, as they are read on a terminal of 100 columns."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.gradient import Comparison, GradientRecord
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.cli.gradient_report import print_gradient
from basetype_benchmark.cli.plan_report import print_gradient_plan
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.units import GIB, MIB
from basetype_benchmark.workflows.campaigns.gradient import GradientResult
from basetype_benchmark.workflows.plans.estimate import estimate_plan
from basetype_benchmark.workflows.plans.gradient_plan import GradientPlan, make_gradient_plan
from basetype_benchmark.workflows.plans.plan import make_plan
from tests.records import make_cell, make_findings, make_gradient, make_result

LEVELS = (256 * MIB, 512 * MIB, GIB)


def plan(*names: str, bisects: bool = False) -> GradientPlan:
    base = make_plan(
        profile="tiny-2d",
        dataset_seed=42,
        scenarios=[SCENARIOS[name] for name in names],
        questions=[find_question("Q7")],
        protocol=Protocol(warmup=1, runs=3, variants=2),
    )
    return make_gradient_plan(
        base, scale_name="tiny", host_bytes=GIB, levels=(*LEVELS, 4 * GIB), bisects=bisects
    )


def result(
    record: GradientRecord | None = None, cells: tuple[CellRecord, ...] = ()
) -> GradientResult:
    return GradientResult(
        folder=Path("/home/results/x"),
        plan=plan("P1", "O2"),
        record=record or make_gradient(),
        cells=cells,
    )


def test_levels_are_columns_with_the_time_or_why_it_is_not_enough(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_gradient(result(), as_json=False)
    out, err = capsys.readouterr()
    [header] = [line for line in out.splitlines() if line.startswith("scenario  0.25 GiB")]
    assert header.split("  ")[1:] == ["0.25 GiB", "0.5 GiB", " 1 GiB "]
    [row] = [line for line in out.splitlines() if line.startswith("P1") and "oom load" in line]
    assert row.split() == ["P1", "oom", "load", "2", "ms", "1.9", "ms"]
    [found] = [line for line in out.splitlines() if "failed at" in line]
    assert "failed at 0.25 GiB, passed at 0.5 GiB" in found
    assert "0.5 GiB or less" in found.split("passed at 0.5 GiB")[1]
    assert "1 GiB: 0.95 (0.92 to 0.99)" in found
    assert "P1 passed at 128 MiB and failed at 0.25 GiB: memory alone does not explain" in err
    assert "results: /home/results/x" in err
    assert max(map(len, out.splitlines())) <= 100


def test_what_bisection_tried_is_listed_apart(capsys: pytest.CaptureFixture[str]) -> None:
    [level, *_] = make_findings().levels
    found = replace(
        make_findings(), levels=(*make_findings().levels, replace(level, ram_bytes=362 * MIB))
    )
    print_gradient(result(replace(make_gradient(), scenarios=(found,))), as_json=False)
    out = capsys.readouterr().out
    assert "Bisection" in out
    [row] = [line for line in out.splitlines() if "362 MiB" in line]
    assert row.split() == ["P1", "362", "MiB", "oom", "load"]


def test_more_memory_that_made_it_slower_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    slower = Comparison(
        lower_bytes=512 * MIB, higher_bytes=GIB, ratio=Ratio(value=1.4, low=1.2, high=1.6)
    )
    findings = replace(make_findings().findings, comparisons=(slower,), plateau=slower)
    record = replace(make_gradient(), scenarios=(replace(make_findings(), findings=findings),))
    print_gradient(result(record), as_json=False)
    err = capsys.readouterr().err
    assert "P1 took 1.40 of the time with 1 GiB instead of 0.5 GiB" in err
    assert "--repeat 3" in err


def test_a_ratio_whose_interval_says_nothing_is_printed_without_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wide = Comparison(
        lower_bytes=512 * MIB, higher_bytes=GIB, ratio=Ratio(value=12, low=1.2, high=132)
    )
    findings = replace(
        make_findings().findings, comparisons=(wide,), plateau=None, is_plateau_bound=False
    )
    record = replace(make_gradient(), scenarios=(replace(make_findings(), findings=findings),))
    print_gradient(result(record), as_json=False)
    out, err = capsys.readouterr()
    assert "1 GiB: 12 (too few runs to tell)" in out
    assert "the machine was not the same" not in err


def test_why_a_level_failed_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    died = make_result(outcome=CellOutcome.OOM_LOAD)
    died = replace(died, reason="the kernel ended the server " + "and so on " * 40)
    print_gradient(result(cells=(make_cell("tiny-2d.P1.0.25g.r1", died),)), as_json=False)
    err = capsys.readouterr().err
    [line] = [line for line in err.splitlines() if "oom load:" in line]
    assert line.startswith("tiny-2d.P1.0.25g.r1 oom load: the kernel ended the server and so on")
    assert len(line) <= 160


def test_json_has_everything(capsys: pytest.CaptureFixture[str]) -> None:
    print_gradient(result(cells=(make_cell(),)), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["is_ok"] is True
    [scenario] = document["gradient"]["scenarios"]
    assert scenario["findings"]["least"] == {"failed_at": 256 * MIB, "passed_at": 512 * MIB}
    assert scenario["findings"]["plateau"]["ratio"]["low"] == 0.92
    assert document["gradient"]["decisions"][0]["reason"] == "the lowest level"
    assert document["cells"][0]["cell"] == "tiny-2d.P1.r1"


def test_a_plan_says_the_levels_the_rule_and_what_this_machine_cannot(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    chosen = plan("P1", "F1", bisects=True)
    print_gradient_plan(chosen, estimate_plan(chosen, Settings(home=tmp_path)), as_json=False)
    out, err = capsys.readouterr()
    rows = [line for line in out.splitlines() if "0.25 GiB, 0.5 GiB, 1 GiB" in line]
    assert [row.split()[0] for row in rows] == ["P1", "F1"]
    assert rows[0].rstrip().endswith("iterate_up")
    assert rows[1].rstrip().endswith("escalate_on_oom")
    assert "skipped: 4 GiB is more than the memory of this machine, 1 GiB" in err
    assert "at most 1.25 times one that is not; none below 32 MiB" in err


def test_a_plan_as_json_has_levels_in_bytes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    chosen = plan("O2")
    print_gradient_plan(chosen, estimate_plan(chosen, Settings(home=tmp_path)), as_json=True)
    document = json.loads(capsys.readouterr().out)
    [scenario] = document["gradient"]["scenarios"]
    assert scenario["levels_bytes"] == list(LEVELS)
    assert document["skipped_bytes"] == {"O2": [4 * GIB]}
    assert document["graph_share"] == 0.5
