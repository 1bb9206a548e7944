"""Runs the scenarios whose graph is in Oxigraph."""

from __future__ import annotations

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario, StorageModel
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DeadlinePassed, ServerDied
from basetype_benchmark.infrastructure.clients.sparql_client import SparqlClient
from basetype_benchmark.infrastructure.service import CLIENT_GRACE_S, Service
from basetype_benchmark.loaders.base import Loader
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.chunk_client import ChunkQueryExecutor
from basetype_benchmark.runners.graph import GraphRunner


class OxigraphGraph:
    """One kept-alive connection to an Oxigraph service."""

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

    def select(self, bound: BoundText, *, left_s: float | None = None) -> Execution:
        """Send one SELECT, return all its rows decoded.

        `left_s` is what is left of the limit of the execution; all of it when None.

        Raises:
            QueryTimeout: it ran over the limit, whoever noticed.
            ServerDied: the server went away.
            QueryFailed: the server refused it, or its answer is not whole.
        """
        limit_s = self._timeout_s if left_s is None else left_s
        try:
            answer = self._client.select(bound.text, timeout_s=limit_s + CLIENT_GRACE_S)
        except (DeadlinePassed, ServerDied):
            self._is_stuck = True
            raise
        return Execution(columns=answer.columns, rows=answer.rows, received_bytes=answer.size_bytes)

    def explain(self, bound: BoundText) -> str | None:
        """Give None: the server of Oxigraph tells no plan."""
        return None

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


class OxigraphRunner(GraphRunner):
    """A scenario with its graph in Oxigraph, see `GraphRunner`.

    Where the series is there too, as chunks, SPARQL cannot look into their literals: the
    application fetches and decodes them.
    """

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
        session = OxigraphGraph(graph_service, timeout_s=timeout_s)
        super().__init__(
            scenario=scenario,
            dataset=dataset,
            timeout_s=timeout_s,
            session=session,
            graph_service=graph_service,
            graph_loader=graph_loader,
            series_service=series_service,
            series_loader=series_loader,
        )
        self._chunks: ChunkQueryExecutor | None = None
        if scenario.graph.model is StorageModel.RDF_CHUNKS:
            self._chunks = ChunkQueryExecutor(session, timeout_s=timeout_s)

    def execute(self, statement: Statement) -> Execution:
        """Send the texts; decode and aggregate the chunks where the answer is in them.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """
        if self._chunks is not None and statement.series is not None:
            return self._chunks.execute(statement)
        return super().execute(statement)
