"""Graphs of some of the buildings of a graph."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.parts import SITE_PARTITION
from basetype_benchmark.dataset.storage import Storage
from basetype_benchmark.dataset.writer import EDGES_NAME, NODES_NAME


def keep_buildings(graph: Graph, building_ids: Iterable[str]) -> Graph:
    """Keep the site and some buildings, with the relations among what is kept."""
    home = _home(graph.nodes)
    wanted = pa.array(list(building_ids), pa.string())
    nodes = graph.nodes.filter(pc.or_(pc.is_null(home), pc.is_in(home, wanted)))
    return _with_relations(graph, nodes)


def cut_out(graph: Graph, part_id: str) -> Graph:
    """Keep one building alone, or the site alone."""
    home = _home(graph.nodes)
    chosen = pc.is_null(home) if part_id == SITE_PARTITION else pc.equal(home, part_id)
    return _with_relations(graph, graph.nodes.filter(chosen))


def has_points(graph: Graph) -> bool:
    """Whether anything in a graph has a series."""
    return NodeType.POINT.value in graph.nodes.column("type").unique().to_pylist()


def read_building_graph(storage: Storage, part_id: str) -> Graph:
    """Read one building, or the site, of a dataset that may not be complete yet.

    Its ghosts are not known.
    """
    nodes = pq.read_table(storage.path(NODES_NAME), filesystem=storage.filesystem)
    edges = pq.read_table(storage.path(EDGES_NAME), filesystem=storage.filesystem)
    return cut_out(Graph(nodes=nodes, edges=edges, ghosts=()), part_id)


def _home(nodes: pa.Table) -> pa.ChunkedArray:
    """Building of each node: a building is at home in itself."""
    is_building = pc.equal(nodes.column("type"), NodeType.BUILDING.value)
    return pc.if_else(is_building, nodes.column("id"), nodes.column("building_id"))


def _with_relations(graph: Graph, nodes: pa.Table) -> Graph:
    ids = nodes.column("id").combine_chunks()
    edges = graph.edges
    inside = pc.and_(pc.is_in(edges.column("src_id"), ids), pc.is_in(edges.column("dst_id"), ids))
    known = set(ids.to_pylist())
    ghosts = tuple(ghost for ghost in graph.ghosts if ghost in known)
    return Graph(nodes=nodes, edges=edges.filter(inside), ghosts=ghosts)
