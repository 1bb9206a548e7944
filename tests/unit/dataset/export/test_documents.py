"""The graph as documents: every column, property and relation can be read from them."""

import json
from collections import defaultdict

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.export.document.documents import ENTITY_SCHEMA, entities
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_COLUMNS, NODE_SCHEMA, Relation
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.errors import DatasetError
from tests.unit.dataset.export.coded import coded

Rows = list[dict[str, str | None]]

texts = st.text(st.characters(codec="utf-8"))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=5,
)
properties = st.none() | st.dictionaries(texts, json_values).map(json.dumps)
nodes = st.fixed_dictionaries(
    {name: st.none() | texts for name in NODE_COLUMNS}
    | {"id": texts, "type": texts, "name": texts, "properties": properties}
)


def documents(node_rows: Rows, edge_rows: Rows) -> dict[str, dict[str, object]]:
    found = {}
    batches = entities(
        pa.Table.from_pylist(node_rows, schema=NODE_SCHEMA),
        pa.Table.from_pylist(edge_rows, schema=EDGE_SCHEMA),
    )
    for batch in batches:
        assert batch.schema == ENTITY_SCHEMA
        found |= {
            row["id"]: {"type": row["type"], **json.loads(row["doc"])} for row in batch.to_pylist()
        }
    return found


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(nodes, max_size=4, unique_by=lambda row: row["id"]))
def test_every_column_and_property_comes_back(rows: Rows) -> None:
    found = documents(rows, [])
    for row in rows:
        document = found[row["id"] or ""]
        stated = {name: value for name, value in row.items() if value is not None and name != "id"}
        if "properties" in stated:
            stated["properties"] = json.loads(stated["properties"])
        assert document == stated


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(nodes, max_size=4, unique_by=lambda row: row["id"]))
def test_nodes_read_as_dictionaries_make_the_same_documents(rows: Rows) -> None:
    table, no_edges = pa.Table.from_pylist(rows, schema=NODE_SCHEMA), EDGE_SCHEMA.empty_table()
    assert list(entities(coded(table), no_edges)) == list(entities(table, no_edges))


def test_documents_of_a_big_graph_come_in_many_parts_that_are_one_whole() -> None:
    graph = build_graph(find_profile("small-2d"), 42)
    of_all = list(entities(graph.nodes, graph.edges))
    assert len(of_all) > 1
    ids = [batch["id"].to_pylist() for batch in of_all]
    assert [node for part in ids for node in part] == graph.nodes["id"].to_pylist()
    assert of_all == list(entities(coded(graph.nodes), graph.edges))


edges = st.fixed_dictionaries(
    {
        "src_id": st.sampled_from("abc"),
        "dst_id": st.sampled_from("abc"),
        "rel_type": st.sampled_from([relation.value for relation in Relation]),
        "medium": st.sampled_from([None, "air", "electricity"]),
        "properties": properties,
    }
)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        edges,
        max_size=8,
        unique_by=lambda row: tuple(row[n] for n in ("src_id", "dst_id", "rel_type", "medium")),
    )
)
def test_every_relation_comes_back_with_its_medium_and_properties(rows: Rows) -> None:
    found = documents([{"id": n, "type": "Equipment", "name": n} for n in "abc"], rows)
    targets: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        source, target, key = row["src_id"] or "", row["dst_id"] or "", str(row["rel_type"]).lower()
        targets[source, key].add(target)
        document = found[source]
        if row["medium"] is not None:
            assert target in document[f"{key}_by_medium"][row["medium"]]
        if row["properties"] is not None:
            described = {"relation": key, "to": target, "properties": json.loads(row["properties"])}
            described |= {} if row["medium"] is None else {"medium": row["medium"]}
            assert described in document["relation_properties"]
    for (source, key), expected in targets.items():
        assert sorted(found[source][key]) == sorted(expected)


@pytest.mark.parametrize("text", ["[1]", "{", "null", '"text"'])
def test_properties_that_are_no_object_are_refused(text: str) -> None:
    with pytest.raises(DatasetError, match="not a JSON object"):
        documents([{"id": "a", "type": "Space", "name": "A", "properties": text}], [])
