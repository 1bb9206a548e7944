"""The program that makes a server of DuckDB: one database, one session per connection.

Started by `LocalDuckDB`, never by people. DuckDB's own protocol comes in an extension that must be
downloaded, so that it is not there where there is no network.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import FrameType
from typing import Never

import duckdb

from basetype_benchmark.infrastructure.clients.duckdb_protocol import (
    Cause,
    Refusal,
    Request,
    SqlAnswer,
    receive,
    send,
)

POLL_S = 0.05
"""How late a statement is interrupted at most. Nothing is woken inside the clock of a query."""
END_PATIENCE_S = 5.0
FATAL_EXIT = 70


class Session:
    """One connection of a client, with a cursor of its own; serves one statement at a time."""

    def __init__(self, peer: socket.socket, cursor: duckdb.DuckDBPyConnection) -> None:
        self._peer = peer
        self._cursor = cursor
        self._guard = threading.Lock()
        self._interrupt_at: float | None = None
        self._is_over_limit = False
        self._thread = threading.Thread(target=self._serve, name="btb session", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether the client is still there."""
        return self._thread.is_alive()

    def interrupt_if_due(self) -> None:
        """End the statement that is over its limit; to be called again until it has ended."""
        with self._guard:
            if self._interrupt_at is not None and time.monotonic() >= self._interrupt_at:
                self._is_over_limit = True
                self._cursor.interrupt()

    def end(self) -> None:
        """End what runs, and the connection."""
        with suppress(OSError):  # the client may have closed it
            self._peer.shutdown(socket.SHUT_RDWR)
        with suppress(duckdb.ConnectionException):  # its own thread may have closed it
            self._cursor.interrupt()
        self._thread.join(END_PATIENCE_S)

    def _serve(self) -> None:
        with closing(self._peer), closing(self._cursor), suppress(EOFError, OSError):
            while isinstance(request := receive(self._peer), Request):
                send(self._peer, self._answer(request))

    def _answer(self, request: Request) -> SqlAnswer | Refusal:
        self._is_over_limit = False
        self._interrupt_at = time.monotonic() + request.limit_s
        try:
            return run(self._cursor, request)
        except (duckdb.FatalException, duckdb.InternalException) as error:
            end_at_once(error)
        except duckdb.Error as error:
            return Refusal(cause=self._cause(error), said=one_line(error))
        finally:
            with self._guard:
                self._interrupt_at = None

    def _cause(self, error: Exception) -> Cause:
        if isinstance(error, duckdb.InterruptException) and self._is_over_limit:
            return Cause.OVER_LIMIT
        if isinstance(error, duckdb.OutOfMemoryException):
            return Cause.OUT_OF_MEMORY
        if isinstance(error, duckdb.IOException) and os.strerror(errno.ENOSPC) in str(error):
            return Cause.DISK_FULL
        return Cause.REFUSED


def run(cursor: duckdb.DuckDBPyConnection, request: Request) -> SqlAnswer:
    """Execute one statement and fetch all its rows."""
    cursor.execute(request.text, dict(request.parameters))
    columns = tuple(str(column[0]) for column in cursor.description or ())
    return SqlAnswer(columns=columns, rows=cursor.fetchall())


def end_at_once(error: Exception) -> Never:
    """End the process: after such an error DuckDB refuses everything until it is opened anew."""
    sys.stderr.write(f"FATAL {one_line(error)}\n")
    sys.stderr.flush()
    os._exit(FATAL_EXIT)


def one_line(error: Exception) -> str:
    """Give what DuckDB says, without the excerpt of the statement that follows it."""
    said = str(error).split("\n\nLINE ", maxsplit=1)[0]
    return " ".join(said.split()) or type(error).__name__


def serve(database: duckdb.DuckDBPyConnection, place: Path, ended: threading.Event) -> None:
    """Answer all who connect to the socket `place`, until `ended` is set; watch their limits."""
    sessions: list[Session] = []
    place.unlink(missing_ok=True)  # what a killed server left
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()
        listener.settimeout(POLL_S)
        while not ended.is_set():
            with suppress(TimeoutError):
                peer, _ = listener.accept()
                peer.setblocking(True)
                sessions.append(Session(peer, database.cursor()))
            sessions = [session for session in sessions if session.is_open]
            for session in sessions:
                session.interrupt_if_due()
    for session in sessions:
        session.end()


def open_database(file: Path, settings: Sequence[str]) -> duckdb.DuckDBPyConnection:
    """Open or create the database with these settings, each ``name=value``; times are UTC.

    The time zone is one of the ICU extension's settings, which no database can be opened with.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        name: value for name, _, value in (pair.partition("=") for pair in settings)
    }
    database = duckdb.connect(file, config=config)
    database.execute("SET GLOBAL TimeZone = 'UTC'")
    return database


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM, then write what the log holds into the database."""
    parser = argparse.ArgumentParser(description="Serves one DuckDB database to btb.")
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args(arguments)
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    try:
        database = open_database(options.database, options.set)
    except duckdb.Error as error:
        sys.exit(f"FATAL {one_line(error)}")
    with closing(database):
        serve(database, options.socket, ended)


if __name__ == "__main__":
    main()
