"""Runs O2: the graph in Oxigraph, the series in PostgreSQL."""

from __future__ import annotations

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import ConfigError, ServerDied
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Service
from basetype_benchmark.infrastructure.sparql_client import DeadlinePassed, SparqlClient
from basetype_benchmark.loaders.base import Loader, StoredCounts, StoreLoad
from basetype_benchmark.progress import Progress
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.hybrid import HybridQueryExecutor
from basetype_benchmark.runners.postgres_session import PostgresSession


class OxigraphGraph:
    """The graph side of a hybrid scenario: one kept-alive connection to an Oxigraph service."""

    def __init__(self, service: Service, *, timeout_s: float) -> None:
        self._service = service
        self._timeout_s = timeout_s
        self._client = SparqlClient(service)
        self._is_stuck = False

    def open(self) -> None:
        """Connect, with a real query.

        Raises:
            ServerDied: the server does not answer.
        """
        self._client.select("SELECT * WHERE {}", timeout_s=self._timeout_s, doing="connecting")

    def close(self) -> None:
        """Close; also after a failure, and twice."""
        self._client.close()

    def select(self, bound: BoundText) -> Execution:
        """Send one SELECT, return all its rows decoded.

        Raises:
            QueryTimeout: it ran over the limit, whoever noticed.
            ServerDied: the server went away.
            QueryFailed: the server refused it, or its answer is not whole.
        """
        try:
            answer = self._client.select(bound.text, timeout_s=self._timeout_s + CLIENT_GRACE_S)
        except (DeadlinePassed, ServerDied):
            self._is_stuck = True
            raise
        return Execution(columns=answer.columns, rows=answer.rows)

    def recover(self) -> None:
        """Restart the server if a query of ours may still run in it, or if it is dead.

        Neither its own time limit nor a closed connection is sure to end a query in Oxigraph. A
        query that it said it cancelled is over, and the server keeps its warm caches.
        """
        self.close()
        if self._is_stuck or self._service.why_dead() is not None:
            self._service.restart()
            self._is_stuck = False
        self.open()


class OxigraphRunner(BenchmarkRunner):
    """A scenario with its graph in Oxigraph and its series in PostgreSQL.

    `graph_service` and `series_service` run; the loaders fill them.
    """

    def __init__(
        self,
        *,
        scenario: Scenario,
        dataset: Dataset,
        timeout_s: float,
        graph_service: Service,
        graph_loader: Loader,
        series_service: Service,
        series_loader: Loader,
    ) -> None:
        super().__init__(scenario=scenario, dataset=dataset, timeout_s=timeout_s)
        if scenario.series is None:
            raise ConfigError(f"{scenario.id} names no engine for its series")
        self._loaders = {
            scenario.graph.engine: graph_loader,
            scenario.series.engine: series_loader,
        }
        self._services = {
            scenario.graph.engine: graph_service,
            scenario.series.engine: series_service,
        }
        self._graph = OxigraphGraph(graph_service, timeout_s=timeout_s)
        self._series = PostgresSession(series_service, timeout_s=timeout_s)
        self._executor = HybridQueryExecutor(self._graph, self._series, timeout_s=timeout_s)

    def connect(self) -> None:
        """Open one connection to each engine."""
        self._graph.open()
        self._series.open()

    def disconnect(self) -> None:
        """Close them; also after a failure, and twice."""
        self._graph.close()
        self._series.close()

    def clear_data(self) -> None:
        """Empty both stores."""
        for loader in self._loaders.values():
            loader.clear()

    def load_stores(self, progress: Progress) -> dict[str, StoreLoad]:
        """Load the graph, then the series."""
        return {
            engine: loader.load(self.dataset, progress) for engine, loader in self._loaders.items()
        }

    def count_stores(self) -> dict[str, StoredCounts]:
        """Count the graph, then the series."""
        return {engine: loader.count() for engine, loader in self._loaders.items()}

    def store_versions(self) -> dict[str, str]:
        """Name both engines as they run."""
        return {engine: service.version for engine, service in self._services.items()}

    def execute(self, statement: Statement) -> Execution:
        """Send the graph's text, the series' text, or one after the other.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        return self._executor.execute(statement)

    def recover(self) -> None:
        """Make both engines answer again after a `QueryTimeout` or `ServerDied`."""
        self._graph.recover()
        self._series.recover()
