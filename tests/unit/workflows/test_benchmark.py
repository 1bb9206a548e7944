"""Campaigns over a runner in memory: what is written, and what one bad cell costs the others."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, read_journal
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results_io import read_campaign, read_cell, read_environment
from basetype_benchmark.benchmark.samples_io import read_samples, samples_path
from basetype_benchmark.benchmark.sentinel import read_sentinel
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import DatasetError, ServiceUnavailable
from basetype_benchmark.workflows import benchmark
from basetype_benchmark.workflows.benchmark import CampaignResult, run_campaign, validate
from basetype_benchmark.workflows.campaigns import bench, open_campaign
from basetype_benchmark.workflows.campaigns import cell as one_cell
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.plans.campaign_plan import quick_campaign
from basetype_benchmark.workflows.plans.plan import Plan, make_plan
from basetype_benchmark.workflows.scenario import RunningScenario
from tests.fakes import FakeRunner, make_dataset, make_workload, right_answers

Opening = Callable[[int], None]
"""Called with the how-many-eth opening of a scenario this is, from 1; may raise."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def stand_in(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    on_open: Opening,
    *,
    on_close: Callable[[], object] = lambda: None,
) -> list[FakeRunner]:
    """Put a runner in memory where servers would be started."""
    dataset, workload = make_dataset(folder), make_workload(folder)
    runners: list[FakeRunner] = []

    @contextmanager
    def open_scenario(*_: object, **_options: object) -> Iterator[RunningScenario]:
        runners.append(FakeRunner(dataset, right_answers(workload)))
        on_open(len(runners))
        yield RunningScenario(runner=runners[-1], services={}, marker=folder / "loaded.txt")
        on_close()

    monkeypatch.setattr(one_cell, "open_scenario", open_scenario)
    monkeypatch.setattr(bench, "find_dataset", lambda *_: dataset)
    monkeypatch.setattr(benchmark, "verify", lambda *_: None)
    monkeypatch.setattr(bench, "verify", lambda *_: None)
    monkeypatch.setattr(bench, "require_engines", lambda *_, **__: None)
    monkeypatch.setattr(bench, "build_workload", lambda *_: workload)
    return runners


def plan(folder: Path, repetitions: int = 3) -> Plan:
    return make_plan(
        profile="tiny-2d",
        dataset_seed=42,
        scenarios=[SCENARIOS["P1"]],
        questions=[work.question for work in make_workload(folder).work],
        protocol=Protocol(warmup=1, runs=3, variants=2),
        repetitions=repetitions,
    )


def run_plan(chosen: Plan, settings: Settings) -> CampaignResult:
    return run_campaign(quick_campaign(chosen), Harness(settings=settings, choice=ServiceChoice()))


def fail_second(error: Exception) -> Opening:
    def on_open(count: int) -> None:
        if count == 2:
            raise error

    return on_open


def test_a_campaign_writes_plan_cells_samples_and_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    runners = stand_in(monkeypatch, tmp_path, lambda _count: None)
    done = run_plan(plan(tmp_path), settings)
    assert done.is_ok
    ids = ["tiny-2d.P1.r1", "tiny-2d.P1.r2", "tiny-2d.P1.r3"]
    planned = read_campaign(done.folder)
    assert [cell.cell for cell in planned.cells] == ids
    for cell, record in zip(planned.cells, done.cells, strict=True):
        assert read_cell(done.folder / "cells" / f"{cell.cell}.json") == record
        assert record.fingerprint == cell.fingerprint
    assert pq.read_metadata(done.folder / "samples.parquet").num_rows == 3 * 4 * 3
    assert read_environment(done.folder).host["memory_bytes"]
    assert runners[0].executed != runners[1].executed  # another order in each repetition
    assert [reading.after_cell for reading in read_sentinel(done.folder)] == [None, *ids]


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (
            ServiceUnavailable("in use"),
            CellOutcome.CONTAINER_FAILED,
            "in use",
        ),
        (
            ZeroDivisionError("division\nby zero"),
            CellOutcome.ERROR,
            "unexpected ZeroDivisionError: division by zero",
        ),
    ],
)
def test_a_cell_that_fails_is_a_result_and_the_next_one_runs(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    settings: Settings,
    error: Exception,
    outcome: CellOutcome,
    reason: str,
) -> None:
    stand_in(monkeypatch, tmp_path, fail_second(error))
    done = run_plan(plan(tmp_path), settings)
    assert not done.is_ok
    assert [cell.result.is_ok for cell in done.cells] == [True, False, True]
    failed = read_cell(done.folder / "cells" / "tiny-2d.P1.r2.json").result
    assert (failed.outcome, failed.reason) == (outcome, reason)
    assert failed.error_type == type(error).__name__


@pytest.mark.parametrize("error", [ServiceUnavailable("it does not stop"), OSError("no\nstop")])
def test_what_was_measured_is_kept_when_a_server_does_not_stop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings, error: Exception
) -> None:
    def fail() -> None:
        raise error

    stand_in(monkeypatch, tmp_path, lambda _count: None, on_close=fail)
    done = run_plan(plan(tmp_path, 2), settings)
    for cell in done.cells:
        result = read_cell(done.folder / "cells" / f"{cell.cell}.json").result
        assert result.outcome is CellOutcome.COMPLETED
        assert result.is_ok
        assert sum(query.answered_runs for query in result.queries) == 4 * 3
        assert result.reason is not None
        assert result.reason.endswith(f"leaving the servers failed: {' '.join(str(error).split())}")


def test_ctrl_c_while_the_servers_of_a_measured_cell_are_stopped_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    stand_in(
        monkeypatch,
        tmp_path,
        lambda _count: None,
        on_close=lambda: os.kill(os.getpid(), signal.SIGINT),
    )
    with pytest.raises(KeyboardInterrupt):
        run_plan(plan(tmp_path), settings)
    [folder] = settings.results_dir.iterdir()
    assert read_cell(folder / "cells" / "tiny-2d.P1.r1.json").result.is_ok
    assert [entry.event for entry in read_journal(folder / JOURNAL_FILE).entries] == [
        Event.OPENED,
        Event.CELL_STARTED,
        Event.CELL_FINISHED,
        Event.STOPPED,
    ]


def test_an_error_that_nobody_foresaw_is_noted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    stand_in(monkeypatch, tmp_path, lambda _count: None)

    def fail(*_: object, **_options: object) -> None:
        raise ZeroDivisionError("nobody knows why")

    monkeypatch.setattr(open_campaign, "measure_sentinel", fail)
    with pytest.raises(ZeroDivisionError):
        run_plan(plan(tmp_path), settings)
    [folder] = settings.results_dir.iterdir()
    last = read_journal(folder / JOURNAL_FILE).entries[-1]
    assert (last.event, last.detail) == (Event.FAILED, "nobody knows why")


def test_a_damaged_dataset_stops_the_campaign_and_keeps_what_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    stand_in(monkeypatch, tmp_path, fail_second(DatasetError("part-0.parquet cannot be read")))
    with pytest.raises(DatasetError):
        run_plan(plan(tmp_path), settings)
    [folder] = settings.results_dir.iterdir()
    assert [path.name for path in (folder / "cells").glob("*.json")] == ["tiny-2d.P1.r1.json"]
    assert read_samples(samples_path(folder / "cells", "tiny-2d.P1.r1")).num_rows == 4 * 3
    assert [entry.event for entry in read_journal(folder / JOURNAL_FILE).entries] == [
        Event.OPENED,
        Event.CELL_STARTED,
        Event.CELL_FINISHED,
        Event.CELL_STARTED,
        Event.FAILED,
    ]


def test_two_campaigns_of_one_second_do_not_share_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    stand_in(monkeypatch, tmp_path, lambda _count: None)
    folders = {run_plan(plan(tmp_path, 1), settings).folder for _ in range(3)}
    assert len(folders) == 3


def test_a_validation_writes_no_results(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    runners = stand_in(monkeypatch, tmp_path, lambda _count: None)
    [result] = validate(plan(tmp_path, 1), settings, ServiceChoice())
    assert result.is_ok
    assert runners[0].executed
    assert not settings.results_dir.exists()


def test_a_failed_load_is_not_remembered_as_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    marker = tmp_path / "loaded.txt"
    runners = stand_in(monkeypatch, tmp_path, lambda _count: None)
    run_plan(plan(tmp_path, 1), settings)
    assert marker.exists()

    def break_load(_count: int) -> None:
        runners[-1].load_error = ServiceUnavailable("gone")

    runners = stand_in(monkeypatch, tmp_path, break_load)
    run_plan(plan(tmp_path, 1), settings)
    assert not marker.exists()
