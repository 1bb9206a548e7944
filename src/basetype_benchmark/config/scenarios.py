"""The scenarios: which engine holds the graph, which the series, and in which storage model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from basetype_benchmark.errors import UsageError


class StorageModel(StrEnum):
    """How the data is laid out; also the name of the query text written for it."""

    RELATIONAL = "relational"
    RDF = "rdf"
    SERIES = "series"


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
            id="O2",
            title="Oxigraph (RDF) + PostgreSQL series",
            graph=Side(engine="oxigraph", model=StorageModel.RDF),
            series=Side(engine="postgresql", model=StorageModel.SERIES),
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
