"""What is no graph is told from one, with the file and the first row that is wrong."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.integrity import check_graph
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA
from basetype_benchmark.errors import DatasetError
from tests.toy import build_toy_graph

Rows = list[dict[str, str | None]]
FOLDER = Path("/data/tiny")


def check(nodes: Rows, edges: Rows) -> None:
    check_graph(
        FOLDER,
        pa.Table.from_pylist(nodes, schema=NODE_SCHEMA),
        pa.Table.from_pylist(edges, schema=EDGE_SCHEMA),
    )


@pytest.fixture(scope="module")
def toy() -> Graph:
    return build_toy_graph()


def test_the_toy_building_is_sound(toy: Graph) -> None:
    check_graph(FOLDER, toy.nodes, toy.edges)


def first(edges: Rows, relation: str) -> dict[str, str | None]:
    return next(edge for edge in edges if edge["rel_type"] == relation)


def no_nodes(nodes: Rows, _edges: Rows) -> None:
    nodes.clear()


def twice_the_same_node(nodes: Rows, _edges: Rows) -> None:
    nodes.append(nodes[0])


def unknown_type(nodes: Rows, _edges: Rows) -> None:
    nodes[0]["type"] = "Dragon"


def to_nowhere(_nodes: Rows, edges: Rows) -> None:
    first(edges, "FEEDS")["dst_id"] = "nowhere"


def from_nowhere(_nodes: Rows, edges: Rows) -> None:
    first(edges, "FEEDS")["src_id"] = "nowhere"


def twice_the_same_relation(_nodes: Rows, edges: Rows) -> None:
    edges.append(edges[0])


def unknown_relation(_nodes: Rows, edges: Rows) -> None:
    edges[0]["rel_type"] = "LOVES"


def wrong_ends(_nodes: Rows, edges: Rows) -> None:
    first(edges, "OCCUPIES")["dst_id"] = "site"


def unknown_medium(_nodes: Rows, edges: Rows) -> None:
    first(edges, "FEEDS")["medium"] = "plasma"


def medium_of_no_flow(_nodes: Rows, edges: Rows) -> None:
    first(edges, "OCCUPIES")["medium"] = "air"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (no_nodes, "nodes.parquet is damaged: it has no nodes"),
        (twice_the_same_node, "several nodes have the id 'b01'"),
        (unknown_type, "'b01' is of no known type: 'Dragon'"),
        (to_nowhere, "1 relations lead to nodes that do not exist, the first to 'nowhere'"),
        (from_nowhere, "edges.parquet is damaged: 1 relations lead to nodes that do not exist"),
        (twice_the_same_relation, "is there twice"),
        (unknown_relation, "'LOVES' .* is no known relation"),
        (wrong_ends, "'OCCUPIES' 'site' joins a Tenant and a Site, which it never does"),
        (unknown_medium, "cannot have the medium 'plasma'"),
        (medium_of_no_flow, "'OCCUPIES' .* cannot have the medium 'air'"),
    ],
)
def test_damage_is_named(toy: Graph, spoil: Callable[[Rows, Rows], None], message: str) -> None:
    nodes, edges = toy.nodes.to_pylist(), toy.edges.to_pylist()
    spoil(nodes, edges)
    with pytest.raises(DatasetError, match=message) as caught:
        check(nodes, edges)
    assert str(caught.value).startswith(f"{FOLDER}/")
    assert "\n" not in str(caught.value)
