"""Oxigraph that is slow, stuck, killed or cut short: one clear error, and back to work after it."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.export.rdf import string_literal
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    BenchmarkError,
    DeadlinePassed,
    DiskFull,
    LoadingStalled,
    LoadingTimeout,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.sparql_client import SparqlClient
from basetype_benchmark.infrastructure.clients.sparql_results import CANCELLED
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.loaders.base import LoadLimits, check_counts
from basetype_benchmark.loaders.oxigraph import OxigraphLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.statement import BoundText
from basetype_benchmark.runners.oxigraph import OxigraphGraph
from tests.fakes import DoOnFirstAdvance
from tests.toy import build_toy

pytestmark = pytest.mark.servers

ONE = BoundText(text="SELECT (1 AS ?one) {}")
# More combinations than any server goes through. Looking triples up, Oxigraph heeds its time limit;
# combining values, it never does.
_TRIPLES = " ".join(f"?s{n} a ?type ." for n in range(9))
_DIGITS = " ".join(f"VALUES ?x{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(12))
ENDLESS = BoundText(text=f"SELECT (COUNT(*) AS ?n) {{ {_TRIPLES} }}")
ENDLESS_ROWS = BoundText(text=f"SELECT * {{ {_TRIPLES} }}")
NEVER_CANCELLED = BoundText(text=f"SELECT (COUNT(*) AS ?n) {{ {_DIGITS} }}")


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A server of this module's own, which its tests may kill; it cancels queries after 1 s."""
    with open_oxigraph(tmp_path_factory.mktemp("fragile") / "ox", query_timeout_s=1) as service:
        yield service


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@contextmanager
def opened(service: LocalService, timeout_s: float) -> Iterator[OxigraphGraph]:
    graph = OxigraphGraph(service, timeout_s=timeout_s)
    graph.open()
    try:
        yield graph
    finally:
        graph.close()


def assert_one_line(error: BenchmarkError) -> None:
    assert str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("endless", [ENDLESS, ENDLESS_ROWS], ids=["count", "rows"])
def test_a_query_that_the_server_cancels_is_a_timeout_and_the_server_stays(
    fragile: LocalService, toy: Dataset, endless: BoundText
) -> None:
    OxigraphLoader(fragile).load(toy, SILENT)
    pid = fragile.pid
    with opened(fragile, timeout_s=8) as graph:
        with pytest.raises(QueryTimeout, match="cancelled it") as caught:
            graph.select(endless)
        assert_one_line(caught.value)
        graph.recover()
        assert graph.select(ONE).rows == [(1,)]
    assert fragile.pid == pid


def test_a_query_that_we_give_up_is_ended_by_recovery(fragile: LocalService) -> None:
    pid = fragile.pid
    with opened(fragile, timeout_s=1) as graph:
        with pytest.raises(DeadlinePassed) as caught:
            graph.select(NEVER_CANCELLED)
        assert_one_line(caught.value)
        graph.recover()
        assert graph.select(ONE).rows == [(1,)]
    assert fragile.pid != pid


def test_a_server_killed_in_a_query_is_a_died_server_and_recovery_restarts_it(
    fragile: LocalService,
) -> None:
    with opened(fragile, timeout_s=30) as graph:
        assert fragile.pid is not None
        kill = threading.Timer(0.2, os.kill, (fragile.pid, signal.SIGKILL))
        kill.start()
        with pytest.raises(ServerDied, match="SIGKILL") as caught:
            graph.select(NEVER_CANCELLED)
        assert_one_line(caught.value)
        with pytest.raises(ServerDied):
            graph.select(ONE)
        graph.recover()
        assert graph.select(ONE).rows == [(1,)]


def test_a_query_with_a_mistake_fails_with_the_servers_words(fragile: LocalService) -> None:
    with opened(fragile, timeout_s=5) as graph:
        with pytest.raises(QueryFailed, match="400: error at") as caught:
            graph.select(BoundText(text="SELECT nonsense"))
        assert type(caught.value) is QueryFailed
        assert_one_line(caught.value)
        assert graph.select(ONE).rows == [(1,)]


def test_a_connection_that_the_server_closed_meanwhile_is_opened_anew(
    fragile: LocalService,
) -> None:
    with opened(fragile, timeout_s=5) as graph:
        fragile.restart()
        assert graph.select(ONE).rows == [(1,)]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(["\\u0022", "\\"]))
def test_any_text_goes_through_the_server_unchanged(fragile: LocalService, text: str) -> None:
    with opened(fragile, timeout_s=5) as graph:
        query = BoundText(text=f"SELECT ({string_literal(text)} AS ?v) {{}}")
        assert graph.select(query).rows == [(text,)]


def stop(service: LocalService, how: signal.Signals) -> Callable[[], None]:
    def act() -> None:
        assert service.pid is not None
        os.kill(service.pid, how)

    return act


def test_loading_twice_holds_everything_once(fragile: LocalService, toy: Dataset) -> None:
    loader = OxigraphLoader(fragile)
    loader.clear()
    for _ in range(2):
        load = loader.load(toy, SILENT)
        check_counts("oxigraph", loader.count(), toy.manifest.counts)
    assert load.phases[0].items == int(load.details["triples"]) > 600
    assert load.size_bytes is not None
    assert load.size_bytes > 0


def test_clearing_leaves_nothing(fragile: LocalService, toy: Dataset) -> None:
    loader = OxigraphLoader(fragile)
    loader.load(toy, SILENT)
    loader.clear()
    assert loader.count().nodes == {}
    assert loader.count().edges == {}


def test_a_server_killed_in_the_middle_of_a_load(fragile: LocalService, toy: Dataset) -> None:
    loader = OxigraphLoader(fragile)
    loader.clear()
    with pytest.raises(ServerDied, match="phase 'triples'") as caught:
        loader.load(toy, DoOnFirstAdvance(stop(fragile, signal.SIGKILL)))
    assert_one_line(caught.value)
    fragile.restart()
    loader.clear()
    loader.load(toy, SILENT)
    check_counts("oxigraph", loader.count(), toy.manifest.counts)


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (LoadLimits(stall_s=0.2), LoadingStalled),
        (LoadLimits(phase_s=0.2), LoadingTimeout),
    ],
    ids=["stalled", "timeout"],
)
def test_a_server_that_takes_no_more_triples_does_not_hang_the_load(
    fragile: LocalService, toy: Dataset, limits: LoadLimits, kind: type[BenchmarkError]
) -> None:
    try:
        with pytest.raises(kind, match="phase 'triples'") as caught:
            OxigraphLoader(fragile, limits).load(
                toy, DoOnFirstAdvance(stop(fragile, signal.SIGSTOP))
            )
    finally:
        fragile.restart()
    assert type(caught.value) is kind
    assert_one_line(caught.value)


def fill(folder: Path) -> Path:
    """Write until the disk is full."""
    filler = folder / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    assert shutil.disk_usage(folder).free == 0
    return filler


@pytest.mark.root
def test_a_full_disk_is_told_as_one(toy: Dataset, small_disk: Callable[[str], Path]) -> None:
    place = small_disk("8m")
    with open_oxigraph(place / "ox") as service:
        filler = fill(place)
        with pytest.raises(DiskFull) as caught:
            OxigraphLoader(service).load(toy, SILENT)
        assert_one_line(caught.value)
        filler.unlink()


class CannedService:
    """The endpoint of a server that lives and answers one body to everything."""

    def __init__(self, port: int) -> None:
        self.endpoint = Endpoint(host="127.0.0.1", port=port)

    def why_dead(self) -> str | None:
        return None


@contextmanager
def answering(body: bytes, *, declared: int | None = None) -> Iterator[CannedService]:
    """A real HTTP server that says its body has `declared` bytes, then sends `body` and closes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) if declared is None else declared))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield CannedService(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'?a\n"1"\n' + CANCELLED.encode(), QueryTimeout),
        (b"?a\n" + CANCELLED.encode(), QueryTimeout),
        (b'?a\n"1"\n"2', QueryFailed),
        (b"", QueryFailed),
        (b'{"head":{"vars":["a"]},"results":{"bindings":[' + CANCELLED.encode(), QueryTimeout),
    ],
)
def test_a_cut_answer_with_status_200_is_never_an_answer(
    body: bytes, kind: type[BenchmarkError]
) -> None:
    with answering(body) as service:
        client = SparqlClient(service)  # type: ignore[arg-type]
        with pytest.raises(kind) as caught:
            client.select("SELECT ?a {}", timeout_s=5)
        client.close()
    assert type(caught.value) is kind


def test_an_answer_shorter_than_declared_is_a_died_server() -> None:
    with answering(b'?a\n"1"\n', declared=100) as service:
        client = SparqlClient(service)  # type: ignore[arg-type]
        with pytest.raises(ServerDied):
            client.select("SELECT ?a {}", timeout_s=5)
        client.close()
