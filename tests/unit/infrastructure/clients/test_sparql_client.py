"""A connection that ends between two queries is opened anew; a query cut short is not repeated."""

import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from basetype_benchmark.errors import ServerDied
from basetype_benchmark.infrastructure.clients.sparql_client import SparqlClient
from basetype_benchmark.infrastructure.services.external import open_external_oxigraph

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n?x\n<y>\n"
CUT_ANSWER = ANSWER[:-3]
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: the peer sees a reset

Second = Callable[[socket.socket, "Peer"], None]


class Peer:
    """Answers one query on its first connection, does `second` next, and counts the queries."""

    def __init__(self, second: Second) -> None:
        self.queries = 0
        self._second = second
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        try:
            with self._listener.accept()[0] as first:
                self.answer(first)
                self._second(first, self)
            while True:
                with self._listener.accept()[0] as again:
                    self.answer(again)
        except OSError:  # closed
            return

    def answer(self, connection: socket.socket) -> None:
        self.read(connection)
        connection.sendall(ANSWER)

    def read(self, connection: socket.socket) -> None:
        """Read a request, and count it when it is a query of the test's."""
        received = b""
        while not is_whole(received):
            part = connection.recv(4096)
            if not part:
                raise ConnectionError("the client went away")
            received += part
        self.queries += b"SELECT" in received


def is_whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


def end_idle(connection: socket.socket, peer: Peer) -> None:
    """End the connection with no query in it."""


def cut_short(connection: socket.socket, peer: Peer) -> None:
    """Take a query, and end the connection in the middle of the answer."""
    peer.read(connection)
    connection.sendall(CUT_ANSWER)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)


@pytest.fixture
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    peer = Peer(request.param)
    yield peer
    peer.close()


@pytest.fixture
def client(peer: Peer) -> Iterator[SparqlClient]:
    client = SparqlClient(open_external_oxigraph(f"http://127.0.0.1:{peer.port}"))
    yield client
    client.close()


def ask(client: SparqlClient) -> int:
    return len(client.select("SELECT * WHERE {}", timeout_s=10, doing="asking").rows)


@pytest.mark.parametrize("peer", [end_idle], indirect=True)
def test_a_connection_that_ended_while_idle_is_opened_anew(
    peer: Peer, client: SparqlClient
) -> None:
    assert [ask(client), ask(client)] == [1, 1]
    assert peer.queries == 2


@pytest.mark.parametrize("peer", [cut_short], indirect=True)
def test_a_query_whose_answer_is_cut_is_not_sent_again(peer: Peer, client: SparqlClient) -> None:
    assert ask(client) == 1
    with pytest.raises(ServerDied):
        ask(client)
    assert peer.queries == 2
