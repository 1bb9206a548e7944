"""Runs D1: graph and series in one DuckDB, one statement per question."""

from __future__ import annotations

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DeadlinePassed, ServerDied
from basetype_benchmark.infrastructure.clients.duckdb_client import DuckDBClient
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import Loader
from basetype_benchmark.queries.statement import BoundText
from basetype_benchmark.runners.graph import GraphRunner


class DuckDBSession:
    """One kept connection to a DuckDB service, which keeps graph and series."""

    def __init__(self, service: Service, *, timeout_s: float) -> None:
        self._service = service
        self._timeout_s = timeout_s
        self._client = DuckDBClient(service)
        self._is_stuck = False

    def open(self) -> None:
        """Connect, with a real query.

        Raises:
            ServerDied: the server does not answer.
        """
        self._client.execute("SELECT 1", limit_s=self._timeout_s, doing="connecting")

    def close(self) -> None:
        """Close; also after a failure, and twice."""
        self._client.close()

    def select(self, bound: BoundText) -> Execution:
        """Send one statement, return all its rows decoded.

        Raises:
            QueryTimeout: it ran over the limit, whoever noticed.
            QueryRefused: the memory that the server may take did not suffice.
            ServerDied: the server went away.
            QueryFailed: the server refused it.
        """
        try:
            answer = self._client.execute(
                bound.text, bound.parameters, limit_s=self._timeout_s, doing="a query on DuckDB"
            )
        except (DeadlinePassed, ServerDied):
            self._is_stuck = True
            raise
        return Execution(columns=answer.columns, rows=answer.rows)

    def explain(self, bound: BoundText) -> str | None:
        """Give the plan of a text, which is not executed.

        Raises:
            QueryFailed: the server refused, or went away.
        """
        answer = self._client.execute(
            f"EXPLAIN {bound.text}", bound.parameters, limit_s=self._timeout_s, doing="a plan"
        )
        lines = "\n".join(str(row[-1]) for row in answer.rows).splitlines()
        return "\n".join(line.rstrip() for line in lines).rstrip()

    def recover(self) -> None:
        """Restart the server if a statement of ours may still run in it, or if it is dead.

        The database is on the disk: what was loaded is there again.
        """
        self.close()
        if self._is_stuck or self._service.why_dead() is not None:
            self._service.restart()
            self._is_stuck = False
        self.open()


class DuckDBRunner(GraphRunner):
    """A scenario that DuckDB answers, see `GraphRunner`."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        dataset: Dataset,
        timeout_s: float,
        graph_service: Service,
        graph_loader: Loader,
        series_service: Service | None = None,
        series_loader: Loader | None = None,
    ) -> None:
        super().__init__(
            scenario=scenario,
            dataset=dataset,
            timeout_s=timeout_s,
            session=DuckDBSession(graph_service, timeout_s=timeout_s),
            graph_service=graph_service,
            graph_loader=graph_loader,
            series_service=series_service,
            series_loader=series_loader,
        )
