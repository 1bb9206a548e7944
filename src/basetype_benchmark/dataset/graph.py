"""The graph half of a dataset, in memory."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Nodes and relations of a profile, and the ghosts planted among them.

    `nodes` is in `NODE_SCHEMA` sorted by id; `edges` in `EDGE_SCHEMA` sorted by
    (rel_type, src_id, dst_id). Ids sort by code point.
    """

    nodes: pa.Table
    edges: pa.Table
    ghosts: tuple[str, ...]
