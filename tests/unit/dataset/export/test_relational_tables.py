"""The graph as relational rows: nothing is lost, and what has no place is refused by name."""

from typing import Any

import pyarrow as pa
import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.export.relational.layout import (
    JUNCTIONS,
    NODE_TABLES,
    RELATION_COLUMNS,
)
from basetype_benchmark.dataset.export.relational.tables import relational_tables
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA, RELATION_ENDS
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.errors import DatasetError
from tests.unit.dataset.export.coded import coded

FLOOR = {"id": "b01.f01", "type": "Floor", "name": "First", "building_id": "b01"}
BUILDING = {"id": "b01", "type": "Building", "name": "One", "building_id": "b01"}
SPACE = {"id": "s", "type": "Space", "name": "Room"}
FAN = {"id": "fan", "type": "Equipment", "name": "Fan", "space_id": "s"}
AHU = {"id": "ahu", "type": "Equipment", "name": "AHU", "properties": '{"kw": 5}'}
METER = {"id": "m", "type": "Meter", "name": "Meter"}


def lay_out(
    nodes: list[dict[str, str]], *relations: tuple[str, ...], are_coded: bool = False
) -> dict[str, list[Any]]:
    table = pa.Table.from_pylist(nodes, schema=NODE_SCHEMA)
    edges = [
        dict(zip(EDGE_SCHEMA.names, (*relation, None, None)[:5], strict=True))
        for relation in relations
    ]
    filled = relational_tables(
        coded(table) if are_coded else table,
        pa.Table.from_pylist(edges, schema=EDGE_SCHEMA),
    )
    return {table.table: table.rows.to_pylist() for table in filled}


def test_a_relation_with_one_counterpart_is_a_column() -> None:
    tables = lay_out([BUILDING, FLOOR], ("b01", "b01.f01", "CONTAINS"))
    assert tables["floor"] == [
        {
            "id": "b01.f01",
            "name": "First",
            "building_id": "b01",
            "brick_class": None,
            "properties": None,
        }
    ]


def test_a_part_keeps_its_space_without_standing_there() -> None:
    tables = lay_out([SPACE, FAN, AHU], ("ahu", "fan", "HAS_PART"), ("ahu", "s", "LOCATED_IN"))
    kept = {row["id"]: (row["space_id"], row["located_in"], row["part_of"], row["properties"])
            for row in tables["equipment"]}  # fmt: skip
    assert kept == {"fan": ("s", None, "ahu", None), "ahu": (None, "s", None, '{"kw": 5}')}


def test_each_pair_of_ends_has_its_junction_and_keeps_its_medium() -> None:
    tables = lay_out(
        [AHU, FAN, METER],
        ("m", "ahu", "FEEDS", "electricity", '{"loss": 0.02}'),
        ("ahu", "fan", "FEEDS", "air"),
    )
    assert tables["meter_feeds_equipment"] == [
        {
            "meter_id": "m",
            "fed_equipment_id": "ahu",
            "medium": "electricity",
            "properties": '{"loss": 0.02}',
        }
    ]
    assert [row["medium"] for row in tables["equipment_feeds_equipment"]] == ["air"]
    assert tables["meter_feeds_meter"] == []


def test_properties_of_a_relation_that_is_a_column_are_kept_aside() -> None:
    tables = lay_out([AHU, FAN], ("ahu", "fan", "HAS_PART", "", '{"slot": 1}'))
    assert tables["relation_properties"] == [
        {"rel_type": "HAS_PART", "src_id": "ahu", "dst_id": "fan", "properties": '{"slot": 1}'}
    ]


@pytest.mark.parametrize("are_coded", [False, True], ids=["plain", "coded"])
@pytest.mark.parametrize(
    ("nodes", "relations", "problem"),
    [
        ([AHU, METER], [("ahu", "m", "CONTROLS")], "Equipment CONTROLS Meter"),
        ([AHU], [("ahu", "ghost", "FEEDS")], "Equipment FEEDS unknown node"),
        ([AHU, AHU, FAN], [("ahu", "fan", "HAS_PART")], "two nodes have the same id"),
        ([FLOOR], [], "building_id of b01.f01 is not what CONTAINS says"),
        ([METER | {"role": "sensor"}], [], "no column for the role of a Meter: m"),
        ([SPACE | {"space_id": "other"}], [], "no column for the space_id of a Space: s"),
        (
            [AHU, FAN, FAN | {"id": "x"}],
            [("ahu", "x", "HAS_PART"), ("fan", "x", "HAS_PART")],
            "more than one HAS_PART for one Equipment: x",
        ),
    ],
    ids=lambda value: value.split(" ")[0] if isinstance(value, str) else "",
)
def test_what_has_no_place_is_refused_by_name(
    nodes: list[dict[str, str]], relations: list[tuple[str, ...]], problem: str, are_coded: bool
) -> None:
    with pytest.raises(DatasetError, match=problem) as caught:
        lay_out(nodes, *relations, are_coded=are_coded)
    assert "\n" not in str(caught.value)


def test_a_generated_building_is_laid_out_without_a_loss() -> None:
    graph = build_graph(find_profile("tiny-2d"), 42)
    tables = {t.table: t.rows for t in relational_tables(graph.nodes, graph.edges)}
    rows_of_nodes = sum(tables[table.table].num_rows for table in NODE_TABLES)
    assert rows_of_nodes == graph.nodes.num_rows
    table_of = {table.type: table.table for table in NODE_TABLES}
    in_columns = 0
    for column in RELATION_COLUMNS:
        values = tables[table_of[column.holder]][column.column]
        in_columns += len(values) - values.null_count
    in_junctions = sum(tables[junction.table].num_rows for junction in JUNCTIONS)
    assert in_columns + in_junctions == graph.edges.num_rows


def test_nodes_read_as_dictionaries_make_the_same_rows() -> None:
    graph = build_graph(find_profile("tiny-2d"), 42)
    plain = relational_tables(graph.nodes, graph.edges)
    for ours, other in zip(relational_tables(coded(graph.nodes), graph.edges), plain, strict=True):
        assert ours.table == other.table
        assert ours.rows.column_names == other.rows.column_names
        assert ours.rows.to_pylist() == other.rows.to_pylist()


def test_the_biggest_first_are_the_same_tables_in_another_order() -> None:
    graph = build_graph(find_profile("tiny-2d"), 42)
    usual = {t.table: t.rows for t in relational_tables(graph.nodes, graph.edges)}
    ordered = list(relational_tables(coded(graph.nodes), graph.edges, biggest_first=True))
    sizes = [table.rows.num_rows for table in ordered[: len(NODE_TABLES)]]
    assert sizes == sorted(sizes, reverse=True)
    assert {t.table: t.rows.to_pylist() for t in ordered} == {
        name: rows.to_pylist() for name, rows in usual.items()
    }


def test_every_relation_of_the_data_model_has_one_place() -> None:
    for relation, pairs in RELATION_ENDS.items():
        for source, target in pairs:
            places = [
                place
                for place in (*RELATION_COLUMNS, *JUNCTIONS)
                if place.joins(relation, source, target)
            ]
            assert len(places) == 1, (relation, source, target)
