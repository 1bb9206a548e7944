"""The container images, pinned: what runs under a name is always the same."""

from __future__ import annotations

from collections.abc import Mapping

IMAGES: Mapping[str, str] = {
    "postgresql": "timescale/timescaledb-ha:pg17.6-ts2.22.1",
    "oxigraph": "oxigraph/oxigraph:0.5.0",
    "falkordb": "falkordb/falkordb:v4.14.0",
    "arcadedb": "arcadedata/arcadedb:25.9.1",
    "memgraph": "memgraph/memgraph:3.12.0",
}
"""References by engine id."""
