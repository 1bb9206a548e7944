"""What a campaign on a real PostgreSQL says of its resources, against what the kernel says."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.monitoring.reading_budget import LEAST_READ
from basetype_benchmark.benchmark.monitoring.resource_use import CellUse, SourceUse
from basetype_benchmark.benchmark.monitoring.resources_io import (
    RESOURCES_FILE,
    RESOURCES_SCHEMA,
    read_readings,
)
from basetype_benchmark.benchmark.monitoring.sampling_thread import NAME, SamplingThread
from basetype_benchmark.benchmark.monitoring.source_recorder import MeteredSource
from basetype_benchmark.benchmark.resource_monitor import ResourceMonitor
from basetype_benchmark.benchmark.resources import COUNTERS
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.runners.postgres import PostgresRunner
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.benchmark import run_campaign
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.plans.campaign_plan import quick_campaign
from basetype_benchmark.workflows.plans.plan import make_plan
from tests.integration.probe import connect_postgres
from tests.toy import build_toy

pytestmark = pytest.mark.servers

QUERIES = ("Q1", "Q7", "Q12")
PROTOCOL = Protocol(warmup=1, runs=20, variants=2)
PHASES = ["clear", "load", "count", "warm-up", "measure"]
SOURCES = {"postgresql", "harness", "host"}


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A campaign of two cells and its readings."""

    cells: tuple[CellRecord, ...]
    readings: pa.Table

    def rows(self, cell: CellRecord, source: str, phase: str) -> list[dict[str, int]]:
        return [
            row
            for row in self.readings.to_pylist()
            if (row["cell"], row["source"], row["phase"]) == (cell.cell, source, phase)
        ]


def run(home: Path) -> Finished:
    build_toy(home / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    plan = make_plan(
        profile="tiny-2d",
        dataset_seed=42,
        scenarios=[SCENARIOS["P1"]],
        questions=[find_question(query) for query in QUERIES],
        protocol=PROTOCOL,
        repetitions=2,
    )
    choice = ServiceChoice(provider=Provider.LOCAL)
    campaign = run_campaign(
        quick_campaign(plan), Harness(settings=Settings(home=home), choice=choice)
    )
    assert campaign.is_ok
    return Finished(cells=campaign.cells, readings=read_readings(campaign.folder / RESOURCES_FILE))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return run(tmp_path_factory.mktemp("home"))


def uses(finished: Finished) -> Iterator[tuple[CellRecord, CellUse]]:
    for cell in finished.cells:
        assert cell.result.resources is not None
        yield cell, cell.result.resources


def the(use: CellUse, phase: str, source: str) -> SourceUse:
    found = use.find(phase, source)
    assert found is not None
    return found


def test_every_phase_and_source_of_every_cell_is_there(finished: Finished) -> None:
    for _, use in uses(finished):
        assert [phase.phase for phase in use.phases] == PHASES
        assert all({s.source for s in phase.sources} == SOURCES for phase in use.phases)
        assert {meter.source for meter in use.meters} == SOURCES
        begins = [phase.begin_ns for phase in use.phases]
        ends = [phase.begin_ns + phase.elapsed_ns for phase in use.phases]
        assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))


def test_the_load_is_seen(finished: Finished) -> None:
    for cell, use in uses(finished):
        load = the(use, "load", "postgresql")
        phase = next(p for p in use.phases if p.phase == "load")
        assert cell.result.load is not None
        assert phase.elapsed_ns >= cell.result.load.elapsed_ns
        assert load.is_whole
        assert 1_000_000 < load.cpu_ns < os.cpu_count() * phase.elapsed_ns
        assert load.counter_restarts == 0


@pytest.mark.root
def test_the_memory_of_the_load_is_seen(finished: Finished) -> None:
    for _, use in uses(finished):
        load = the(use, "load", "postgresql")
        assert load.memory_peak_bytes > 5 * MIB
        assert load.memory_peak_bytes >= max(load.memory_begin_bytes, load.memory_end_bytes)


@pytest.mark.root  # elsewhere CPU time is known by the tick alone
def test_the_cpu_time_of_queries_is_seen_and_is_part_of_that_of_the_phase(
    finished: Finished,
) -> None:
    for cell, use in uses(finished):
        by_source: dict[str, int] = defaultdict(int)
        for query in cell.result.queries:
            assert {u.source for u in query.resources} == {"postgresql", "harness"}
            for of_query in query.resources:
                assert LEAST_READ <= of_query.executions <= PROTOCOL.runs * PROTOCOL.variants
                by_source[of_query.source] += of_query.cpu_ns or 0
        for source, cpu_ns in by_source.items():
            measured = the(use, "measure", source).cpu_ns
            assert measured is not None
            assert 0 < cpu_ns <= measured


def test_the_readings_agree_with_what_the_result_says(finished: Finished) -> None:
    assert finished.readings.schema.equals(RESOURCES_SCHEMA)
    for cell, use in uses(finished):
        for phase in use.phases:
            for source in phase.sources:
                rows = finished.rows(cell, source.source, phase.phase)
                assert [rows[0]["moment"], rows[-1]["moment"]] == ["begin", "end"]
                times = [row["t_ns"] for row in rows]
                assert times == sorted(times)
                assert times[0] <= phase.begin_ns
                assert times[-1] >= phase.begin_ns + phase.elapsed_ns
                for name in COUNTERS:
                    first, last = rows[0][name], rows[-1][name]
                    expected = None if None in (first, last) else last - first
                    assert getattr(source, name) == expected
                assert source.memory_end_bytes == rows[-1]["memory_bytes"]
                held = [r["memory_bytes"] for r in rows if r["memory_bytes"] is not None]
                assert source.memory_peak_bytes is None or source.memory_peak_bytes >= max(held)


def test_readings_are_taken_at_the_rate_that_is_told(finished: Finished) -> None:
    for cell, use in uses(finished):
        for phase in use.phases:
            for source in phase.sources:
                rows = finished.rows(cell, source.source, phase.phase)
                moments = (rows[-1]["t_ns"] - rows[0]["t_ns"]) / use.interval_ns
                assert abs(source.readings_expected - moments) <= 1
                # The last moment may fall to the reading at the end.
                timed = sum(row["moment"] == "timed" for row in rows)
                assert timed <= source.readings_taken <= timed + 1
                assert source.readings_taken <= source.readings_expected


def test_the_host_holds_and_uses_more_than_the_server_and_the_harness(finished: Finished) -> None:
    cpu_ns: dict[str, int] = defaultdict(int)
    for _, use in uses(finished):
        host, server = the(use, "measure", "host"), the(use, "measure", "postgresql")
        harness = the(use, "measure", "harness")
        assert host.memory_end_bytes > server.anonymous_end_bytes + harness.anonymous_end_bytes
        for phase in use.phases:
            for source in phase.sources:
                cpu_ns[source.source] += source.cpu_ns or 0
    # By whole ticks of the clock on each CPU, so that the host's count is coarse.
    assert cpu_ns["host"] > 0.5 * (cpu_ns["postgresql"] + cpu_ns["harness"])


def test_energy_is_told_for_all_phases_or_for_none(finished: Finished) -> None:
    for _, use in uses(finished):
        assert len({phase.package_energy_j is None for phase in use.phases}) == 1


@contextmanager
def watching(service: LocalService) -> Iterator[ResourceMonitor]:
    """Watch a running server, with many readings in between."""
    with closing(service.open_meter()) as meter:
        source = MeteredSource(name="postgresql", meter=meter)
        monitor = ResourceMonitor([source], interval_ns=20_000_000, reading_share=float("inf"))
        with SamplingThread(monitor.read_due):
            yield monitor


@pytest.mark.root  # elsewhere CPU time is known by the tick alone
def test_the_cost_of_a_query_is_its_own_although_it_alternates_with_another(
    postgres_service: LocalService,
) -> None:
    texts = {"heavy": "SELECT sum(n) FROM generate_series(1, 1000000) n", "light": "SELECT 1"}
    elapsed_ns = dict.fromkeys(texts, 0)
    with connect_postgres(postgres_service.endpoint) as connection:
        with watching(postgres_service) as monitor, monitor.phase("measure"):
            for turn in range(20):
                for query in sorted(texts, reverse=bool(turn % 2)):
                    monitor.begin_execution(query)
                    begin_ns = time.perf_counter_ns()
                    connection.execute(texts[query]).fetchall()
                    elapsed_ns[query] += time.perf_counter_ns() - begin_ns
                    monitor.end_execution(query)
        [heavy], [light] = monitor.query_use("heavy"), monitor.query_use("light")
    assert heavy.executions == light.executions == 20
    assert heavy.cpu_ns > 20 * light.cpu_ns > 0
    # One backend works; the others of the server hardly do.
    assert heavy.cpu_ns < 1.2 * elapsed_ns["heavy"]
    measured = the(monitor.result(), "measure", "postgresql")
    assert heavy.cpu_ns + light.cpu_ns <= measured.cpu_ns


@pytest.mark.root
def test_memory_that_a_query_holds_for_a_moment_is_in_the_peak_of_its_phase_alone(
    postgres_service: LocalService,
) -> None:
    with connect_postgres(postgres_service.endpoint) as connection:
        connection.execute("SET work_mem = '256MB'")
        with watching(postgres_service) as monitor:
            with monitor.phase("sort"):
                connection.execute(
                    "SELECT count(*) FROM (SELECT repeat('x', 200) || n AS t "
                    "FROM generate_series(1, 150000) n ORDER BY 1 DESC OFFSET 1) s"
                ).fetchall()
            with monitor.phase("rest"):
                connection.execute("SELECT 1").fetchall()
    sort = the(monitor.result(), "sort", "postgresql")
    rest = the(monitor.result(), "rest", "postgresql")
    assert sort.memory_peak_bytes > sort.memory_begin_bytes + 30 * MIB
    assert sort.anonymous_peak_bytes > 30 * MIB
    if rest.memory_peak_is_exact:
        assert sort.memory_peak_bytes > rest.memory_peak_bytes + 20 * MIB


def test_no_thread_is_left_after_a_campaign(finished: Finished) -> None:
    assert len(finished.cells) == 2
    assert [thread for thread in threading.enumerate() if thread.name == NAME] == []


def test_no_thread_is_left_when_a_cell_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def interrupt(*_: object) -> None:
        threads.append(len([t for t in threading.enumerate() if t.name == NAME]))
        raise KeyboardInterrupt

    monkeypatch.setattr(PostgresRunner, "execute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    assert threads[0] >= 1
    assert [thread for thread in threading.enumerate() if thread.name == NAME] == []
