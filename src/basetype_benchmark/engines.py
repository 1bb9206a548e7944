"""THE TABLE: which service, loaders and runner stand behind an engine's name.

The only module that sees all three. Adding an engine adds a row here and one in the scenarios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path

from basetype_benchmark.config.scenarios import SCENARIOS, Scenario, StorageModel
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.availability import (
    Availability,
    external_availability,
    local_arcadedb_availability,
    local_duckdb_availability,
    local_falkordb_availability,
    local_memgraph_availability,
    local_oxigraph_availability,
    local_postgres_availability,
)
from basetype_benchmark.infrastructure.bolt_dialect import BoltDialect
from basetype_benchmark.infrastructure.duckdb_messages import duckdb_message
from basetype_benchmark.infrastructure.messages import (
    Message,
    bolt_message,
    falkordb_message,
    sparql_message,
)
from basetype_benchmark.infrastructure.postgres_messages import extended_message
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.infrastructure.services import arcadedb, memgraph
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


class Provider(StrEnum):
    """Where servers run."""

    AUTO = "auto"  # at the URL where one is given, else as a child process
    LOCAL = "local"
    EXTERNAL = "external"


@dataclass(frozen=True, kw_only=True)
class ServiceChoice:
    """What the user wants of the servers. `urls` are of running servers, by engine id.

    `may_empty`: a load may delete what others put into these.
    """

    provider: Provider = Provider.AUTO
    urls: Mapping[str, str] = field(default_factory=dict)
    may_empty: bool = False

    def url(self, engine: Engine) -> str | None:
        """Give the URL at which the engine is to be used; None for a child process."""
        return None if self.provider is Provider.LOCAL else self.urls.get(engine.id)

    def lacks_url(self, engine: Engine) -> bool:
        """Whether the engine must be external and no URL says where it is."""
        return self.provider is Provider.EXTERNAL and engine.id not in self.urls


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One row of the table.

    `open_local` takes the data directory, the per-query timeout, and whether to begin with a new,
    empty store; `make_runner` makes the runner of the scenarios whose graph side this engine is;
    `describe_foreign` says what of others a load would delete; `message` says what a text becomes
    on its way to the server, with the per-query timeout. An engine that is never at a URL has no
    `url_example`, and its `open_external` refuses.
    """

    id: str
    title: str
    url_example: str | None
    open_local: Callable[[Path, float, bool], Service]
    open_external: Callable[[str], Service]
    local_availability: Callable[[], Availability]
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
            open_local=lambda data_dir, _timeout_s, fresh: open_postgres(data_dir, fresh=fresh),
            open_external=open_external_postgres,
            local_availability=local_postgres_availability,
            make_runner=_postgres_runner,
            describe_foreign=describe_foreign,
            message=lambda bound, _timeout_s: extended_message(bound.text, bound.parameters),
        ),
        Engine(
            id="oxigraph",
            title="Oxigraph",
            url_example="http://host:7878",
            open_local=lambda data_dir, timeout_s, fresh: open_oxigraph(
                data_dir, query_timeout_s=timeout_s, fresh=fresh
            ),
            open_external=open_external_oxigraph,
            local_availability=local_oxigraph_availability,
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
            open_local=lambda data_dir, _timeout_s, fresh: open_falkordb(data_dir, fresh=fresh),
            open_external=open_external_falkordb,
            local_availability=local_falkordb_availability,
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
            open_local=lambda data_dir, timeout_s, fresh: arcadedb.open_arcadedb(
                data_dir, query_timeout_s=timeout_s, fresh=fresh
            ),
            open_external=arcadedb.open_external_arcadedb,
            local_availability=local_arcadedb_availability,
            make_runner=_bolt_runner(arcadedb.ARCADEDB),
            describe_foreign=_describe_foreign_bolt(arcadedb.ARCADEDB),
            message=_bolt_message(arcadedb.DATABASE),
        ),
        Engine(
            id="memgraph",
            title=memgraph.TITLE,
            url_example=memgraph.URL_EXAMPLE,
            open_local=lambda data_dir, timeout_s, fresh: memgraph.open_memgraph(
                data_dir, query_timeout_s=timeout_s, fresh=fresh
            ),
            open_external=memgraph.open_external_memgraph,
            local_availability=local_memgraph_availability,
            make_runner=_bolt_runner(memgraph.MEMGRAPH),
            describe_foreign=_describe_foreign_bolt(memgraph.MEMGRAPH),
            message=_bolt_message(memgraph.DATABASE),
        ),
        Engine(
            id="duckdb",
            title="DuckDB",
            url_example=None,
            open_local=lambda data_dir, _timeout_s, fresh: open_duckdb(data_dir, fresh=fresh),
            open_external=open_external_duckdb,
            local_availability=local_duckdb_availability,
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


def check_engine(engine: Engine, choice: ServiceChoice) -> Availability:
    """Say whether an engine can be used; starts nothing, but asks an external server."""
    if choice.lacks_url(engine):
        reason = _why_no_url(engine)
        return Availability(engine=engine.id, provider=choice.provider.value, why_not=reason)
    url = choice.url(engine)
    if url is None:
        return engine.local_availability()
    return external_availability(engine.open_external(url))


def _why_no_url(engine: Engine) -> str:
    if engine.url_example is None:
        return f"{engine.title} is never external: btb runs it itself; take --provider auto"
    return (
        f"--provider external needs the address of {engine.title}: "
        f"--url {engine.id}={engine.url_example}"
    )


def runnable_scenarios(choice: ServiceChoice) -> tuple[Scenario, ...]:
    """Scenarios all of whose engines can be used here."""
    usable = {e.id for e in ENGINES.values() if check_engine(e, choice).why_not is None}
    return tuple(
        scenario
        for scenario in SCENARIOS.values()
        if all(engine.id in usable for engine in engines_of(scenario))
    )


def require_engines(
    scenarios: Sequence[Scenario], choice: ServiceChoice, *, to_load: bool = True
) -> None:
    """See that every engine of these scenarios can be used, before any of them is.

    With `to_load`, also that loading deletes nothing of others.

    Raises:
        UsageError: an external server has no URL, or holds what we did not load.
        ServiceUnavailable: an engine cannot run here; says what is missing.
    """
    needed = {engine.id: engine for s in scenarios for engine in engines_of(s)}
    for engine in needed.values():
        reason = check_engine(engine, choice).why_not
        if reason is not None:
            raise (UsageError if choice.lacks_url(engine) else ServiceUnavailable)(reason)
    if to_load:
        for engine in needed.values():
            _require_own_data(engine, choice)


def _require_own_data(engine: Engine, choice: ServiceChoice) -> None:
    url = choice.url(engine)
    if url is None or choice.may_empty:
        return
    with engine.open_external(url) as service:
        found = engine.describe_foreign(service)
        place = f"{service.endpoint.host}:{service.endpoint.port}"
    if found is not None:
        raise UsageError(
            f"the external {engine.title} at {place} holds {found} that basetype-benchmark did not "
            "load and would delete; take another database, or allow it with --yes"
        )


def describe_places(scenario: Scenario, choice: ServiceChoice) -> dict[str, str]:
    """Say by engine where it runs, without passwords: part of a result's fingerprint."""
    places = {}
    for engine in engines_of(scenario):
        url = choice.url(engine)
        endpoint = None if url is None else engine.open_external(url).endpoint
        places[engine.id] = (
            Provider.LOCAL.value
            if endpoint is None
            else f"external {endpoint.host}:{endpoint.port}/{endpoint.database}"
        )
    return places


@contextmanager
def open_services(
    scenario: Scenario,
    choice: ServiceChoice,
    folder: Path,
    timeout_s: float,
    *,
    fresh: bool = False,
) -> Iterator[Services]:
    """Run the servers of a scenario while the context is open, with their data under `folder`.

    With `fresh`, servers of our own start with new, empty stores; external ones stay as they are.

    Raises:
        HostError: a server did not start or does not answer.
    """
    with ExitStack() as stack:
        services: dict[str, Service] = {}
        for engine in engines_of(scenario):
            url = choice.url(engine)
            service = (
                engine.open_local(folder / engine.id, timeout_s, fresh)
                if url is None
                else engine.open_external(url)
            )
            services[engine.id] = stack.enter_context(service)
        yield services


def open_runner(
    scenario: Scenario, services: Services, dataset: Dataset, timeout_s: float
) -> BenchmarkRunner:
    """Make the runner of a scenario over running services; it is not connected yet."""
    return ENGINES[scenario.graph.engine].make_runner(scenario, services, dataset, timeout_s)
