"""FalkorDB that is slow, stuck, full or killed: one clear error, and back to work after it."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from basetype_benchmark.config.scenarios import find_scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    LoadError,
    LoadingStalled,
    LoadingTimeout,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
    ServiceUnavailable,
    UsageError,
)
from basetype_benchmark.infrastructure.clients.falkordb_client import (
    GRAPH,
    FalkorClient,
    connect,
    send,
)
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.ports import pick_free_port
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.external_falkordb import open_external_falkordb
from basetype_benchmark.infrastructure.services.falkordb import SNAPSHOT, open_falkordb
from basetype_benchmark.loaders.base import LoadLimits, check_counts
from basetype_benchmark.loaders.falkordb import FalkorDBLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.statement import BoundText
from basetype_benchmark.runners.falkordb import FalkorDBSession
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.placement import Provider, ServiceChoice, require_engines
from tests.fakes import DoOnFirstAdvance
from tests.toy import build_toy

pytestmark = pytest.mark.servers

ONE = BoundText(text="RETURN 1 AS one")
POINTS = BoundText(text="MATCH (p:Point) RETURN count(p) AS n")
# FalkorDB looks at the clock between rows: this one has a thousand million million of them,
ENDLESS = BoundText(
    text=" ".join(f"UNWIND range(1, 100000) AS {i}" for i in "abc") + " RETURN count(a) AS n"
)
# and this one makes a single row, out of as many steps as nobody waits for.
NEVER_CANCELLED = BoundText(
    text="RETURN reduce(t = 0, x IN range(1, 30000) | "
    "t + reduce(s = 0, y IN range(1, 30000) | s + y)) AS n"
)


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A server of this module's own, which its tests may kill."""
    data_dir = tmp_path_factory.mktemp("fragile") / "falkordb"
    with open_falkordb(data_dir, ram_bytes=512 * MIB) as service:
        yield service


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture
def loaded(fragile: LocalService, toy: Dataset) -> LocalService:
    load_anew(fragile, toy)
    return fragile


def load_anew(service: Service, toy: Dataset) -> FalkorDBLoader:
    loader = FalkorDBLoader(service, with_chunks=True)
    loader.clear()
    loader.load(toy, SILENT)
    return loader


@contextmanager
def opened(service: Service, timeout_s: float) -> Iterator[FalkorDBSession]:
    session = FalkorDBSession(service, timeout_s=timeout_s)
    session.open()
    try:
        yield session
    finally:
        session.close()


def stop(service: LocalService, how: signal.Signals) -> None:
    assert service.pid is not None
    os.kill(service.pid, how)


def assert_one_line(error: BenchmarkError) -> None:
    assert str(error)
    assert "\n" not in str(error)


def test_a_query_that_the_server_cancels_is_a_timeout_and_the_server_stays(
    loaded: LocalService,
) -> None:
    pid = loaded.pid
    with opened(loaded, timeout_s=0.3) as session:
        with pytest.raises(QueryTimeout, match="FalkorDB cancelled it") as caught:
            session.select(ENDLESS)
        assert_one_line(caught.value)
        session.recover()
        assert session.select(ONE).rows == [(1,)]
    assert loaded.pid == pid


def test_a_query_that_we_give_up_is_ended_by_recovery_and_the_graph_is_there_again(
    loaded: LocalService, toy: Dataset
) -> None:
    pid = loaded.pid
    with opened(loaded, timeout_s=0.1) as session:
        with pytest.raises(DeadlinePassed) as caught:
            session.select(NEVER_CANCELLED)
        assert_one_line(caught.value)
        session.recover()
        assert session.select(POINTS).rows == [(toy.manifest.counts.nodes["Point"],)]
    assert loaded.pid != pid


def test_a_server_killed_in_a_query_is_a_died_server_and_recovery_brings_all_back(
    loaded: LocalService, toy: Dataset
) -> None:
    with opened(loaded, timeout_s=30) as session:
        kill = threading.Timer(0.2, stop, (loaded, signal.SIGKILL))
        kill.start()
        with pytest.raises(ServerDied, match="SIGKILL") as caught:
            session.select(NEVER_CANCELLED)
        assert_one_line(caught.value)
        with pytest.raises(ServerDied):
            session.select(ONE)
        session.recover()
        assert session.select(ONE).rows == [(1,)]
    check_counts("falkordb", FalkorDBLoader(loaded, with_chunks=True).count(), toy.manifest.counts)


def test_a_store_that_lost_its_data_refuses_and_never_answers_no_rows(
    loaded: LocalService,
) -> None:
    with opened(loaded, timeout_s=5) as session:
        stop(loaded, signal.SIGKILL)
        (loaded.data_dir / SNAPSHOT).unlink()
        with pytest.raises(ServerDied):
            session.select(POINTS)
        with pytest.raises(ServerDied, match="lost the graph; load it again") as caught:
            session.recover()
        assert_one_line(caught.value)
        with pytest.raises(QueryFailed, match="holds no graph"):
            session.select(POINTS)


def test_a_query_with_a_mistake_fails_with_the_servers_words(loaded: LocalService) -> None:
    with opened(loaded, timeout_s=5) as session:
        with pytest.raises(QueryFailed, match="Invalid input") as caught:
            session.select(BoundText(text="nonsense"))
        assert type(caught.value) is QueryFailed
        assert_one_line(caught.value)
        assert session.select(ONE).rows == [(1,)]


def test_a_query_that_writes_is_refused(loaded: LocalService) -> None:
    with opened(loaded, timeout_s=5) as session, pytest.raises(QueryFailed, match="read-only"):
        session.select(BoundText(text="MATCH (p:Point) DELETE p RETURN 1 AS one"))


def test_a_query_that_takes_too_much_memory_is_refused(loaded: LocalService) -> None:
    with opened(loaded, timeout_s=20) as session:
        hungry = "UNWIND range(1, 4000000) AS a WITH a ORDER BY a RETURN max(a) AS n"
        with pytest.raises(QueryRefused, match="QUERY_MEM_CAPACITY") as caught:
            session.select(BoundText(text=hungry))
        assert_one_line(caught.value)
        assert session.select(ONE).rows == [(1,)]


def test_a_connection_that_the_server_closed_meanwhile_is_opened_anew(
    loaded: LocalService,
) -> None:
    with opened(loaded, timeout_s=5) as session:
        loaded.restart()
        assert session.select(ONE).rows == [(1,)]


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    | st.sampled_from(["\\u0041", "\x01\x1f\x7f", '\\"', "`", "x" * 100_000, "$id"])
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats(-1e300, 1e300, allow_subnormal=False)
)
def test_any_value_goes_through_the_server_unchanged(
    fragile: LocalService, value: str | float
) -> None:
    client = FalkorClient(fragile, patience_s=10)
    client.write("MERGE (p:Probe)", "the probe")
    ((answered,),) = client.read("RETURN $id AS id", {"id": value}).rows
    client.close()
    if isinstance(value, float):
        assert answered == pytest.approx(value, rel=1e-14, abs=0)
    else:
        assert (type(answered), answered) == (type(value), value)


def test_a_text_with_a_null_character_is_refused_before_it_is_sent(loaded: LocalService) -> None:
    with opened(loaded, timeout_s=5) as session:
        by_id = BoundText(text="MATCH (p {id: $id}) RETURN p.id AS id", parameters={"id": "b01\0"})
        with pytest.raises(QueryFailed, match="no null character"):
            session.select(by_id)


def test_loading_twice_without_clearing_is_refused(loaded: LocalService, toy: Dataset) -> None:
    with pytest.raises(LoadError, match="phase 'nodes'") as caught:
        FalkorDBLoader(loaded, with_chunks=True).load(toy, SILENT)
    assert_one_line(caught.value)


def test_a_load_tells_its_phases_and_what_it_takes(loaded: LocalService, toy: Dataset) -> None:
    loader = FalkorDBLoader(loaded, with_chunks=True)
    loader.clear()
    load = loader.load(toy, SILENT)
    counts = toy.manifest.counts
    assert {phase.name: phase.items for phase in load.phases} == {
        "nodes": sum(counts.nodes.values()),
        "relationships": sum(counts.edges.values()),
        "chunks": counts.samples,
        "indexes": 9,
        "snapshot": None,
    }
    assert load.size_bytes == (loaded.data_dir / SNAPSHOT).stat().st_size
    assert int(load.details["memory_bytes"]) > load.size_bytes > 0


def test_clearing_leaves_nothing_even_after_a_crash(loaded: LocalService) -> None:
    loader = FalkorDBLoader(loaded, with_chunks=True)
    loader.clear()
    loaded.restart()
    counts = loader.count()
    assert (counts.nodes, counts.edges, counts.samples) == ({}, {}, 0)


def test_a_server_killed_in_the_middle_of_a_load_comes_back_empty(
    fragile: LocalService, toy: Dataset
) -> None:
    loader = FalkorDBLoader(fragile, with_chunks=True)
    loader.clear()
    with pytest.raises(ServerDied, match="phase '") as caught:
        loader.load(toy, DoOnFirstAdvance(lambda: stop(fragile, signal.SIGKILL)))
    assert_one_line(caught.value)
    fragile.restart()
    assert loader.count().nodes == {}
    check_counts("falkordb", load_anew(fragile, toy).count(), toy.manifest.counts)


@pytest.mark.parametrize(
    ("limits", "kind"),
    [(LoadLimits(stall_s=0.2), LoadingStalled), (LoadLimits(phase_s=0.2), LoadingTimeout)],
    ids=["stalled", "timeout"],
)
def test_a_server_that_takes_no_more_does_not_hang_the_load(
    fragile: LocalService, toy: Dataset, limits: LoadLimits, kind: type[BenchmarkError]
) -> None:
    FalkorDBLoader(fragile, with_chunks=True).clear()
    loader = FalkorDBLoader(fragile, with_chunks=True, limits=limits)
    try:
        with pytest.raises(kind, match="phase '") as caught:
            loader.load(toy, DoOnFirstAdvance(lambda: stop(fragile, signal.SIGSTOP)))
    finally:
        fragile.restart()
    assert type(caught.value) is kind
    assert_one_line(caught.value)


def test_a_store_that_is_full_refuses_the_load_and_still_answers(
    loaded: LocalService, toy: Dataset
) -> None:
    client = connect(loaded.endpoint, patience_s=5)
    _, as_it_was = send(client, "CONFIG", "GET", "maxmemory")
    send(client, "CONFIG", "SET", "maxmemory", "1mb")
    try:
        with opened(loaded, timeout_s=5) as session:
            assert session.select(POINTS).rows == [(toy.manifest.counts.nodes["Point"],)]
        with pytest.raises(
            LoadError, match=r"phase 'mark', was refused.* over its maxmemory"
        ) as caught:
            FalkorDBLoader(loaded, with_chunks=True).load(toy, SILENT)
        assert_one_line(caught.value)
    finally:
        send(client, "CONFIG", "SET", "maxmemory", as_it_was)
        client.close()


@pytest.mark.root
def test_a_snapshot_that_finds_no_space_is_told(
    toy: Dataset, small_disk: Callable[[str], Path]
) -> None:
    place = small_disk("8m")
    with open_falkordb(place / "falkordb") as service:
        with (place / "filler").open("wb") as filler:
            filler.write(bytes(shutil.disk_usage(place).free - 8192))
        loader = FalkorDBLoader(service, with_chunks=True)
        with pytest.raises(LoadError, match=r"phase 'snapshot'.*space") as caught:
            loader.load(toy, SILENT)
        assert_one_line(caught.value)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a server that somebody else runs."""
    port = pick_free_port()
    with open_falkordb(tmp_path / "falkordb", port=port):
        yield f"127.0.0.1:{port}"


def require(url: str) -> None:
    choice = ServiceChoice(provider=Provider.EXTERNAL, urls={"falkordb": url})
    require_engines([find_scenario("F1")], choice)


def test_what_others_keep_under_our_key_is_not_deleted_without_being_told(
    address: str, toy: Dataset
) -> None:
    url = f"redis://{address}"
    require(url)
    with open_external_falkordb(url) as service:
        client = connect(service.endpoint, patience_s=5)
        send(client, "GRAPH.QUERY", GRAPH, "CREATE (:Theirs)")
        send(client, "GRAPH.QUERY", "another", "CREATE (:Theirs)")
        with pytest.raises(UsageError, match=f"'{GRAPH}'.* would delete") as caught:
            require(url)
        assert_one_line(caught.value)
        loader = load_anew(service, toy)
        check_counts("falkordb", loader.count(), toy.manifest.counts)
        require(url)
        loader.clear()
        assert send(client, "KEYS", "*") == ["another"]
        client.close()


def test_an_external_server_gets_no_snapshot_and_is_not_restarted(
    address: str, toy: Dataset
) -> None:
    with open_external_falkordb(f"redis://{address}") as service:
        loader = FalkorDBLoader(service, with_chunks=True)
        load = loader.load(toy, SILENT)
        assert "snapshot" not in [phase.name for phase in load.phases]
        assert load.size_bytes is None
        with opened(service, timeout_s=0.1) as session:
            with pytest.raises(DeadlinePassed):
                session.select(NEVER_CANCELLED)
            with pytest.raises(ServiceUnavailable, match="not ours to restart"):
                session.recover()


def test_a_password_is_used_and_a_missing_one_is_told(address: str) -> None:
    with open_external_falkordb(f"redis://{address}") as service:
        client = connect(service.endpoint, patience_s=5)
        send(client, "CONFIG", "SET", "requirepass", "s@cret")
        client.close()
    with open_external_falkordb(f"redis://:s%40cret@{address}") as service:
        assert service.version.startswith("FalkorDB 4.")
    without = open_external_falkordb(f"redis://{address}", ready_deadline_s=0)
    with pytest.raises(ServiceUnavailable, match="Authentication required") as caught:
        without.__enter__()
    assert_one_line(caught.value)


def test_settings_are_applied_as_stated(fragile: LocalService) -> None:
    client = connect(fragile.endpoint, patience_s=5)
    for setting in fragile.settings:
        if setting.name.isupper():
            _, value = send(client, "GRAPH.CONFIG", "GET", setting.name)
            stated = {"yes": "1", "no": "0"}.get(setting.value, setting.value)
        else:
            _, value = send(client, "CONFIG", "GET", setting.name)
            stated = setting.value
            if stated.endswith("mb"):
                stated = str(int(stated.removesuffix("mb")) * MIB)
        assert str(value) == stated, setting.name
    client.close()
