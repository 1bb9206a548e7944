"""The summary of campaigns whose latencies are made up, so that the right figures are known."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.analysis.summary import LevelSummary
from basetype_benchmark.benchmark.estimate import ResampledUnit
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import unsupported_query
from basetype_benchmark.benchmark.results_io import cell_path
from basetype_benchmark.benchmark.sentinel import SentinelReading, add_sentinel_reading
from basetype_benchmark.benchmark.statistics import summarise
from tests.measured import (
    MadeCell,
    log_normal,
    measured_query,
    summarise_made,
    write_measured,
)
from tests.records import make_cell_use, make_result, make_use


def only_level(folder: Path, *cells: MadeCell) -> LevelSummary:
    (level,) = summarise_made(folder, *cells).levels
    return level


def test_one_repetition_has_the_statistics_of_its_cell(tmp_path: Path) -> None:
    latencies = log_normal(1, runs=40, variants=2)
    data = write_measured(tmp_path, [MadeCell(queries={"Q1": latencies})])
    (query,) = summarise_campaign(data).queries
    values = [value for runs in latencies for value in runs]
    assert query.latency == summarise(values, [1] * 40 + [2] * 40)
    assert query.latency == data.cells[0].result.queries[0].latency
    assert query.resampled is ResampledUnit.EXECUTION
    assert (query.name, query.outcome, query.repetitions) == ("name of Q1", Outcome.OK, 1)
    assert (query.planned_runs, query.answered_runs) == (80, 80)


def test_repetitions_are_the_unit_where_there_are_any(tmp_path: Path) -> None:
    """Three restarts of a thousandth of spread each, that lie 10 % apart."""
    medians = [0.9e6, 1e6, 1.1e6]
    cells = [
        MadeCell(queries={"Q1": log_normal(n, median_ns=median, sigma=0.001)}, repetition=n)
        for n, median in enumerate(medians, start=1)
    ]
    (query,) = only_level(tmp_path, *cells).queries
    assert query.resampled is ResampledUnit.REPETITION
    assert query.p50_by_repetition_ns == pytest.approx(medians, rel=1e-3)
    assert query.latency is not None
    assert query.latency.n == 90
    interval = query.latency.p50_interval
    assert interval is not None
    # Student, two degrees of freedom: 4.303 times the standard error of the mean of three logs.
    reach = 4.303 * np.std(np.log(medians), ddof=1) / np.sqrt(3)
    assert interval.low_ns == pytest.approx(1e6 * np.exp(-reach), rel=2e-3)
    assert interval.high_ns == pytest.approx(1e6 * np.exp(reach), rel=2e-3)


def test_levels_stand_in_the_order_planned_and_are_found_by_their_key(tmp_path: Path) -> None:
    summary = summarise_made(
        tmp_path,
        MadeCell(queries={"Q1": log_normal(1)}, scenario="P1", ram_bytes=2048),
        MadeCell(queries={"Q1": log_normal(2)}, scenario="O2", ram_bytes=1024),
        MadeCell(queries={"Q1": log_normal(3)}, scenario="P1", ram_bytes=1024),
        MadeCell(queries={"Q1": log_normal(4)}, scenario="P1", ram_bytes=2048, repetition=2),
    )
    keys = [(level.scenario, level.ram_bytes, len(level.cells)) for level in summary.levels]
    assert keys == [("P1", 2048, 2), ("O2", 1024, 1), ("P1", 1024, 1)]
    assert summary.find("tiny-2d", "O2", 1024) is summary.levels[1]
    assert summary.find("tiny-2d", "O2", None) is None
    assert [query.ram_bytes for query in summary.queries] == [2048, 1024, 1024]


def test_the_geometric_mean_is_over_what_can_be_expressed(tmp_path: Path) -> None:
    queries = {
        "Q1": [[100] * 6],
        "Q2": [[10_000] * 6],
        "Q3": unsupported_query("Q3", "no way", "it has no joins"),
    }
    level = only_level(tmp_path, MadeCell(queries=queries))
    assert level.is_ok
    assert level.geometric_mean_p50_ns == pytest.approx(1000)
    assert level.geometric_mean_interval is not None
    assert level.geometric_mean_interval.low_ns == pytest.approx(1000)


def test_a_wrong_answer_keeps_its_latencies_and_ranks_nowhere(tmp_path: Path) -> None:
    right = MadeCell(queries={"Q1": log_normal(1), "Q2": log_normal(2)}, repetition=1)
    wrong = measured_query("Q2", log_normal(3), Outcome.WRONG_ANSWER)
    other = MadeCell(queries={"Q1": log_normal(4), "Q2": wrong}, repetition=2)
    level = only_level(tmp_path, right, other)
    query = level.find("Q2")
    assert query is not None
    assert query.outcome is Outcome.WRONG_ANSWER
    assert query.latency is not None
    assert query.latency.n == 60
    assert not level.is_ok
    assert level.geometric_mean_p50_ns is None


def test_a_cell_that_failed_has_skipped_its_queries_and_says_why(tmp_path: Path) -> None:
    failed = replace(make_result(outcome=CellOutcome.OOM_LOAD, queries=()), load=None)
    level = only_level(
        tmp_path,
        MadeCell(queries={"Q1": log_normal(1)}, repetition=1),
        MadeCell(queries={}, result=failed, repetition=2),
    )
    assert (level.outcome, level.reason) == (CellOutcome.OOM_LOAD, "the server went away")
    (query,) = level.queries
    assert (query.outcome, query.reason) == (Outcome.SKIPPED, "oom_load: the server went away")
    assert (query.repetitions, len(query.cells), query.answered_runs) == (1, 2, 30)
    assert query.resampled is ResampledUnit.EXECUTION
    assert level.geometric_mean is None


def test_a_cell_without_a_result_is_named(tmp_path: Path) -> None:
    cells = [MadeCell(queries={"Q1": log_normal(n)}, repetition=n) for n in (1, 2)]
    data = write_measured(tmp_path, cells)
    cell_path(tmp_path, "tiny-2d.P1.r2").unlink()
    (level,) = summarise_campaign(replace(data, cells=data.cells[:1])).levels
    assert (level.cells, level.missing_cells) == (("tiny-2d.P1.r1",), ("tiny-2d.P1.r2",))
    (nothing,) = summarise_campaign(replace(data, cells=())).levels
    assert (nothing.outcome, nothing.queries, nothing.is_ok) == (None, (), False)
    assert (nothing.load_ns, nothing.size_bytes, nothing.peak_bytes) == (None, None, None)


def test_what_a_level_used_is_that_of_its_servers(tmp_path: Path) -> None:
    use = make_cell_use()
    other = make_use(
        memory_peak_bytes=300, anonymous_peak_bytes=None, file_peak_bytes=20, cpu_user_ns=3_000_000
    )
    servers = (make_use(), make_use(source="oxigraph"), make_use(source="host"))
    phases = (
        replace(use.phases[0], sources=servers),
        replace(use.phases[0], phase="measure", sources=(other,)),
    )
    result = replace(
        make_result(queries=(measured_query("Q1", log_normal(1)),)),
        resources=replace(use, phases=phases),
    )
    level = only_level(tmp_path, MadeCell(queries={"Q1": ()}, result=result))
    assert [(peak.phase, peak.source) for peak in level.peaks] == [
        ("load", "postgresql"),
        ("load", "oxigraph"),
        ("measure", "postgresql"),
    ]
    assert level.peaks[2].anonymous_bytes is None
    assert level.peaks[2].file_bytes == 20
    assert level.peak_bytes == 2 * 100 * 2**20
    assert [(cpu.phase, cpu.cpu_s) for cpu in level.cpu] == [("load", 0.004), ("measure", 0.004)]
    assert (level.load_ns, level.loads, level.size_bytes) == (6_000_000, 1, 4096)


def test_what_was_measured_in_drift_of_the_machine_is_marked(tmp_path: Path) -> None:
    cells = [MadeCell(queries={"Q1": log_normal(n, runs=60)}, repetition=n) for n in (1, 2, 3)]
    for after, cpu_ns in ((None, 100), ("r1", 100), ("r2", 100), ("r3", 150)):
        cell = None if after is None else f"tiny-2d.P1.{after}"
        now = datetime(2026, 1, 2, tzinfo=UTC)
        add_sentinel_reading(
            tmp_path, SentinelReading(at=now, after_cell=cell, cpu_ns=cpu_ns * 10**6)
        )
    summary = summarise_made(tmp_path, *cells)
    (level,) = summary.levels
    assert summary.noise is not None
    assert level.drift == {"tiny-2d.P1.r3": "the same cpu work took +50%"}
    assert level.queries[0].is_unstable
    assert level.queries[0].instability == ("1 of 3 cells measured in drift of the machine",)
