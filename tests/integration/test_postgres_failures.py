"""PostgreSQL that is slow, stuck, killed or full: one clear error, and back to work after it."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import DAY, EDGE_SCHEMA, EPOCH, NODE_SCHEMA, SERIES_SCHEMA
from basetype_benchmark.dataset.parts import SeriesPart
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import write_dataset
from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    DiskFull,
    LoadError,
    LoadingStalled,
    LoadingTimeout,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.loaders.base import LoadLimits, check_counts
from basetype_benchmark.loaders.postgres.document import DOCUMENTS
from basetype_benchmark.loaders.postgres.graph_and_series import GraphLayout, PostgresLoader
from basetype_benchmark.loaders.postgres.relational import RELATIONAL
from basetype_benchmark.loaders.postgres.series import SeriesLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import BoundText
from basetype_benchmark.runners.postgres_session import PostgresSession
from basetype_benchmark.units import MIB
from tests.fakes import DoOnFirstAdvance
from tests.toy import build_toy

pytestmark = pytest.mark.servers

QUESTION = find_question("Q6")
ONE = BoundText(text="SELECT 1 AS one")
LAYOUTS = pytest.mark.parametrize("layout", [RELATIONAL, DOCUMENTS], ids=lambda x: x.scenario)
SLEEP = BoundText(text="SELECT count(*) FROM generate_series(1, 1e9::bigint)")


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A server of this module's own, which its tests may kill."""
    data_dir = tmp_path_factory.mktemp("fragile") / "postgresql"
    with open_postgres(data_dir, ram_bytes=256 * MIB) as service:
        yield service


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture
def session(fragile: LocalService) -> Iterator[PostgresSession]:
    session = PostgresSession(fragile, timeout_s=0.5)
    session.open()
    yield session
    session.close()


def count_crashes(service: LocalService) -> int:
    """Count how often the server ended all sessions because a process of it was killed."""
    return service.log_file.read_text().count("all server processes terminated")


def backends(service: LocalService, name: str) -> list[int]:
    """Processes that serve connections of that name."""
    with connect(service.endpoint, name="test") as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = %s", (name,)
        ).fetchall()
    return [pid for (pid,) in rows]


def why_active(service: LocalService) -> str | None:
    with connect(service.endpoint, name="test") as connection:
        row = connection.execute(
            "SELECT query FROM pg_stat_activity WHERE application_name = 'btb query' "
            "AND state = 'active'"
        ).fetchone()
    return None if row is None else f"still runs {row[0]}"


def assert_one_line(error: BenchmarkError) -> None:
    assert str(error)
    assert "\n" not in str(error)


def test_a_query_over_its_time_is_ended_on_the_server(
    session: PostgresSession, fragile: LocalService
) -> None:
    with pytest.raises(QueryTimeout) as caught:
        session.execute(QUESTION, SLEEP)
    assert_one_line(caught.value)
    assert why_active(fragile) is None
    assert session.execute(QUESTION, ONE).rows == [(1,)]
    session.recover()
    assert session.execute(QUESTION, ONE).rows == [(1,)]


def test_a_process_that_is_stuck_does_not_hang_us_and_is_ended_by_recovery(
    session: PostgresSession, fragile: LocalService
) -> None:
    (stuck,) = backends(fragile, "btb query")
    os.kill(stuck, signal.SIGSTOP)
    resume = threading.Timer(3.5, os.kill, (stuck, signal.SIGCONT))
    try:
        start = time.monotonic()
        with pytest.raises(DeadlinePassed):
            session.execute(QUESTION, ONE)
        assert time.monotonic() - start < 3.4
        resume.start()
        session.recover()
    finally:
        resume.cancel()
        with suppress(ProcessLookupError):
            os.kill(stuck, signal.SIGCONT)
    assert session.execute(QUESTION, ONE).rows == [(1,)]
    assert stuck not in backends(fragile, "btb query")


def test_a_killed_process_is_a_died_server_and_recovery_reconnects(
    session: PostgresSession, fragile: LocalService
) -> None:
    (victim,) = backends(fragile, "btb query")
    kill = threading.Timer(0.2, os.kill, (victim, signal.SIGKILL))
    kill.start()
    with pytest.raises(ServerDied, match="one of its processes was killed") as caught:
        session.execute(QUESTION, SLEEP)
    assert_one_line(caught.value)
    with pytest.raises(ServerDied):
        session.execute(QUESTION, ONE)
    session.recover()
    # A moment after the kill the server would still have let in a session that it then ended.
    end = time.monotonic() + 1
    while time.monotonic() < end:
        assert session.execute(QUESTION, ONE).rows == [(1,)]


def test_a_dead_server_is_restarted_by_recovery(
    session: PostgresSession, fragile: LocalService
) -> None:
    assert fragile.pid is not None
    os.kill(fragile.pid, signal.SIGKILL)
    wait_until(
        "the server is seen dead",
        lambda: None if fragile.why_dead() else "it runs",
        deadline_s=5,
    )
    session.recover()
    assert session.execute(QUESTION, ONE).rows == [(1,)]


def test_a_session_that_is_not_open_says_so(fragile: LocalService) -> None:
    session = PostgresSession(fragile, timeout_s=1)
    with pytest.raises(ServerDied, match="no connection"):
        session.execute(QUESTION, ONE)
    session.close()
    session.close()


@LAYOUTS
@pytest.mark.parametrize("task", ["graph", "series"])
def test_a_process_killed_in_the_middle_of_a_load(
    fragile: LocalService, toy: Dataset, layout: GraphLayout, task: str
) -> None:
    loader = PostgresLoader(fragile, layout)
    loader.clear()
    crashes = count_crashes(fragile)

    def kill() -> None:
        for pid in backends(fragile, "btb load"):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(ServerDied, match=f"phase '{task}'") as caught:
        loader.load(toy, DoOnFirstAdvance(kill, task=task))
    assert_one_line(caught.value)
    wait_until(
        "it ends all its sessions",
        lambda: None if count_crashes(fragile) > crashes else "it lets new ones in",
        deadline_s=20,
    )
    wait_until("it answers again", fragile.why_not_ready, deadline_s=20)
    loader.clear()
    loader.load(toy, SILENT)
    check_counts(layout.scenario, loader.count(), toy.manifest.counts)
    loader.clear()


def test_a_load_that_makes_no_progress_is_given_up(fragile: LocalService, toy: Dataset) -> None:
    loader = PostgresLoader(fragile, RELATIONAL, LoadLimits(stall_s=0.5))
    loader.clear()
    stopped: list[int] = []

    def stop() -> None:
        for pid in backends(fragile, "btb load"):
            os.kill(pid, signal.SIGSTOP)
            stopped.append(pid)

    try:
        with pytest.raises(LoadingStalled, match="phase 'series'") as caught:
            loader.load(toy, DoOnFirstAdvance(stop, task="series"))
        assert_one_line(caught.value)
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    loader.clear()


@LAYOUTS
def test_a_phase_over_its_limit_is_named(
    fragile: LocalService, toy: Dataset, layout: GraphLayout
) -> None:
    PostgresLoader(fragile, layout).clear()
    with pytest.raises(LoadingTimeout, match=r"phase 'graph( schema)?'") as caught:
        PostgresLoader(fragile, layout, LoadLimits(phase_s=0.001)).load(toy, SILENT)
    assert_one_line(caught.value)
    PostgresLoader(fragile, layout).clear()


@LAYOUTS
def test_loading_over_an_earlier_load_is_refused(
    fragile: LocalService, toy: Dataset, layout: GraphLayout
) -> None:
    loader = PostgresLoader(fragile, layout)
    loader.clear()
    loader.load(toy, SILENT)
    with pytest.raises(LoadError, match='"btb" already exists') as caught:
        loader.load(toy, SILENT)
    assert_one_line(caught.value)
    loader.clear()


@LAYOUTS
def test_clearing_twice_is_no_error(fragile: LocalService, layout: GraphLayout) -> None:
    loader = PostgresLoader(fragile, layout)
    loader.clear()
    loader.clear()


@pytest.mark.root
def test_a_full_disk_is_named_and_the_server_goes_on(
    tmp_path: Path, small_disk: Callable[[str], Path]
) -> None:
    dataset = write_bulky_dataset(tmp_path / "dataset")
    with open_postgres(small_disk("96m") / "postgresql", ram_bytes=256 * MIB) as service:
        loader = SeriesLoader(service)
        with pytest.raises(DiskFull, match="disk is full") as caught:
            loader.load(dataset, SILENT)
        assert_one_line(caught.value)
        loader.clear()
        assert service.why_not_ready() is None


def write_bulky_dataset(folder: Path) -> Dataset:
    """A million samples of one point: 50 MB as a table, and as much again with its index."""
    rows = 1_000_000
    times = np.int64(EPOCH.timestamp() * 1000) + np.arange(rows) * 86_399_999 // rows
    table = pa.table(
        {
            "time": pa.array(times).cast(SERIES_SCHEMA.field("time").type),
            "point_id": pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array(["p"])),
            "value": np.zeros(rows),
        }
    )
    return write_dataset(
        folder,
        profile="bulky-1d",
        seed=0,
        start=EPOCH,
        end=EPOCH + DAY,
        graph=Graph(nodes=NODE_SCHEMA.empty_table(), edges=EDGE_SCHEMA.empty_table(), ghosts=()),
        series=[SeriesPart(building_id="b01", day=EPOCH.date(), table=table)],
    )


def test_a_server_that_is_gone_is_one_clear_line(toy: Dataset, tmp_path: Path) -> None:
    with open_postgres(tmp_path / "postgresql", ram_bytes=256 * MIB) as service:
        assert service.pid is not None
        os.kill(service.pid, signal.SIGKILL)
        with pytest.raises(ServerDied) as caught:
            PostgresLoader(service, RELATIONAL).load(toy, SILENT)
        assert_one_line(caught.value)
