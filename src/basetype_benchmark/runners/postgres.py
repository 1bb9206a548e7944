"""Runs P1 and P2: graph and series in one PostgreSQL, one statement per question."""

from __future__ import annotations

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import QueryFailed
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import Loader, StoredCounts, StoreLoad
from basetype_benchmark.progress import Progress
from basetype_benchmark.queries.statement import Statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.postgres_session import PostgresSession


class PostgresRunner(BenchmarkRunner):
    """A scenario that PostgreSQL answers alone; `service` runs, `loader` fills that service."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        dataset: Dataset,
        timeout_s: float,
        service: Service,
        loader: Loader,
    ) -> None:
        super().__init__(scenario=scenario, dataset=dataset, timeout_s=timeout_s)
        self._service = service
        self._loader = loader
        self._session = PostgresSession(service, timeout_s=timeout_s)

    def connect(self) -> None:
        """Open the one connection of all queries."""
        self._session.open()

    def disconnect(self) -> None:
        """Close it; also after a failure, and twice."""
        self._session.close()

    def clear_data(self) -> None:
        """Remove our schema from the server."""
        self._loader.clear()

    def load_stores(self, progress: Progress) -> dict[str, StoreLoad]:
        """Load graph and series."""
        return {self.scenario.graph.engine: self._loader.load(self.dataset, progress)}

    def count_stores(self) -> dict[str, StoredCounts]:
        """Count graph and series."""
        return {self.scenario.graph.engine: self._loader.count()}

    def store_versions(self) -> dict[str, str]:
        """Name PostgreSQL as it runs."""
        return {self.scenario.graph.engine: self._service.version}

    def execute(self, statement: Statement) -> Execution:
        """Send the one statement and return all its rows.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        if statement.main is None or statement.series is not None:
            raise QueryFailed(f"{statement.question.id} is not one statement for PostgreSQL alone")
        return self._session.execute(statement.question, statement.main)

    def explain(self, statement: Statement) -> str | None:
        """Give the plan of the one statement.

        Raises:
            QueryFailed: there is none.
        """
        if statement.main is None:
            return None
        return self._session.explain(statement.question, statement.main)

    def recover(self) -> None:
        """Reconnect, ending what was given up; restart the server if it is dead or stuck."""
        self._session.recover()
