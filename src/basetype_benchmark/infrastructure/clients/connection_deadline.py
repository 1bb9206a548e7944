"""A deadline for a driver that has none: its connection is broken when the deadline passes."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil

from basetype_benchmark.errors import ServerDied

POLL_S = 0.05
"""How late a connection is broken at most. Nothing is woken inside the clock of a query."""

_OPENING = threading.Lock()  # one at a time, so that the new socket is the one just opened


class ConnectionDeadline:
    """Watches one TCP connection of this process, from a thread of its own.

    A driver that waits for ever for a server that does not answer is freed by shutting its socket
    down: it then sees a lost connection, and `has_passed` tells that it was us.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.has_passed = False
        self._connection = connection
        self._at: float | None = None
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="btb deadline", daemon=True)
        self._watcher.start()

    @contextmanager
    def limit(self, limit_s: float) -> Iterator[None]:
        """Give what is done inside the context `limit_s` seconds."""
        self._at = time.monotonic() + limit_s
        try:
            yield
        finally:
            with self._guard:
                self._at = None

    def close(self) -> None:
        """Break the connection and stop watching; whoever waits for an answer is freed."""
        self._break()
        self._ended.set()
        self._watcher.join()
        self._connection.close()

    def _watch(self) -> None:
        while not self._ended.wait(POLL_S):
            with self._guard:
                if self._at is not None and time.monotonic() >= self._at:
                    self.has_passed, self._at = True, None
                    self._break()

    def _break(self) -> None:
        with suppress(OSError):  # it may be gone by itself
            self._connection.shutdown(socket.SHUT_RDWR)


def watch_new_connection(port: int, connect: Callable[[], None]) -> ConnectionDeadline:
    """Call `connect`, which opens one connection to `port`, and watch that connection.

    The socket is found among those of this process, since drivers keep theirs to themselves.

    Raises:
        ServerDied: `connect` left no connection behind.
    """
    with _OPENING:
        before = _descriptors(port)
        connect()
        for local_port, descriptor in _descriptors(port).items():
            if local_port not in before:
                return ConnectionDeadline(socket.socket(fileno=os.dup(descriptor)))
    raise ServerDied(f"the connection to port {port} was lost as soon as it was made")


def _descriptors(port: int) -> dict[int, int]:
    """Give the file descriptor of each connection of ours to `port`, by its local port."""
    return {
        found.laddr.port: found.fd
        for found in psutil.Process().net_connections("tcp")
        if found.raddr and found.raddr.port == port
    }
