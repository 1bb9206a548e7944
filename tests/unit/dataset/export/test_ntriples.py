"""The graph as N-Triples: a small graph line by line, and nothing lost of any graph."""

import json
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from basetype_benchmark.dataset.export.ntriples import stream_ntriples, write_ntriples
from basetype_benchmark.dataset.export.rdf import ID_BASE, VOCABULARY
from basetype_benchmark.dataset.export.rdf_properties import property_tails
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA
from basetype_benchmark.errors import DatasetError
from tests.toy import build_toy

BTB = rdflib.Namespace(VOCABULARY)
RDF_JSON = rdflib.RDF.JSON


@dataclass(frozen=True, kw_only=True)
class GraphOnly:
    """What the export reads of a dataset."""

    node_rows: list[dict[str, object]]
    edge_rows: list[dict[str, object]]

    def nodes(self) -> pa.Table:
        return pa.Table.from_pylist(self.node_rows, schema=NODE_SCHEMA)

    def edges(self) -> pa.Table:
        return pa.Table.from_pylist(self.edge_rows, schema=EDGE_SCHEMA)


SMALL = GraphOnly(
    node_rows=[
        {"id": "b01", "type": "Building", "name": 'The "Old\\New" house\n2nd line'},
        {
            "id": "b01.ahu 1>é",
            "type": "Equipment",
            "name": "AHU",
            "building_id": "b01",
            "floor_id": "b01.f02",
            "space_id": "b01.f02.s01",
            "equipment_type": "ahu",
            "domain": "hvac",
            "brick_class": "AHU",
            "properties": json.dumps(
                {
                    "manufacturer": 'ACME "x"',
                    "nominal_power": 12.5,
                    "serial": 7,
                    "in_service": True,
                    "tags": ["ahu", "equip"],
                    "name": "of another predicate",
                    "commissioned": None,
                }
            ),
        },
        {
            "id": "b01.ahu 1>é.t",
            "type": "Point",
            "name": "Supply",
            "building_id": "b01",
            "point_type": "supply_air_temperature",
            "quantity": "temperature",
            "unit": "°C",
            "role": "sensor",
            "signal": "analog",
        },
        {
            "id": "b01.m01",
            "type": "Meter",
            "name": "Main",
            "building_id": "b01",
            "end_use": "total",
        },
    ],
    edge_rows=[
        {
            "src_id": "b01.m01",
            "dst_id": "b01.ahu 1>é",
            "rel_type": "FEEDS",
            "medium": "electricity",
        },
        {
            "src_id": "b01.m01",
            "dst_id": "b01.ahu 1>é",
            "rel_type": "FEEDS",
            "medium": "chilled_water",
            "properties": '{"loss_percent": 2}',
        },
        {"src_id": "b01.ahu 1>é", "dst_id": "b01.ahu 1>é.t", "rel_type": "HAS_POINT"},
    ],
)


def export(graph: GraphOnly) -> str:
    return b"".join(stream_ntriples(graph)).decode()  # type: ignore[arg-type]


def parse(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="nt")


def test_a_small_graph_line_by_line(golden: Callable[[str, str], None]) -> None:
    golden("small_graph.nt", export(SMALL))


def test_blocks_of_any_size_hold_the_same_lines(tmp_path: Path) -> None:
    toy = build_toy(tmp_path / "toy")
    whole = b"".join(stream_ntriples(toy)).splitlines()
    blocks = list(stream_ntriples(toy, node_rows=7, edge_rows=5))
    assert len(blocks) > 20
    assert all(block.endswith(b"\n") for block in blocks)
    assert sorted(b"".join(blocks).splitlines()) == sorted(whole)
    assert len(set(whole)) == len(whole)


def test_a_second_run_writes_the_same_bytes_and_no_temporary_file_stays(tmp_path: Path) -> None:
    toy = build_toy(tmp_path / "toy")
    write_ntriples(toy, tmp_path / "a" / "graph.nt")
    write_ntriples(toy, tmp_path / "b" / "graph.nt")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["graph.nt"]
    first = (tmp_path / "a" / "graph.nt").read_bytes()
    assert first == (tmp_path / "b" / "graph.nt").read_bytes() == b"".join(stream_ntriples(toy))


unicode_text = st.text(st.characters(exclude_categories=["Cs"]))


@settings(max_examples=25, deadline=None)
@given(node_id=unicode_text, name=unicode_text, unit=unicode_text)
def test_any_text_comes_back_from_a_parser_of_another_hand(
    node_id: str, name: str, unit: str
) -> None:
    node = {"id": node_id, "type": "Point", "name": name, "unit": unit, "building_id": node_id}
    graph = parse(export(GraphOnly(node_rows=[node], edge_rows=[])))
    (subject,) = set(graph.subjects())
    assert str(subject).startswith(ID_BASE)
    assert str(graph.value(subject, BTB.id)) == node_id
    assert str(graph.value(subject, BTB.name)) == name
    assert str(graph.value(subject, BTB.unit)) == unit
    assert graph.value(subject, BTB.building) == subject


json_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
json_values = st.recursive(
    json_scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)
property_keys = st.text() | st.sampled_from(["name", "id", "floor", "feeds_air", "a_b", "aB", "a1"])


@settings(max_examples=50, deadline=None)
@given(properties=st.dictionaries(property_keys, json_values))
def test_no_property_is_lost(properties: dict[str, object]) -> None:
    text = json.dumps(properties)
    graph = parse("".join(f"<x:s> {tail}" for tail in property_tails(text)))
    found: dict[str, object] = {}
    for _, predicate, value in graph:
        name = str(predicate).removeprefix(VOCABULARY)
        if name == "properties":
            assert value.datatype == RDF_JSON
            found |= json.loads(str(value))
        else:
            found[snake_case(name)] = value.toPython()
    assert json.dumps(found, sort_keys=True) == json.dumps(properties, sort_keys=True)


def snake_case(name: str) -> str:
    return "".join(f"_{c.lower()}" if c in string.ascii_uppercase else c for c in name)


@pytest.mark.parametrize("text", ["[1]", "{", "null", '"text"'])
def test_properties_that_are_no_object_are_refused(text: str) -> None:
    with pytest.raises(DatasetError, match="properties"):
        property_tails(text)
