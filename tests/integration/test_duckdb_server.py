"""Our DuckDB server, in a thread of the test: what it answers, ends and refuses."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from basetype_benchmark.errors import DiskFull, QueryFailed, QueryRefused, QueryTimeout
from basetype_benchmark.infrastructure.clients.duckdb_client import ask as ask_within
from basetype_benchmark.infrastructure.clients.duckdb_client import connect
from basetype_benchmark.infrastructure.clients.duckdb_protocol import SOCKET
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.duckdb_server import open_database, serve
from basetype_benchmark.infrastructure.waiting import wait_until

ENDLESS = "SELECT count(*) FROM " + ", ".join(f"range(100000) AS r{i}" for i in "abc")
ABUNDANT = "SELECT list(a.range) FROM range(100000) AS a, range(1000) AS b"
DEADLINE_S = 20.0


ask = partial(ask_within, limit_s=DEADLINE_S)


@contextmanager
def served(data_dir: Path, *settings: str) -> Iterator[Endpoint]:
    ended = threading.Event()
    with closing(open_database(data_dir / "btb.duckdb", settings)) as database:
        server = threading.Thread(target=serve, args=(database, data_dir / SOCKET, ended))
        server.start()
        try:
            yield Endpoint(host=str(data_dir), port=0)
        finally:
            ended.set()
            server.join(DEADLINE_S)
            assert not server.is_alive()


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    with served(tmp_path, "python_enable_replacements=false") as endpoint:
        yield endpoint


@pytest.fixture
def peer(endpoint: Endpoint) -> Iterator[socket.socket]:
    with dialled(endpoint) as peer:
        yield peer


def dialled(endpoint: Endpoint) -> socket.socket:
    def why_not() -> str | None:
        with suppress(OSError):
            found.append(connect(endpoint))
        return None if found else "nobody listens yet"

    found: list[socket.socket] = []
    wait_until("the server", why_not, deadline_s=DEADLINE_S)
    return found[0]


def test_values_keep_their_types_and_times_are_utc(peer: socket.socket) -> None:
    noon = datetime(2024, 1, 1, 12, 0, 0, 1, tzinfo=UTC)
    answer = ask(
        peer,
        "SELECT %(t)s AS t, %(s)s AS s, (%(t)s AT TIME ZONE 'UTC')::date AS d, 0.1::double AS f, "
        "NULL AS n",
        {"t": noon, "s": "it's $s %(s)s\n\\"},
    )
    assert answer.columns == ("t", "s", "d", "f", "n")
    assert answer.rows == [(noon, "it's $s %(s)s\n\\", noon.date(), 0.1, None)]
    assert answer.rows[0][0].utcoffset().total_seconds() == 0


def test_a_statement_over_its_limit_is_ended_and_the_next_is_answered(
    peer: socket.socket,
) -> None:
    begin = time.monotonic()
    with pytest.raises(QueryTimeout, match="Q7 ran over its time limit; DuckDB ended it"):
        ask(peer, ENDLESS, limit_s=0.2, doing="Q7")
    assert 0.2 <= time.monotonic() - begin < 5
    assert ask(peer, "SELECT 1 AS one", limit_s=5).rows == [(1,)]


def test_the_limit_of_one_statement_is_not_that_of_the_next(peer: socket.socket) -> None:
    ask(peer, "SELECT 1", limit_s=0.1)
    slow = ask(peer, "SELECT count(*) FROM range(20000) AS a, range(20000) AS b")
    assert slow.rows == [(400_000_000,)]


def test_a_statement_of_one_client_does_not_hold_up_another(
    endpoint: Endpoint, peer: socket.socket
) -> None:
    slow = threading.Thread(target=outcome, args=(lambda: ask(peer, ENDLESS, limit_s=1.0),))
    slow.start()
    with dialled(endpoint) as other:
        assert ask(other, "SELECT 1").rows == [(1,)]
        assert slow.is_alive()
    slow.join(DEADLINE_S)


def test_what_does_not_fit_in_memory_is_refused_and_the_next_is_answered(tmp_path: Path) -> None:
    settings = ("memory_limit=32MiB", "max_temp_directory_size=0KiB", "threads=1")
    with served(tmp_path, *settings) as endpoint, dialled(endpoint) as peer:
        with pytest.raises(QueryRefused, match=r"lack of memory.*raise the RAM") as caught:
            ask(peer, ABUNDANT)
        assert "\n" not in str(caught.value)
        assert ask(peer, "SELECT 1").rows == [(1,)]


@pytest.mark.root
def test_a_full_disk_is_said(small_disk: Callable[[str], Path]) -> None:
    with (
        served(small_disk("4m")) as endpoint,
        dialled(endpoint) as peer,
        pytest.raises(DiskFull, match="disk is full"),
    ):
        ask(peer, "CREATE TABLE big AS SELECT hash(range) AS h FROM range(4000000)")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT * FROM nowhere", "nowhere does not exist"),
        ("SELEC 1", "syntax error"),
        ("SELECT $missing", "missing"),
        ("SELECT 'x'::integer", "Could not convert"),
        ("SELECT * FROM request", "request does not exist"),
    ],
)
def test_what_duckdb_refuses_is_told_in_its_words_in_one_line(
    peer: socket.socket, text: str, told: str
) -> None:
    """The last one names a variable of the server's program, which is taken for no table."""
    with pytest.raises(QueryFailed, match=told) as caught:
        ask(peer, text, doing="Q1")
    assert "\n" not in str(caught.value)
    assert ask(peer, "SELECT 1").rows == [(1,)]


def test_text_that_is_no_unicode_is_refused(peer: socket.socket) -> None:
    with pytest.raises(QueryFailed):
        ask(peer, "SELECT %(x)s", {"x": "\udc80"})
    assert ask(peer, "SELECT 1").rows == [(1,)]


def test_ending_the_server_ends_what_it_executes_and_keeps_what_was_written(
    tmp_path: Path,
) -> None:
    with served(tmp_path) as endpoint:
        peer = dialled(endpoint)
        ask(peer, "CREATE TABLE kept AS SELECT 42 AS answer")
        slow = threading.Thread(target=outcome, args=(lambda: ask(peer, ENDLESS),))
        slow.start()
        with dialled(endpoint) as other:
            assert ask(other, "SELECT 1").rows == [(1,)]
    slow.join(DEADLINE_S)
    peer.close()
    assert not slow.is_alive()
    with served(tmp_path) as endpoint, dialled(endpoint) as peer:
        assert ask(peer, "SELECT answer FROM kept").rows == [(42,)]


def outcome(call: Callable[[], object]) -> None:
    with suppress(QueryFailed, OSError, EOFError):
        call()
