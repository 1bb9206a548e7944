import socket
import time
from collections.abc import Iterator

import pytest

from basetype_benchmark.errors import ServerDied
from basetype_benchmark.infrastructure.clients.connection_deadline import (
    ConnectionDeadline,
    watch_new_connection,
)


@pytest.fixture
def silent() -> Iterator[tuple[socket.socket, int]]:
    """A server that accepts and never answers; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, server.getsockname()[1]


def watch(port: int) -> tuple[ConnectionDeadline, socket.socket]:
    opened: list[socket.socket] = []
    deadline = watch_new_connection(
        port, lambda: opened.append(socket.create_connection(("127.0.0.1", port)))
    )
    return deadline, opened[0]


def test_whoever_waits_past_the_deadline_is_freed(silent):
    _, port = silent
    deadline, client = watch(port)
    begin = time.monotonic()
    with client, deadline.limit(0.2):
        assert client.recv(1) == b""
    assert 0.2 <= time.monotonic() - begin < 5
    assert deadline.has_passed
    deadline.close()


def test_what_comes_in_time_is_left_alone(silent):
    server, port = silent
    deadline, client = watch(port)
    peer, _ = server.accept()
    with client, peer:
        with deadline.limit(60):
            peer.sendall(b"x")
            assert client.recv(1) == b"x"
        peer.sendall(b"y")
        assert client.recv(1) == b"y"
        assert not deadline.has_passed
        deadline.close()


def test_of_two_connections_the_new_one_is_watched(silent):
    server, port = silent
    with socket.create_connection(("127.0.0.1", port)) as older:
        older_peer, _ = server.accept()
        deadline, client = watch(port)
        with client, older_peer, deadline.limit(0.05):
            assert client.recv(1) == b""
            older_peer.sendall(b"x")
            assert older.recv(1) == b"x"
        deadline.close()


def test_closing_breaks_the_connection(silent):
    _, port = silent
    deadline, client = watch(port)
    deadline.close()
    with client:
        assert client.recv(1) == b""


def test_a_connection_that_is_gone_at_once_is_said(silent):
    with pytest.raises(ServerDied, match="lost as soon as it was made"):
        watch_new_connection(silent[1], lambda: None)
