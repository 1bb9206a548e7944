"""The graph as a property graph: every property comes back, with its type where it has one."""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.export.property_graph import (
    LIST_SEPARATOR,
    REST,
    labelled_nodes,
    relationships,
)
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA
from basetype_benchmark.errors import DatasetError

Properties = dict[str, Any]

texts = st.text(st.characters(codec="utf-8"))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=4
)
names = texts | st.sampled_from(["serial", "model", "haystack", "id", "name", "medium", "a1"])
property_sets = st.dictionaries(names, values | st.lists(texts))


def read_nodes(listed: list[Properties]) -> tuple[list[Properties], pa.Schema]:
    """The rows of nodes that have those properties, in their order."""
    rows = [
        {"id": f"{n:03}", "type": "Equipment", "name": "E", "properties": json.dumps(properties)}
        for n, properties in enumerate(listed)
    ]
    (labelled,) = labelled_nodes(pa.Table.from_pylist(rows, schema=NODE_SCHEMA))
    return labelled.rows.to_pylist(), labelled.rows.schema


@settings(max_examples=25, deadline=None)
@given(listed=st.lists(property_sets, min_size=1, max_size=4))
def test_no_property_is_lost_and_none_is_made_up(listed: list[Properties]) -> None:
    rows, _ = read_nodes(listed)
    for row, stated in zip(rows, listed, strict=True):
        rest = json.loads(row.pop(REST, None) or "{}")
        own = {key: value for key, value in row.items() if key not in ("id", "name")}
        found = {key: value for key, value in (own | rest).items() if value is not None}
        expected = {key: value for key, value in stated.items() if value is not None}
        assert comparable(found) == comparable(expected)


def comparable(properties: Properties) -> Properties:
    """An integer may have become the float that is equal to it, where others are floats."""
    return {
        key: float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for key, value in properties.items()
        if not (isinstance(value, int) and abs(value) > 1 << 53)
    }


def test_a_column_has_the_one_type_of_its_values() -> None:
    listed = [
        {"kw": 1, "serial": "A", "on": True, "tags": ["ahu", "equip"], "slot": 3},
        {"kw": 2.5, "serial": None, "on": False},
    ]
    rows, schema = read_nodes(listed)
    assert {
        name: str(schema.field(name).type) for name in ("kw", "serial", "on", "tags", "slot")
    } == {
        "kw": "double",
        "serial": "string",
        "on": "bool",
        "tags": "list<item: string>",
        "slot": "int64",
    }
    assert REST not in schema.names
    assert rows[1]["tags"] is None


@pytest.mark.parametrize(
    "value",
    [{"a": 1}, [1, 2], [], ["a;b"], [""], 1 << 70, float("inf"), "\ud800", ["\ud800"]],
    ids=["object", "numbers", "none", "separator", "empty", "huge", "infinite", "half", "halves"],
)
def test_what_a_property_cannot_be_stays_json(value: object) -> None:
    ((row,), schema) = read_nodes([{"x": value}])
    assert "x" not in schema.names
    assert json.loads(row[REST]) == {"x": value}


@pytest.mark.parametrize(
    ("integer", "kind"), [(1 << 53, "double"), ((1 << 53) + 1, None), (-(1 << 62), None)]
)
def test_an_integer_is_a_float_among_floats_only_if_that_is_exact(
    integer: int, kind: str | None
) -> None:
    rows, schema = read_nodes([{"x": integer}, {"x": 0.5}])
    assert (str(schema.field("x").type) if "x" in schema.names else None) == kind
    found = [row["x"] if kind else json.loads(row[REST])["x"] for row in rows]
    assert found == [integer, 0.5]
    (alone,), schema = read_nodes([{"x": integer}])
    assert (alone["x"], str(schema.field("x").type)) == (integer, "int64")


def test_a_name_with_several_types_or_that_is_taken_stays_json() -> None:
    rows, schema = read_nodes([{"x": "text", "name": "other"}, {"x": 1}])
    assert "x" not in schema.names
    assert [json.loads(row[REST]) for row in rows] == [{"x": "text", "name": "other"}, {"x": 1}]
    assert [row["name"] for row in rows] == ["E", "E"]


@settings(max_examples=25, deadline=None)
@given(items=st.lists(texts, min_size=1, max_size=4))
def test_a_list_that_is_a_column_comes_apart_at_its_separators(items: list[str]) -> None:
    ((row,), schema) = read_nodes([{"tags": items}])
    if "tags" in schema.names:
        assert LIST_SEPARATOR.join(row["tags"]).split(LIST_SEPARATOR) == items


def test_relationships_are_told_apart_by_their_ends() -> None:
    nodes = [
        {"id": "m", "type": "Meter", "name": "M"},
        {"id": "e", "type": "Equipment", "name": "E"},
    ]
    edges = [
        {"src_id": "m", "dst_id": "e", "rel_type": "FEEDS", "medium": "electricity"},
        {"src_id": "e", "dst_id": "e", "rel_type": "FEEDS", "properties": '{"loss": 0.5}'},
    ]
    found = {
        (r.relation.value, r.source.value, r.target.value): r.rows.to_pylist()
        for r in relationships(
            pa.Table.from_pylist(nodes, schema=NODE_SCHEMA),
            pa.Table.from_pylist(edges, schema=EDGE_SCHEMA),
        )
    }
    assert found == {
        ("FEEDS", "Equipment", "Equipment"): [{"src_id": "e", "dst_id": "e", "loss": 0.5}],
        ("FEEDS", "Meter", "Equipment"): [{"src_id": "m", "dst_id": "e", "medium": "electricity"}],
    }


@pytest.mark.parametrize("text", ["[1]", "{", "null", '"text"'])
def test_properties_that_are_no_object_are_refused(text: str) -> None:
    rows = [{"id": "a", "type": "Space", "name": "A", "properties": text}]
    with pytest.raises(DatasetError, match="the properties"):
        list(labelled_nodes(pa.Table.from_pylist(rows, schema=NODE_SCHEMA)))
