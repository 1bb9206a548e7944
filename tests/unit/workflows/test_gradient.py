"""Gradients over a runner in memory: what is decided, loaded again, written, and survived."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from basetype_benchmark.benchmark.gradient import Bracket
from basetype_benchmark.benchmark.results_io import read_campaign, read_cell, read_gradient
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.manifest import Counts
from basetype_benchmark.errors import (
    OutOfMemory,
    QueryRefused,
    ServiceUnavailable,
    UsageError,
)
from basetype_benchmark.units import GIB, MIB
from basetype_benchmark.workflows.campaigns import bench, kept_store
from basetype_benchmark.workflows.campaigns import cell as one_cell
from basetype_benchmark.workflows.campaigns.gradient import GradientResult, run_gradient
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.limits import require_limits
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.plans.gradient_plan import make_gradient_plan
from basetype_benchmark.workflows.plans.plan import make_plan
from basetype_benchmark.workflows.scenario import RunningScenario
from tests.fakes import FakeRunner, make_dataset, make_workload, right_answers

LEVELS = (256 * MIB, 512 * MIB, GIB, 2 * GIB)


@dataclass
class Opened:
    """What a gradient asked of the servers: their RAM, and whether their stores are new."""

    starts: list[tuple[int, bool]] = field(default_factory=list)
    limits: list[Mapping[str, int]] = field(default_factory=list)
    drops: int = 0
    answers: dict[tuple[str, str], Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    on_runner: Callable[[FakeRunner, int, bool], None] = lambda _runner, _ram, _fresh: None


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Opened:
    """Put a runner in memory where servers would be started."""
    dataset, workload = make_dataset(tmp_path), make_workload(tmp_path)
    seen = Opened(answers=right_answers(workload))
    store: dict[str, FakeRunner] = {}

    @contextmanager
    def open_scenario(
        *_: object, fresh: bool, ram_bytes: Mapping[str, int]
    ) -> Iterator[RunningScenario]:
        total = sum(ram_bytes.values())
        seen.starts.append((total, fresh))
        seen.limits.append(ram_bytes)
        if fresh or "runner" not in store:
            store["runner"] = FakeRunner(dataset, seen.answers)
        seen.on_runner(store["runner"], total, fresh)
        yield RunningScenario(
            runner=store["runner"], services={}, marker=tmp_path / "engines" / "loaded.txt"
        )

    def drop(_folder: Path) -> bool:
        seen.drops += 1
        return True

    (tmp_path / "engines").mkdir()
    monkeypatch.setattr(one_cell, "open_scenario", open_scenario)
    monkeypatch.setattr(kept_store, "drop_cached_pages", drop)
    monkeypatch.setattr(bench, "require_limits", lambda *_: None)
    monkeypatch.setattr(bench, "find_dataset", lambda *_: dataset)
    monkeypatch.setattr(bench, "verify", lambda *_: None)
    monkeypatch.setattr(bench, "require_engines", lambda *_, **__: None)
    monkeypatch.setattr(bench, "build_workload", lambda *_: workload)
    return seen


def run(
    settings: Settings,
    folder: Path,
    scenario: str = "P1",
    *,
    levels: tuple[int, ...] = LEVELS,
    host_bytes: int = 4 * GIB,
    bisects: bool = False,
    repetitions: int = 1,
) -> GradientResult:
    base = make_plan(
        profile="tiny-2d",
        dataset_seed=42,
        scenarios=[SCENARIOS[scenario]],
        questions=[work.question for work in make_workload(folder).work],
        protocol=Protocol(warmup=0, runs=3, variants=2),
        repetitions=repetitions,
    )
    plan = make_gradient_plan(
        base, scale_name="tiny", host_bytes=host_bytes, levels=levels, bisects=bisects
    )
    return run_gradient(
        plan, Harness(settings=settings, choice=ServiceChoice(provider=Provider.LOCAL))
    )


def need(least_bytes: int, error: Exception) -> Callable[[FakeRunner, int, bool], None]:
    """A server that does not come up below so much RAM."""

    def check(_runner: FakeRunner, ram_bytes: int, _fresh: bool) -> None:
        if ram_bytes < least_bytes:
            raise error

    return check


def test_a_store_on_disk_is_loaded_once_and_measured_on_new_servers(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    done = run(settings, tmp_path)
    fresh = [ram for ram, is_fresh in opened.starts if is_fresh]
    used = [ram for ram, is_fresh in opened.starts if not is_fresh]
    assert fresh == [256 * MIB]
    assert used == list(LEVELS[: len(used)])
    assert opened.drops == len(used)
    first, *rest = done.cells
    assert first.result.load is not None
    assert {record.loaded_in_cell for record in done.cells} == {"tiny-2d.P1.0.25g.r1"}
    assert all(record.caches_dropped for record in done.cells)
    assert all(record.result.load is None for record in rest)
    assert all(record.result.is_ok for record in done.cells)


def test_a_store_in_memory_is_loaded_at_every_level(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    done = run(settings, tmp_path, "F1")
    assert [is_fresh for _, is_fresh in opened.starts] == [True] * len(done.cells)
    assert {record.loaded_in_cell for record in done.cells} == {None}
    assert all(record.result.load is not None for record in done.cells)


@pytest.mark.parametrize("scenario", ["F2", "M2"])
def test_one_side_in_memory_is_enough_to_load_both_again(scenario: str) -> None:
    assert not kept_store.keeps_store(SCENARIOS[scenario])
    assert kept_store.keeps_store(SCENARIOS["O2"])


def test_a_load_that_died_is_done_anew_at_the_next_level(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    opened.on_runner = need(512 * MIB, OutOfMemory("the kernel ended the server"))
    done = run(settings, tmp_path)
    fresh = [ram for ram, is_fresh in opened.starts if is_fresh]
    assert fresh == [256 * MIB, 512 * MIB]
    [found] = done.record.scenarios
    assert found.levels[0].failure == "oom start"
    assert found.findings.least == Bracket(failed_at=256 * MIB, passed_at=512 * MIB)
    assert done.is_ok


def test_a_server_that_does_not_start_on_a_loaded_store_leaves_it_for_the_next_level(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    def fail_to_come_back(_runner: FakeRunner, ram_bytes: int, fresh: bool) -> None:
        if ram_bytes == 256 * MIB and not fresh:
            raise ServiceUnavailable("shared_buffers do not fit")

    opened.on_runner = fail_to_come_back
    done = run(settings, tmp_path)
    assert [ram for ram, is_fresh in opened.starts if is_fresh] == [256 * MIB]
    [found] = done.record.scenarios
    assert found.levels[0].failure == "no start"
    assert done.cells[0].result.reason == "shared_buffers do not fit"
    assert found.levels[1].failure is None


def test_below_the_level_that_loaded_it_a_store_is_loaded_again(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    """That a level is enough says that the data can be loaded there, too."""
    run(settings, tmp_path, levels=(256 * MIB,), bisects=True)
    assert opened.starts == [
        (size, is_fresh)
        for size in (256 * MIB, 128 * MIB, 64 * MIB, 32 * MIB)
        for is_fresh in (True, False)
    ]


def test_a_store_with_wrong_counts_is_not_kept(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    def lose_a_sample(runner: FakeRunner, ram_bytes: int, fresh: bool) -> None:
        if ram_bytes == 256 * MIB and not fresh:
            runner.stored = type(runner.stored)(samples=1)

    opened.on_runner = lose_a_sample
    run(settings, tmp_path)
    fresh = [ram for ram, is_fresh in opened.starts if is_fresh]
    assert fresh[:2] == [256 * MIB, 512 * MIB]


def test_every_decision_is_written_with_its_reason(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    opened.on_runner = need(GIB, QueryRefused("maxmemory"))
    done = run(settings, tmp_path, "F1", levels=(*LEVELS, 8 * GIB))
    written = read_gradient(done.folder)
    assert written == done.record
    kinds = [(decision.kind, decision.ram_bytes) for decision in written.decisions]
    assert kinds[0] == ("skip", 8 * GIB)
    assert kinds[1:4] == [("measure", level) for level in LEVELS[:3]]
    assert kinds[-1] == ("end", None)
    assert written.decisions[0].reason == ("8 GiB is more than the memory of this machine, 4 GiB")
    assert written.decisions[2].reason == "no start at 0.25 GiB"
    campaign = read_campaign(done.folder)
    assert campaign.graph_share == 0.5
    assert campaign.gradient is not None
    assert campaign.gradient.scenarios[0].levels_bytes == LEVELS
    assert [cell.cell for cell in campaign.cells] == [record.cell for record in done.cells]
    for planned in campaign.cells:
        record = read_cell(done.folder / "cells" / f"{planned.cell}.json")
        assert record.fingerprint == planned.fingerprint


def test_a_wrong_answer_ends_an_escalation(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    opened.answers = {key: rows[:1] for key, rows in opened.answers.items()}
    done = run(settings, tmp_path, "F1")
    assert len(done.cells) == 1
    assert not done.is_ok
    [found] = done.record.scenarios
    assert str(found.end).startswith("wrong answer Q1 +1 at 0.25 GiB")


def test_nothing_enough_is_no_success(settings: Settings, tmp_path: Path, opened: Opened) -> None:
    opened.on_runner = need(3 * GIB, OutOfMemory("the kernel ended the server"))
    done = run(settings, tmp_path, "F1", bisects=True)
    assert not done.is_ok
    [found] = done.record.scenarios
    assert found.findings.least == Bracket(failed_at=2 * GIB, passed_at=None)
    assert len(done.cells) == 4


def test_the_budget_is_split_over_two_servers(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    run(settings, tmp_path, "O2", levels=(GIB,))
    assert opened.limits[0] == {"oxigraph": 512 * MIB, "postgresql": 512 * MIB}


def test_a_level_is_repeated_until_it_fails(
    settings: Settings, tmp_path: Path, opened: Opened
) -> None:
    starts: list[int] = []

    def fail_the_second(_runner: FakeRunner, ram_bytes: int, _fresh: bool) -> None:
        starts.append(ram_bytes)
        if len(starts) == 2:
            raise OutOfMemory("the kernel ended the server")

    opened.on_runner = fail_the_second
    done = run(settings, tmp_path, "F1", levels=LEVELS[:2], repetitions=3)
    assert [record.cell for record in done.cells] == [
        *("tiny-2d.F1.0.25g.r1", "tiny-2d.F1.0.25g.r2"),
        *("tiny-2d.F1.0.5g.r1", "tiny-2d.F1.0.5g.r2", "tiny-2d.F1.0.5g.r3"),
    ]
    assert [level.failure for level in done.record.scenarios[0].levels] == ["oom start", None]


def test_a_server_at_a_url_cannot_be_limited() -> None:
    choice = ServiceChoice(urls={"oxigraph": "http://127.0.0.1:7878"})
    with pytest.raises(UsageError, match="Oxigraph runs at a URL, where btb cannot limit its RAM"):
        require_limits([SCENARIOS["O1"]], choice)


def test_a_machine_with_none_of_the_levels_is_told_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="more than the memory of this machine, 1 GiB; give a low"):
        run(settings, tmp_path, levels=(2 * GIB,), host_bytes=GIB)


def test_automatic_levels_follow_the_data_and_begin_below_what_is_needed(tmp_path: Path) -> None:
    base = make_plan(
        profile="small-2d",
        dataset_seed=42,
        scenarios=[SCENARIOS["P1"], SCENARIOS["F1"]],
        questions=[work.question for work in make_workload(tmp_path).work],
        protocol=Protocol(warmup=0, runs=3, variants=2),
    )
    counts = Counts(nodes={"Point": 13_490}, edges={"FEEDS": 17_397}, samples=3_646_785)
    plan = make_gradient_plan(base, scale_name="small", host_bytes=24 * GIB, counts=counts)
    p1, f1 = (planned.controller.levels for planned in plan.scenarios)
    assert p1 == (128 * MIB, 256 * MIB, 512 * MIB, GIB, 2 * GIB)
    assert f1 == (32 * MIB, 64 * MIB, 128 * MIB, 256 * MIB, 512 * MIB)


def test_without_levels_it_begins_at_the_minimum_of_the_scale(tmp_path: Path) -> None:
    base = make_plan(
        profile="small-2d",
        dataset_seed=42,
        scenarios=[SCENARIOS["P1"]],
        questions=[work.question for work in make_workload(tmp_path).work],
        protocol=Protocol(warmup=0, runs=3, variants=2),
    )
    plan = make_gradient_plan(base, scale_name="small", host_bytes=5 * GIB)
    assert plan.scenarios[0].controller.levels == (*LEVELS, 4 * GIB)
