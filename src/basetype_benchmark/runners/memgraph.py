"""Runs the scenarios whose graph is in Memgraph or ArcadeDB, which both speak Bolt."""

from __future__ import annotations

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DeadlinePassed, ServerDied
from basetype_benchmark.infrastructure.clients.bolt_client import BoltClient
from basetype_benchmark.infrastructure.clients.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import Loader
from basetype_benchmark.queries.cypher_columns import returned_columns
from basetype_benchmark.queries.statement import BoundText
from basetype_benchmark.runners.graph import GraphRunner


class BoltGraph:
    """A `GraphSession`: one connection to a service that speaks Bolt.

    The limit goes with every statement, which Memgraph heeds; ArcadeDB has its own from the
    settings of the service.
    """

    def __init__(self, service: Service, dialect: BoltDialect, *, timeout_s: float) -> None:
        self._service = service
        self._timeout_s = timeout_s
        self._client = BoltClient(service, dialect)
        self._is_stuck = False

    def open(self) -> None:
        """Connect, with a real query.

        Raises:
            ServerDied: the server does not answer.
        """
        self._client.open()

    def close(self) -> None:
        """Close; also after a failure, and twice."""
        self._client.close()

    def select(self, bound: BoundText) -> Execution:
        """Send one statement, return all its rows decoded.

        Raises:
            QueryTimeout: it ran over the limit, whoever noticed.
            QueryRefused: the server's memory did not suffice.
            ServerDied: the server went away.
            QueryFailed: the server refused it.
        """
        try:
            answer = self._client.run(bound.text, dict(bound.parameters), timeout_s=self._timeout_s)
        except (DeadlinePassed, ServerDied):
            self._is_stuck = True
            raise
        # ArcadeDB names no column of an empty answer.
        columns = answer.columns or returned_columns(bound.text)
        return Execution(columns=columns, rows=answer.rows)

    def explain(self, bound: BoundText) -> str | None:
        """Give the plan of a text, which is not executed.

        Raises:
            QueryFailed: the server refused, or went away.
        """
        return self._client.explain(bound.text, dict(bound.parameters), timeout_s=self._timeout_s)

    def recover(self) -> None:
        """Restart the server if a query of ours may still run in it, or if it is dead.

        A closed connection ends no query. One that the server said it ended is over, and the server
        keeps its warm caches.
        """
        self.close()
        if self._is_stuck or self._service.why_dead() is not None:
            self._service.restart()
            self._is_stuck = False
        self.open()


class MemgraphRunner(GraphRunner):
    """A scenario with its graph in a product that speaks Bolt, see `GraphRunner`."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        dataset: Dataset,
        timeout_s: float,
        dialect: BoltDialect,
        graph_service: Service,
        graph_loader: Loader,
        series_service: Service | None = None,
        series_loader: Loader | None = None,
    ) -> None:
        super().__init__(
            scenario=scenario,
            dataset=dataset,
            timeout_s=timeout_s,
            session=BoltGraph(graph_service, dialect, timeout_s=timeout_s),
            graph_service=graph_service,
            graph_loader=graph_loader,
            series_service=series_service,
            series_loader=series_loader,
        )
