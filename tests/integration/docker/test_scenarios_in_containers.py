"""Every scenario in containers: loaded, counted, answering right, with its limit's settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.bolt_client import open_driver
from basetype_benchmark.infrastructure.clients.falkordb_client import connect as connect_falkordb
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.falkordb_settings import falkordb_settings
from basetype_benchmark.loaders.base import StoreLoad
from basetype_benchmark.progress import SILENT
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from tests.conformance.answers import TOY_DAYS, wrong_answers
from tests.conformance.bench import Bench
from tests.toy import build_toy

pytestmark = pytest.mark.servers

RUN_HERE = ("P1", "P2", "O1", "O2", "F1", "F2", "A1", "A2")
WITH_SERIES_IN_POSTGRES = ("P1", "P2", "O2", "F2", "A2")
RAM_BYTES = 512 * MIB
CPU_COUNT = len(os.sched_getaffinity(0))
TIMEOUT_S = 60.0
DEADLINE_S = 300.0


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy", days=TOY_DAYS)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, images: Mapping[str, str]) -> Iterator[Bench]:
    """Containers, each started when it is first asked for, and limited."""
    choice = ServiceChoice(provider=Provider.DOCKER, images=images)
    folder = tmp_path_factory.mktemp("contained")
    with Bench(folder, timeout_s=TIMEOUT_S, choice=choice, ram_bytes=RAM_BYTES) as bench:
        yield bench


@pytest.fixture(scope="module")
def served(bench: Bench) -> Mapping[str, Service]:
    """One service of every engine."""
    return {
        engine: service
        for scenario in RUN_HERE
        for engine, service in bench.services(SCENARIOS[scenario]).items()
    }


def hold(bench: Bench, scenario_id: str, dataset: Dataset) -> BenchmarkRunner:
    return bench.hold(SCENARIOS[scenario_id], dataset)


@pytest.mark.parametrize("scenario_id", RUN_HERE)
def test_a_scenario_holds_the_toy_building_and_answers_all_questions(
    scenario_id: str, bench: Bench, week: Dataset
) -> None:
    runner = hold(bench, scenario_id, week)
    counts = week.manifest.counts
    stored = runner.verify_counts().values()
    assert [store.nodes for store in stored if store.nodes is not None] == [counts.nodes]
    assert [store.samples for store in stored if store.samples is not None] == [counts.samples]
    assert wrong_answers(runner) == {}


@pytest.mark.parametrize("scenario_id", WITH_SERIES_IN_POSTGRES)
def test_the_series_is_a_hypertable_and_the_result_says_so(
    scenario_id: str, bench: Bench, week: Dataset
) -> None:
    runner = hold(bench, scenario_id, week)
    assert " + TimescaleDB 2." in runner.store_versions()["postgresql"]
    assert runner.store_versions()["postgresql"].endswith(" (Apache)")
    details = load_again(runner)["postgresql"].details
    assert details["series_table"] == "hypertable, 7 chunks of one day, 0 of them compressed"
    assert details["timescaledb"].startswith("Apache edition; without compression, ")
    assert rows_of(bench, _CHUNKS) == [(TOY_DAYS, TOY_DAYS, week.manifest.counts.samples)]


_CHUNKS = """
SELECT
    count(*),
    count(*) FILTER (WHERE i.indexdef LIKE '%(point_id, "time")%' AND s.relallvisible > 0),
    sum(s.reltuples)::bigint
FROM timescaledb_information.chunks AS c
JOIN pg_indexes AS i ON i.schemaname = c.chunk_schema AND i.tablename = c.chunk_name
JOIN pg_class AS s ON s.oid = format('%I.%I', c.chunk_schema, c.chunk_name)::regclass
WHERE c.hypertable_schema = 'btb' AND c.hypertable_name = 'sample'
"""
"""Chunks, those with our index alone that are frozen, and the rows that the planner knows of."""


def test_a_window_is_read_from_the_chunks_it_touches(bench: Bench, week: Dataset) -> None:
    hold(bench, "P1", week)
    plan = rows_of(
        bench,
        "EXPLAIN SELECT time_bucket('1 hour', time) AS hour, avg(value) FROM sample "
        "WHERE point_id = 'x' AND time >= '2024-01-02' AND time < '2024-01-04' GROUP BY hour",
    )
    read = {word for (line,) in plan for word in line.split() if word.endswith("_chunk")}
    assert len(read) == 2


def test_time_bucket_is_the_one_of_timescaledb(bench: Bench, week: Dataset) -> None:
    hold(bench, "P1", week)
    [(owner,)] = rows_of(
        bench,
        "SELECT DISTINCT e.extname FROM pg_proc AS p JOIN pg_depend AS d ON d.objid = p.oid "
        "JOIN pg_extension AS e ON e.oid = d.refobjid "
        "WHERE p.oid = 'time_bucket(interval, timestamptz)'::regprocedure",
    )
    assert owner == "timescaledb"


def test_the_size_of_a_store_counts_the_chunks_once(bench: Bench, week: Dataset) -> None:
    runner = hold(bench, "P2", week)
    size = load_again(runner)["postgresql"].size_bytes
    [(expected,)] = rows_of(
        bench,
        "SELECT hypertable_size('sample') + pg_total_relation_size('entity')",
    )
    assert size == expected


def test_no_chunk_is_left_of_what_is_cleared(bench: Bench, week: Dataset) -> None:
    runner = hold(bench, "P1", week)
    runner.clear_data()
    left = rows_of(bench, "SELECT count(*) FROM timescaledb_information.chunks")
    bench.release()
    assert left == [(0,)]


def test_postgres_has_the_settings_of_its_limit(served: Mapping[str, Service]) -> None:
    service = served["postgresql"]
    with connect(service.endpoint) as connection:
        applied = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
        assert connection.execute("SHOW shared_buffers").fetchone() == ("128MB",)
        assert connection.execute("SHOW work_mem").fetchone() is not None
        assert applied["shared_preload_libraries"] == "timescaledb"
        assert applied["data_checksums"] == "on"
        for setting in service.settings:
            shown = connection.execute(f"SHOW {setting.name}").fetchone()
            assert shown is not None
            assert same_value(shown[0], setting.value), setting.name


def same_value(shown: str, given: str) -> bool:
    """Whether two ways of writing a setting mean the same: ``1GB`` and ``1024MB``."""
    units = {"MB": 1, "GB": 1024}
    if shown[-2:] in units and given[-2:] in units:
        return int(shown[:-2]) * units[shown[-2:]] == int(given[:-2]) * units[given[-2:]]
    return shown == given


def test_falkordb_has_the_settings_of_its_limit(served: Mapping[str, Service]) -> None:
    service = served["falkordb"]
    client = connect_falkordb(service.endpoint, patience_s=10)
    try:
        server = client.config_get("*")
        module = dict(client.execute_command("GRAPH.CONFIG", "GET", "*"))
    finally:
        client.close()
    given = {s.name: s.value for s in service.settings}
    assert given == {s.name: s.value for s in falkordb_settings(RAM_BYTES, CPU_COUNT)}
    assert server["maxmemory"] == str(int(given["maxmemory"].removesuffix("mb")) * MIB)
    assert server["save"] == ""
    for name in ("maxmemory-policy", "appendonly", "shutdown-on-sigterm", "rdbcompression"):
        assert server[name] == given[name]
    for name in ("QUERY_MEM_CAPACITY", "THREAD_COUNT", "TIMEOUT_DEFAULT"):
        assert str(module[name]) == given[name]
    assert module["RESULTSET_SIZE"] == -1, "the image's limit of an answer still holds"


def test_arcadedb_runs_with_the_heap_of_its_limit(served: Mapping[str, Service]) -> None:
    """Its Bolt interface tells no setting: what is held is seen from outside."""
    service = served["arcadedb"]
    given = {s.name: s.value for s in service.settings}
    assert given["-Xmx"] == "256m"
    with open_driver(service.endpoint, connect_timeout_s=10) as driver:
        driver.execute_query("RETURN 1")
    meter = service.open_meter()
    try:
        held = meter.read().memory_bytes
    finally:
        meter.close()
    assert held is not None
    assert 128 * MIB < held <= RAM_BYTES


@pytest.mark.thorough
def test_a_store_outlives_its_container(
    images: Mapping[str, str], tmp_path: Path, week: Dataset
) -> None:
    choice = ServiceChoice(provider=Provider.DOCKER, images=images)
    with Bench(tmp_path, timeout_s=TIMEOUT_S, choice=choice, ram_bytes=RAM_BYTES) as bench:
        for scenario_id in ("P1", "O1", "F1", "A1"):
            scenario = SCENARIOS[scenario_id]
            hold(bench, scenario_id, week)
            bench.stop(scenario)
            with bench.connect(scenario, week) as runner:
                runner.verify_counts()


@pytest.mark.parametrize("scenario_id", ["F2", pytest.param("P1", marks=pytest.mark.thorough)])
def test_the_command_line_validates_a_dataset_in_containers(
    scenario_id: str, images: Mapping[str, str], tmp_path: Path
) -> None:
    engines = {"P1": ("postgresql",), "F2": ("falkordb", "postgresql")}[scenario_id]
    taken = [part for e in engines for part in ("--image", f"{e}={images[e]}")]
    btb(tmp_path, "dataset", "generate", "tiny-2d")
    said = btb(
        tmp_path, "validate", "tiny-2d", "--scenarios", scenario_id,
        "--provider", "docker", *taken, "--json",
    )  # fmt: skip
    [cell] = said["scenarios"]
    assert said["is_ok"]
    assert "TimescaleDB" in json.dumps(cell)


def btb(home: Path, *arguments: str) -> Any:
    command = (sys.executable, "-m", "basetype_benchmark", *arguments, "--home", str(home))
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=DEADLINE_S)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if "--json" in arguments else None


def load_again(runner: BenchmarkRunner) -> Mapping[str, StoreLoad]:
    runner.clear_data()
    return runner.load_stores(SILENT)


def rows_of(bench: Bench, query: str) -> list[tuple[Any, ...]]:
    """Ask PostgreSQL, which is the same server for all scenarios."""
    service = bench.services(SCENARIOS["P1"])["postgresql"]
    with connect(service.endpoint) as connection:
        return connection.execute(query.encode()).fetchall()
