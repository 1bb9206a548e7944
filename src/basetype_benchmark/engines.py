"""THE TABLE: which service, loaders and runner stand behind an engine's name.

The only module that sees all three. Adding an engine adds a row here and one in the scenarios.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from basetype_benchmark.config.scenarios import Scenario, StorageModel
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.availability import (
    Availability,
    local_arcadedb_availability,
    local_duckdb_availability,
    local_falkordb_availability,
    local_memgraph_availability,
    local_oxigraph_availability,
    local_postgres_availability,
)
from basetype_benchmark.infrastructure.clients.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.clients.duckdb_messages import duckdb_message
from basetype_benchmark.infrastructure.clients.messages import (
    Message,
    bolt_message,
    falkordb_message,
    sparql_message,
)
from basetype_benchmark.infrastructure.clients.postgres_messages import extended_message
from basetype_benchmark.infrastructure.service import ServerStart, Service
from basetype_benchmark.infrastructure.services import arcadedb, memgraph
from basetype_benchmark.infrastructure.services.containers.table import container_opener
from basetype_benchmark.infrastructure.services.duckdb import open_duckdb, open_external_duckdb
from basetype_benchmark.infrastructure.services.external import (
    open_external_oxigraph,
    open_external_postgres,
)
from basetype_benchmark.infrastructure.services.external_falkordb import open_external_falkordb
from basetype_benchmark.infrastructure.services.falkordb import open_falkordb
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.loaders.base import Loader
from basetype_benchmark.loaders.bolt import BoltLoader
from basetype_benchmark.loaders.duckdb import DuckDBLoader
from basetype_benchmark.loaders.falkordb import FalkorDBLoader
from basetype_benchmark.loaders.oxigraph import OxigraphLoader
from basetype_benchmark.loaders.postgres.document import DOCUMENTS
from basetype_benchmark.loaders.postgres.graph_and_series import PostgresLoader
from basetype_benchmark.loaders.postgres.relational import RELATIONAL
from basetype_benchmark.loaders.postgres.series import SeriesLoader
from basetype_benchmark.loaders.postgres.store import describe_foreign
from basetype_benchmark.queries.statement import BoundText
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.duckdb import DuckDBRunner
from basetype_benchmark.runners.falkordb import FalkorDBRunner
from basetype_benchmark.runners.memgraph import MemgraphRunner
from basetype_benchmark.runners.oxigraph import OxigraphRunner
from basetype_benchmark.runners.postgres import PostgresRunner

Services = Mapping[str, Service]
"""Running services by engine id."""

MakeRunner = Callable[[Scenario, Services, Dataset, float], BenchmarkRunner]
"""Makes a runner of a scenario, its running services, a dataset and the per-query timeout in s."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One row of the table.

    `make_runner` makes the runner of the scenarios whose graph side this engine is;
    `describe_foreign` says what of others a load would delete; `message` says what a text becomes
    on its way to the server, with the per-query timeout. An engine that is never at a URL has no
    `url_example`, and its `open_external` refuses. `open_docker` also takes the image that the
    user wants instead of the pinned one; None: the engine has no container. `keeps_store`: a server
    stopped and started again reads its data from the disk as it goes, so that what is loaded once
    can be measured under several RAM limits; an engine in memory would load it again anyway.
    """

    id: str
    title: str
    url_example: str | None
    open_local: Callable[[ServerStart], Service]
    open_external: Callable[[str], Service]
    open_docker: Callable[[ServerStart, str | None], Service] | None = None
    local_availability: Callable[[], Availability]
    keeps_store: bool
    make_runner: MakeRunner
    describe_foreign: Callable[[Service], str | None]
    message: Callable[[BoundText, float], Message]


_LAYOUTS = {StorageModel.RELATIONAL: RELATIONAL, StorageModel.DOCUMENT: DOCUMENTS}


def _postgres_runner(
    scenario: Scenario, services: Services, dataset: Dataset, timeout_s: float
) -> BenchmarkRunner:
    service = services["postgresql"]
    return PostgresRunner(
        scenario=scenario,
        dataset=dataset,
        timeout_s=timeout_s,
        service=service,
        loader=PostgresLoader(service, _LAYOUTS[scenario.graph.model]),
    )


def _graph_runner(
    runner: Callable[..., BenchmarkRunner], loader: Callable[[Service, bool], Loader]
) -> MakeRunner:
    """Give what makes a `GraphRunner`; the loader takes the service, and whether to keep chunks."""

    def make(
        scenario: Scenario, services: Services, dataset: Dataset, timeout_s: float
    ) -> BenchmarkRunner:
        graph = services[scenario.graph.engine]
        series = None if scenario.series is None else services[scenario.series.engine]
        return runner(
            scenario=scenario,
            dataset=dataset,
            timeout_s=timeout_s,
            graph_service=graph,
            graph_loader=loader(graph, series is None),
            series_service=series,
            series_loader=None if series is None else SeriesLoader(series),
        )

    return make


def _bolt_runner(dialect: BoltDialect) -> MakeRunner:
    return _graph_runner(
        partial(MemgraphRunner, dialect=dialect),
        lambda graph, with_chunks: BoltLoader(graph, dialect, with_chunks=with_chunks),
    )


def _describe_foreign_bolt(dialect: BoltDialect) -> Callable[[Service], str | None]:
    return lambda service: BoltLoader(service, dialect, with_chunks=False).describe_foreign()


def _bolt_message(database: str) -> Callable[[BoundText, float], Message]:
    return lambda bound, timeout_s: bolt_message(
        bound.text, bound.parameters, timeout_s, database=database
    )


ENGINES: Mapping[str, Engine] = {
    engine.id: engine
    for engine in (
        Engine(
            id="postgresql",
            title="PostgreSQL",
            url_example="postgresql://user:password@host:5432/database",
            open_local=lambda start: open_postgres(
                start.data_dir, ram_bytes=start.ram_bytes, fresh=start.is_fresh
            ),
            open_external=open_external_postgres,
            open_docker=container_opener("postgresql"),
            local_availability=local_postgres_availability,
            keeps_store=True,
            make_runner=_postgres_runner,
            describe_foreign=describe_foreign,
            message=lambda bound, _timeout_s: extended_message(bound.text, bound.parameters),
        ),
        Engine(
            id="oxigraph",
            title="Oxigraph",
            url_example="http://host:7878",
            open_local=lambda start: open_oxigraph(
                start.data_dir,
                query_timeout_s=start.timeout_s,
                ram_bytes=start.ram_bytes,
                fresh=start.is_fresh,
            ),
            open_external=open_external_oxigraph,
            open_docker=container_opener("oxigraph"),
            local_availability=local_oxigraph_availability,
            keeps_store=True,
            make_runner=_graph_runner(
                OxigraphRunner,
                lambda graph, with_chunks: OxigraphLoader(graph, with_chunks=with_chunks),
            ),
            describe_foreign=lambda service: OxigraphLoader(service).describe_foreign(),
            message=lambda bound, _timeout_s: sparql_message(bound.text),
        ),
        Engine(
            id="falkordb",
            title="FalkorDB",
            url_example="redis://user:password@host:6379",
            open_local=lambda start: open_falkordb(
                start.data_dir, ram_bytes=start.ram_bytes, fresh=start.is_fresh
            ),
            open_external=open_external_falkordb,
            open_docker=container_opener("falkordb"),
            local_availability=local_falkordb_availability,
            keeps_store=False,
            make_runner=_graph_runner(
                FalkorDBRunner,
                lambda graph, with_chunks: FalkorDBLoader(graph, with_chunks=with_chunks),
            ),
            describe_foreign=lambda service: FalkorDBLoader(
                service, with_chunks=False
            ).describe_foreign(),
            message=lambda bound, timeout_s: falkordb_message(
                bound.text, bound.parameters, timeout_s
            ),
        ),
        Engine(
            id="arcadedb",
            title=arcadedb.TITLE,
            url_example=arcadedb.URL_EXAMPLE,
            open_local=lambda start: arcadedb.open_arcadedb(
                start.data_dir,
                query_timeout_s=start.timeout_s,
                ram_bytes=start.ram_bytes,
                fresh=start.is_fresh,
            ),
            open_external=arcadedb.open_external_arcadedb,
            open_docker=container_opener("arcadedb"),
            local_availability=local_arcadedb_availability,
            keeps_store=True,
            make_runner=_bolt_runner(arcadedb.ARCADEDB),
            describe_foreign=_describe_foreign_bolt(arcadedb.ARCADEDB),
            message=_bolt_message(arcadedb.DATABASE),
        ),
        Engine(
            id="memgraph",
            title=memgraph.TITLE,
            url_example=memgraph.URL_EXAMPLE,
            open_local=lambda start: memgraph.open_memgraph(
                start.data_dir,
                query_timeout_s=start.timeout_s,
                ram_bytes=start.ram_bytes,
                fresh=start.is_fresh,
            ),
            open_external=memgraph.open_external_memgraph,
            open_docker=container_opener("memgraph"),
            local_availability=local_memgraph_availability,
            keeps_store=False,
            make_runner=_bolt_runner(memgraph.MEMGRAPH),
            describe_foreign=_describe_foreign_bolt(memgraph.MEMGRAPH),
            message=_bolt_message(memgraph.DATABASE),
        ),
        Engine(
            id="duckdb",
            title="DuckDB",
            url_example=None,
            open_local=lambda start: open_duckdb(
                start.data_dir, ram_bytes=start.ram_bytes, fresh=start.is_fresh
            ),
            open_external=open_external_duckdb,
            local_availability=local_duckdb_availability,
            keeps_store=True,
            make_runner=_graph_runner(
                DuckDBRunner, lambda store, _with_chunks: DuckDBLoader(store)
            ),
            describe_foreign=lambda _service: None,
            message=lambda bound, timeout_s: duckdb_message(
                bound.text, bound.parameters, timeout_s
            ),
        ),
    )
}


def engines_of(scenario: Scenario) -> tuple[Engine, ...]:
    """Engines of a scenario: the graph side's, and the series side's where it has its own."""
    sides = [scenario.graph] if scenario.series is None else [scenario.graph, scenario.series]
    return tuple(ENGINES[engine_id] for engine_id in dict.fromkeys(side.engine for side in sides))


def open_runner(
    scenario: Scenario, services: Services, dataset: Dataset, timeout_s: float
) -> BenchmarkRunner:
    """Make the runner of a scenario over running services; it is not connected yet."""
    return ENGINES[scenario.graph.engine].make_runner(scenario, services, dataset, timeout_s)
