"""ArcadeDB on its own server: what is open, who may ask, what ends a query, what a load survives.

The client, the loader and the session are Memgraph's too.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    LoadingStalled,
    LoadingTimeout,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServiceUnavailable,
)
from basetype_benchmark.infrastructure.clients.bolt_client import BoltClient
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services.arcadedb import (
    ARCADEDB,
    open_arcadedb,
    open_external_arcadedb,
    server_dir,
)
from basetype_benchmark.infrastructure.services.external import ExternalService
from basetype_benchmark.infrastructure.services.memgraph import open_external_memgraph
from basetype_benchmark.loaders.base import LoadLimits, check_counts
from basetype_benchmark.loaders.bolt import BoltLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.statement import BoundText
from basetype_benchmark.runners.memgraph import BoltGraph
from basetype_benchmark.units import MIB
from tests.fakes import DoOnFirstAdvance
from tests.toy import build_toy

pytestmark = pytest.mark.servers

SERVER_LIMIT_S = 4.0
ONE = BoundText(text="RETURN 1 AS one")
ENDLESS = BoundText(
    text="UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 100000) AS c "
    "RETURN count(*) AS n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A server of this module's own, which its tests may kill."""
    data_dir = tmp_path_factory.mktemp("arcadedb") / "data"
    with open_arcadedb(data_dir, query_timeout_s=SERVER_LIMIT_S, ram_bytes=512 * MIB) as service:
        yield service


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@contextmanager
def opened(service: Service, timeout_s: float) -> Iterator[BoltGraph]:
    graph = BoltGraph(service, ARCADEDB, timeout_s=timeout_s)
    graph.open()
    try:
        yield graph
    finally:
        graph.close()


def loader(service: Service, limits: LoadLimits | None = None) -> BoltLoader:
    return BoltLoader(service, ARCADEDB, with_chunks=True, limits=limits)


def external(service: LocalService, password: str | None = None) -> ExternalService:
    endpoint = service.endpoint
    login = f"{endpoint.user}:{password or endpoint.password}"
    return open_external_arcadedb(
        f"bolt://{login}@127.0.0.1:{endpoint.port}/{endpoint.database}", ready_deadline_s=0
    )


def enter(service: ExternalService) -> None:
    with service:
        pass


def assert_one_line(error: BenchmarkError) -> None:
    assert str(error)
    assert "\n" not in str(error)


def test_it_listens_on_loopback_alone_and_shows_its_password_nowhere(server: LocalService) -> None:
    process = psutil.Process(server.pid)
    hosts = {c.laddr.ip for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
    assert hosts
    assert all(host.endswith("127.0.0.1") for host in hosts)
    password = server.endpoint.password
    assert password
    assert password not in " ".join(process.cmdline())
    assert password not in server.log_file.read_text()
    assert server_dir(server.data_dir).stat().st_mode & 0o777 == 0o700


def test_it_says_what_runs(server: LocalService) -> None:
    assert re.fullmatch(r"ArcadeDB 26\.\d+\.\d+", server.version)


def test_a_query_that_the_server_ends_is_a_timeout_and_the_server_stays(
    server: LocalService,
) -> None:
    pid = server.pid
    with opened(server, timeout_s=60) as graph:
        with pytest.raises(QueryTimeout, match="ArcadeDB ended it") as caught:
            graph.select(ENDLESS)
        assert_one_line(caught.value)
        graph.recover()
        assert graph.select(ONE).rows == [(1,)]
    assert server.pid == pid


def test_a_query_over_the_servers_memory_is_refused_and_the_server_stays(
    server: LocalService,
) -> None:
    pid = server.pid
    text = "UNWIND range(1, 1000000) AS a WITH a ORDER BY -a RETURN count(a) AS n"
    with opened(server, timeout_s=60) as graph:
        with pytest.raises((QueryRefused, QueryTimeout)) as caught:
            graph.select(BoundText(text=text))
        assert_one_line(caught.value)
        assert graph.select(ONE).rows == [(1,)]
    assert server.pid == pid


def test_a_query_with_a_mistake_fails_with_the_servers_words(server: LocalService) -> None:
    with opened(server, timeout_s=5) as graph:
        with pytest.raises(QueryFailed, match="Unknown function 'nonsense'") as caught:
            graph.select(BoundText(text="RETURN nonsense(1)"))
        assert type(caught.value) is QueryFailed
        assert_one_line(caught.value)
        with pytest.raises(QueryFailed, match="not valid Unicode"):
            graph.select(BoundText(text="RETURN $x AS x", parameters={"x": "\ud800"}))
        assert graph.select(ONE).rows == [(1,)]


def test_an_empty_answer_has_the_columns_of_its_text(server: LocalService) -> None:
    with opened(server, timeout_s=5) as graph:
        answer = graph.select(BoundText(text="UNWIND [] AS x RETURN x AS first, x + 1 AS next"))
    assert (answer.columns, list(answer.rows)) == (("first", "next"), [])


def test_any_text_goes_through_the_server_unchanged(server: LocalService) -> None:
    with opened(server, timeout_s=5) as graph:

        @settings(max_examples=200, deadline=None)
        @given(st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(["$x", "\\"]))
        def come_back(text: str) -> None:
            query = BoundText(text="RETURN $text AS text", parameters={"text": text})
            assert graph.select(query).rows == [(text,)]

        come_back()


def test_an_external_server_is_known_by_its_version_and_left_running(server: LocalService) -> None:
    with external(server) as service:
        assert service.version == server.version
        with pytest.raises(ServiceUnavailable, match="not ours to restart"):
            service.restart()
    assert server.why_not_ready() is None


def test_a_wrong_password_is_said_without_showing_it(server: LocalService) -> None:
    with pytest.raises(ServiceUnavailable, match="Authentication failed") as caught:
        enter(external(server, password="mistaken"))
    assert "mistaken" not in str(caught.value)
    assert_one_line(caught.value)


def test_it_is_not_taken_for_memgraph(server: LocalService) -> None:
    endpoint = server.endpoint
    url = f"bolt://{endpoint.user}:{endpoint.password}@127.0.0.1:{endpoint.port}/btb"
    with pytest.raises(ServiceUnavailable, match="does not tell a version as Memgraph does"):
        enter(open_external_memgraph(url, ready_deadline_s=0))


def test_data_of_others_are_told_and_ours_are_not(server: LocalService, toy: Dataset) -> None:
    loader(server).clear()
    with external(server) as service:
        assert loader(service).describe_foreign() is None
        with opened(service, timeout_s=5) as graph:
            graph.select(BoundText(text="CREATE (:Theirs {id: 1})"))
        assert loader(service).describe_foreign() == "nodes in its database"
        loader(service).clear()
        load = loader(service).load(toy, SILENT)
        check_counts("arcadedb", loader(service).count(), toy.manifest.counts)
        assert loader(service).describe_foreign() is None
    assert load.size_bytes is None
    assert [phase.name for phase in load.phases] == ["schema", "nodes", "relationships", "samples"]


def test_clearing_leaves_nothing(server: LocalService, toy: Dataset) -> None:
    loader(server).clear()
    load = loader(server).load(toy, SILENT)
    assert load.size_bytes
    loader(server).clear()
    counted = loader(server).count()
    assert (counted.nodes, counted.edges, counted.samples) == ({}, {}, 0)


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (LoadLimits(stall_s=0.2), LoadingStalled),
        (LoadLimits(phase_s=1.0), LoadingTimeout),
    ],
    ids=["stalled", "timeout"],
)
def test_a_server_that_takes_no_more_does_not_hang_the_load(
    server: LocalService, toy: Dataset, limits: LoadLimits, kind: type[BenchmarkError]
) -> None:
    loader(server).clear()
    stop = DoOnFirstAdvance(signal_to(server, signal.SIGSTOP))
    try:
        with pytest.raises(kind, match=r"phase '(nodes|relationships)'") as caught:
            loader(server, limits).load(toy, stop)
    finally:
        signal_to(server, signal.SIGCONT)()
    assert type(caught.value) is kind
    assert_one_line(caught.value)


@pytest.mark.thorough
def test_a_query_that_we_give_up_is_ended_by_recovery(server: LocalService) -> None:
    pid = server.pid
    with opened(server, timeout_s=0.2) as graph:
        with pytest.raises(DeadlinePassed) as caught:
            graph.select(ENDLESS)
        assert_one_line(caught.value)
        graph.recover()
        assert graph.select(ONE).rows == [(1,)]
    assert server.pid != pid


class Interrupted(Exception):
    """Stands for Ctrl-C."""


def test_an_interrupted_query_does_not_keep_the_client_from_closing(server: LocalService) -> None:
    def interrupt(*_arguments: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    client = BoltClient(server, ARCADEDB)
    client.open()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(Interrupted):
            client.run(ENDLESS.text, timeout_s=60)
    finally:
        signal.signal(signal.SIGALRM, before)
    begin = time.monotonic()
    client.close()
    assert time.monotonic() - begin < SERVER_LIMIT_S / 2


@pytest.mark.thorough
def test_a_new_start_has_the_data_and_another_password(tmp_path: Path) -> None:
    passwords = []
    for found in ([], [(42,)]):
        with open_arcadedb(tmp_path / 'it\'s a "home"', ram_bytes=512 * MIB) as service:
            passwords.append(service.endpoint.password)
            with opened(service, timeout_s=10) as graph:
                kept = BoundText(text="MATCH (n:Kept) RETURN n.answer AS answer")
                assert graph.select(kept).rows == found
                graph.select(BoundText(text="CREATE (:Kept {answer: 42})"))
    assert passwords[0] != passwords[1]


def signal_to(service: LocalService, number: signal.Signals) -> Callable[[], None]:
    def act() -> None:
        assert service.pid is not None
        os.kill(service.pid, number)

    return act
