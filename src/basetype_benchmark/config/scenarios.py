"""The scenarios: which engine holds the graph, which the series, and in which storage model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from basetype_benchmark.errors import UsageError


class StorageModel(StrEnum):
    """How the data is laid out; also the name of the query text written for it."""

    RELATIONAL = "relational"
    DOCUMENT = "document"
    PROPERTY_GRAPH = "property_graph"
    PROPERTY_GRAPH_CHUNKS = "property_graph_chunks"
    RDF = "rdf"
    RDF_CHUNKS = "rdf_chunks"
    SERIES = "series"

    @property
    def of_graph(self) -> StorageModel:
        """The model of the graph alone: what a question asks that touches no series."""
        return _GRAPH_ALONE.get(self, self)


_GRAPH_ALONE = {
    StorageModel.PROPERTY_GRAPH_CHUNKS: StorageModel.PROPERTY_GRAPH,
    StorageModel.RDF_CHUNKS: StorageModel.RDF,
}


@dataclass(frozen=True, kw_only=True)
class Side:
    """One half of a scenario: an engine of the engine table and the model it stores."""

    engine: str
    model: StorageModel


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One way of storing a building.

    `series` is None when the graph side's engine keeps the series too. `cannot` maps a query id
    to the reason why this scenario cannot express it.
    """

    id: str
    title: str
    graph: Side
    series: Side | None = None
    cannot: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_federated(self) -> bool:
        """Whether graph and series live in two engines."""
        return self.series is not None


SCENARIOS: Mapping[str, Scenario] = {
    scenario.id: scenario
    for scenario in (
        Scenario(
            id="P1",
            title="PostgreSQL, relational",
            graph=Side(engine="postgresql", model=StorageModel.RELATIONAL),
        ),
        Scenario(
            id="P2",
            title="PostgreSQL, JSONB documents",
            graph=Side(engine="postgresql", model=StorageModel.DOCUMENT),
        ),
        Scenario(
            id="O1",
            title="Oxigraph (RDF), series as chunks",
            graph=Side(engine="oxigraph", model=StorageModel.RDF_CHUNKS),
        ),
        Scenario(
            id="O2",
            title="Oxigraph (RDF) + PostgreSQL series",
            graph=Side(engine="oxigraph", model=StorageModel.RDF),
            series=Side(engine="postgresql", model=StorageModel.SERIES),
        ),
        Scenario(
            id="F1",
            title="FalkorDB (property graph) with chunks",
            graph=Side(engine="falkordb", model=StorageModel.PROPERTY_GRAPH_CHUNKS),
        ),
        Scenario(
            id="F2",
            title="FalkorDB (property graph) + PostgreSQL series",
            graph=Side(engine="falkordb", model=StorageModel.PROPERTY_GRAPH),
            series=Side(engine="postgresql", model=StorageModel.SERIES),
        ),
        Scenario(
            id="M1",
            title="Memgraph (property graph) with chunks",
            graph=Side(engine="memgraph", model=StorageModel.PROPERTY_GRAPH_CHUNKS),
        ),
        Scenario(
            id="M2",
            title="Memgraph (property graph) + PostgreSQL series",
            graph=Side(engine="memgraph", model=StorageModel.PROPERTY_GRAPH),
            series=Side(engine="postgresql", model=StorageModel.SERIES),
        ),
        Scenario(
            id="A1",
            title="ArcadeDB (property graph) with chunks",
            graph=Side(engine="arcadedb", model=StorageModel.PROPERTY_GRAPH_CHUNKS),
        ),
        Scenario(
            id="A2",
            title="ArcadeDB (property graph) + PostgreSQL series",
            graph=Side(engine="arcadedb", model=StorageModel.PROPERTY_GRAPH),
            series=Side(engine="postgresql", model=StorageModel.SERIES),
        ),
        Scenario(
            id="D1",
            title="DuckDB, relational",
            graph=Side(engine="duckdb", model=StorageModel.RELATIONAL),
        ),
    )
}


def find_scenario(scenario_id: str) -> Scenario:
    """Look up a scenario, whatever the case of its id.

    Raises:
        UsageError: no such scenario; the message lists those there are.
    """
    try:
        return SCENARIOS[scenario_id.strip().upper()]
    except KeyError:
        raise UsageError(
            f"there is no scenario {scenario_id!r}; choose from: {', '.join(SCENARIOS)}"
        ) from None
