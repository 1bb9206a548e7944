"""Runs the scenarios whose graph is in FalkorDB."""

from __future__ import annotations

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DeadlinePassed, ServerDied
from basetype_benchmark.infrastructure.clients.falkordb_client import FalkorClient
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Service
from basetype_benchmark.loaders.base import Loader
from basetype_benchmark.queries.statement import BoundText
from basetype_benchmark.runners.graph import GraphRunner


class FalkorDBSession:
    """One kept connection to a FalkorDB service, with the per-query timeout on both sides.

    Every query is sent as a read of our graph. Where there is none, that is an error: an in-memory
    store that came back empty never answers no rows.
    """

    def __init__(self, service: Service, *, timeout_s: float) -> None:
        self._service = service
        self._timeout_s = timeout_s
        self._client = FalkorClient(service, patience_s=timeout_s + CLIENT_GRACE_S)
        self._is_stuck = False

    def open(self) -> None:
        """Connect; the graph need not be loaded yet.

        Raises:
            ServerDied: the server does not answer.
        """
        self._client.ping()

    def close(self) -> None:
        """Close; also after a failure, and twice."""
        self._client.close()

    def select(self, bound: BoundText) -> Execution:
        """Send one query, return all its rows decoded.

        Raises:
            QueryTimeout: it ran over the limit, whoever noticed.
            QueryRefused: it took more memory than the server allows.
            ServerDied: the server went away.
            QueryFailed: the server refused it.
        """
        try:
            answer = self._client.read(bound.text, bound.parameters, timeout_s=self._timeout_s)
        except (DeadlinePassed, ServerDied):
            self._is_stuck = True
            raise
        return Execution(columns=answer.columns, rows=answer.rows)

    def explain(self, bound: BoundText) -> str | None:
        """Give the plan of a text, which is not executed.

        Raises:
            QueryFailed: the server refused, or went away.
        """
        return self._client.explain(bound.text, bound.parameters)

    def recover(self) -> None:
        """Restart the server if a query of ours may still run in it, or if it is dead.

        FalkorDB looks at the clock between two rows of a plan: a query that makes one long list is
        never cancelled, and closing the connection does not end it. What was loaded comes back
        from the loader's snapshot.

        Raises:
            ServerDied: the server runs, but without the graph.
        """
        self.close()
        if self._is_stuck or self._service.why_dead() is not None:
            self._service.restart()
            self._is_stuck = False
        self.open()
        if not self._client.holds_graph():
            raise ServerDied("FalkorDB answers again, but has lost the graph; load it again")


class FalkorDBRunner(GraphRunner):
    """A scenario with its graph in FalkorDB, see `GraphRunner`."""

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
            session=FalkorDBSession(graph_service, timeout_s=timeout_s),
            graph_service=graph_service,
            graph_loader=graph_loader,
            series_service=series_service,
            series_loader=series_loader,
        )
