"""How much room data takes in each engine: measured figures, from which levels are chosen.

Measured by ``btb run`` on tiny-2d (3 258 nodes and relations, 370 860 samples) and small-2d (30 887
and 3 646 785), local servers, no limit, November 2026; the line through both. On disk: the size of
the store that the result states, and for the server itself its memory after the load. In memory:
the server's own memory (PSS) after the load. Memgraph was not run: its row is FalkorDB's, doubled,
a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basetype_benchmark.config.ram import GRAPH_SHARE
from basetype_benchmark.config.scenarios import Scenario, StorageModel
from basetype_benchmark.units import MIB


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """What an engine takes: the server itself, a node or relation, a sample.

    `usable_share` is how much of its RAM its settings leave for data.
    """

    server_bytes: int
    bytes_per_element: float
    bytes_per_sample: float
    usable_share: float = 1.0


_EXPANSION: Mapping[str, Expansion] = {
    "postgresql": Expansion(server_bytes=60 * MIB, bytes_per_element=400, bytes_per_sample=147),
    "oxigraph": Expansion(server_bytes=30 * MIB, bytes_per_element=1020, bytes_per_sample=26),
    "falkordb": Expansion(
        server_bytes=21 * MIB, bytes_per_element=415, bytes_per_sample=40, usable_share=0.7
    ),
    "memgraph": Expansion(
        server_bytes=60 * MIB, bytes_per_element=830, bytes_per_sample=80, usable_share=0.9
    ),
    "arcadedb": Expansion(server_bytes=300 * MIB, bytes_per_element=950, bytes_per_sample=29),
    "duckdb": Expansion(server_bytes=80 * MIB, bytes_per_element=100, bytes_per_sample=13),
}
_WITH_SAMPLES = frozenset(
    {
        StorageModel.RELATIONAL,
        StorageModel.DOCUMENT,
        StorageModel.PROPERTY_GRAPH_CHUNKS,
        StorageModel.RDF_CHUNKS,
    }
)


def estimate_need_bytes(
    scenario: Scenario, *, elements: int, samples: int, graph_share: float = GRAPH_SHARE
) -> int:
    """Estimate the RAM in which all data of a scenario fits, with both servers where it has two.

    An engine in memory needs so much; one on disk works with less, but reads again and again.
    """
    keeps_samples = scenario.graph.model in _WITH_SAMPLES
    graph = _need(scenario.graph.engine, elements, samples if keeps_samples else 0)
    if scenario.series is None:
        return round(graph)
    series = _need(scenario.series.engine, 0, samples)
    return round(max(graph / graph_share, series / (1 - graph_share)))


def _need(engine: str, elements: int, samples: int) -> float:
    of = _EXPANSION[engine]
    data = elements * of.bytes_per_element + samples * of.bytes_per_sample
    return of.server_bytes + data / of.usable_share
