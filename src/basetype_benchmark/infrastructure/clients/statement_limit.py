"""What is left of one execution's time, told to PostgreSQL where that matters."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql
from psycopg.pq import TransactionStatus

from basetype_benchmark.errors import QueryTimeout
from basetype_benchmark.infrastructure.clients.postgres_client import PostgresConnection

TOLERATED_SHARE = 0.1
"""Part of the limit that may be used up before the server is told.

Telling it takes a round trip inside the clock. Below this part the server's own limit ends a
statement at most so much too late, and what then comes late does not count as an answer; above it
the round trip is less than a thousandth of what was measured.
"""


class StatementLimit:
    """Lowers the server's `statement_timeout` as the time of one execution runs out.

    `full_s` is the timeout that the connection was opened with, for a whole execution; `left_s`
    is what other work has left of it.
    """

    def __init__(self, connection: PostgresConnection, *, full_s: float, left_s: float) -> None:
        self._connection = connection
        self._full_s = full_s
        self._granted_s = full_s
        self._ends_at = time.monotonic() + left_s

    def tighten(self) -> None:
        """Give the next statement no more than what is left; nothing to do when little is used.

        Raises:
            QueryTimeout: nothing is left.
        """
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise QueryTimeout(
                f"the limit of {self._full_s:g} s was used up before the last statement was sent"
            )
        if self._granted_s - left_s > TOLERATED_SHARE * self._full_s:
            self._set(left_s)
            self._granted_s = left_s

    @contextmanager
    def held(self) -> Iterator[None]:
        """Tighten now, and give the connection its own timeout back at the end."""
        self.tighten()
        try:
            yield
        finally:
            if self._granted_s < self._full_s and self._is_idle():
                self._connection.execute("RESET statement_timeout")

    def _set(self, limit_s: float) -> None:
        milliseconds = max(1, round(limit_s * 1000))
        self._connection.execute(
            sql.SQL("SET statement_timeout = {}").format(sql.Literal(milliseconds))
        )

    def _is_idle(self) -> bool:
        return self._connection.info.transaction_status is TransactionStatus.IDLE
