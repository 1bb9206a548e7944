"""Runs every scenario with a graph store: alone, or beside the series in PostgreSQL."""

from __future__ import annotations

from typing import Protocol

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import ConfigError, QueryFailed
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import Loader, StoredCounts, StoreLoad
from basetype_benchmark.progress import Progress
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.explaining import join_plans
from basetype_benchmark.runners.hybrid import GraphClient, HybridQueryExecutor, order_columns
from basetype_benchmark.runners.postgres_session import PostgresSession


class GraphSession(GraphClient, Protocol):
    """One connection to a graph store, which can be lost and found again."""

    def open(self) -> None:
        """Connect, with a real query.

        Raises:
            ServerDied: the server does not answer.
        """
        ...

    def close(self) -> None:
        """Close; also after a failure, and twice."""
        ...

    def explain(self, bound: BoundText) -> str | None:
        """Give the plan of a text, which is not executed; None where the store tells none.

        Raises:
            QueryFailed: it refused, or went away.
        """
        ...

    def recover(self) -> None:
        """Make the store answer again: reconnect, and restart a server that is dead or stuck."""
        ...


class GraphRunner(BenchmarkRunner):
    """A scenario with its graph in `session`, and its series there too or in PostgreSQL.

    The services run; the loaders fill them. With `series_service` and `series_loader` the scenario
    is federated.
    """

    def __init__(
        self,
        *,
        scenario: Scenario,
        dataset: Dataset,
        timeout_s: float,
        session: GraphSession,
        graph_service: Service,
        graph_loader: Loader,
        series_service: Service | None = None,
        series_loader: Loader | None = None,
    ) -> None:
        super().__init__(scenario=scenario, dataset=dataset, timeout_s=timeout_s)
        self._graph = session
        self._loaders = {scenario.graph.engine: graph_loader}
        self._services = {scenario.graph.engine: graph_service}
        self._series: PostgresSession | None = None
        self._hybrid: HybridQueryExecutor | None = None
        if scenario.series is None:
            return
        if series_service is None or series_loader is None:
            raise ConfigError(
                f"{scenario.id} keeps its series apart and was given no engine for it"
            )
        self._loaders[scenario.series.engine] = series_loader
        self._services[scenario.series.engine] = series_service
        self._series = PostgresSession(series_service, timeout_s=timeout_s)
        self._hybrid = HybridQueryExecutor(session, self._series, timeout_s=timeout_s)

    def connect(self) -> None:
        """Open one connection to each engine."""
        self._graph.open()
        if self._series is not None:
            self._series.open()

    def disconnect(self) -> None:
        """Close them; also after a failure, and twice."""
        self._graph.close()
        if self._series is not None:
            self._series.close()

    def clear_data(self) -> None:
        """Empty every store."""
        for loader in self._loaders.values():
            loader.clear()

    def load_stores(self, progress: Progress) -> dict[str, StoreLoad]:
        """Load the graph, then the series where they are apart."""
        return {
            engine: loader.load(self.dataset, progress) for engine, loader in self._loaders.items()
        }

    def count_stores(self) -> dict[str, StoredCounts]:
        """Count the graph, then the series where they are apart."""
        return {engine: loader.count() for engine, loader in self._loaders.items()}

    def store_versions(self) -> dict[str, str]:
        """Name the engines as they run."""
        return {engine: service.version for engine, service in self._services.items()}

    def execute(self, statement: Statement) -> Execution:
        """Send the graph's text, the series' text, or one after the other.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        if self._hybrid is not None:
            return self._hybrid.execute(statement)
        if statement.main is None:
            raise QueryFailed(f"{statement.question.id} has no text for {self.scenario.id}")
        return self._graph.select(statement.main)

    def explain(self, statement: Statement) -> str | None:
        """Give the plan of each leg that has one; for that of the series, the graph is asked again.

        Raises:
            QueryFailed: an engine refused, or went away.
        """
        return join_plans(
            {
                self.scenario.graph.engine: self._explain_graph(statement),
                **self._explain_series(statement),
            }
        )

    def _explain_graph(self, statement: Statement) -> str | None:
        return None if statement.main is None else self._graph.explain(statement.main)

    def _explain_series(self, statement: Statement) -> dict[str, str | None]:
        side, session, bound = self.scenario.series, self._series, statement.series
        if side is None or session is None or bound is None:
            return {}
        question = statement.question
        if statement.main is None:
            return {side.engine: session.explain(question, bound)}
        rows = order_columns(question, self._graph.select(statement.main))
        return {side.engine: session.explain_federated(question, rows, bound)}

    def recover(self) -> None:
        """Make every engine answer again after a `QueryTimeout` or `ServerDied`."""
        self._graph.recover()
        if self._series is not None:
            self._series.recover()
