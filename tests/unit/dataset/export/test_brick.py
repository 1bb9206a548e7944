"""The Brick export: Brick's shapes and queries hold of it, and its words are Brick's."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.catalogue import default_catalogue
from basetype_benchmark.dataset.catalogue.vocabulary import UNITS as CATALOGUE_UNITS
from basetype_benchmark.dataset.export.brick.model import BrickModel, read_model
from basetype_benchmark.dataset.export.brick.turtle import stream_turtle
from basetype_benchmark.dataset.export.brick.vocabulary import (
    ALIASES,
    CONDITIONERS,
    CONTROLLERS,
    DEFAULT_CLASSES,
    DEFAULT_POINT_CLASSES,
    HVAC_EQUIPMENT,
    PREFIXES,
    QUANTITIES,
    QUANTITIES_BY_UNIT,
    UNITS,
)
from basetype_benchmark.dataset.model import EDGE_SCHEMA, NODE_SCHEMA, NodeType
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.errors import DatasetError
from tests.toy import build_toy
from tests.unit.dataset.export.brick_rules import BRICK, ontology, violations, with_inverses
from tests.unit.dataset.export.brick_rules import PREFIXES as QUERY_PREFIXES

SMALL = "https://basetype-benchmark.org/small/"
FAULTY = "https://basetype-benchmark.org/faulty/"
FAULTS = """
id:f1 a rec:Level . id:s1 a rec:Room ; brick:hasPoint id:f1 .
id:p1 a brick:Sensor ; brick:hasUnit unit:K .
id:p2 a brick:Pump ; brick:isVirtualMeter [ brick:value true ] .
id:p3 a brick:Pump ; ref:hasExternalReference id:r3 .
id:r3 a ref:TimeseriesReference ; ref:hasTimeseriesId "p3" .
id:f2 a brick:Floor .
id:t1 a brick:Thermostat ; brick:controls id:p2 .
"""
QUDT = rdflib.Namespace(PREFIXES["qudt"])


def parse(text: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="turtle")


@dataclass(frozen=True, kw_only=True)
class GraphOnly:
    """What the export reads of a dataset."""

    node_table: pa.Table
    edge_table: pa.Table

    def nodes(self) -> pa.Table:
        return self.node_table

    def edges(self) -> pa.Table:
        return self.edge_table


def local(name: object) -> str:
    return str(name).removeprefix(PREFIXES["id"])


def export(model: BrickModel, **options: int) -> bytes:
    return b"".join(block.text for block in stream_turtle(model, **options))


@pytest.fixture(scope="module")
def model(tiny: Dataset) -> rdflib.Graph:
    """The export of tiny-2d; the tests do not change it."""
    return parse(export(read_model(tiny)))


@pytest.fixture(scope="module")
def tool(model: rdflib.Graph) -> Callable[[str], list[tuple[str, ...]]]:
    """A tool that holds Brick and the export in one graph, and asks questions."""
    both = ontology() + model

    def ask(query: str) -> list[tuple[str, ...]]:
        rows = both.query(query, initNs=QUERY_PREFIXES)
        return [tuple(map(str, row)) for row in rows]

    return ask


@pytest.fixture(scope="module")
def found(model: rdflib.Graph) -> list[str]:
    """What the shapes find in three graphs, validated as one: most of the time goes into Brick."""
    prefixes = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())
    kinds = export(kinds_of_small()).replace(PREFIXES["id"].encode(), SMALL.encode())
    faults = (prefixes + FAULTS).replace(PREFIXES["id"], FAULTY).encode()
    return violations(with_inverses(model + parse(kinds) + parse(faults)))


def kinds_of_small() -> BrickModel:
    """One of each kind of relation, and of point, that small has; bigger scales have no others."""
    built = build_graph(find_profile("small-2d"), 42)
    whole = read_model(GraphOnly(node_table=built.nodes, edge_table=built.edges))
    relations = whole.relations
    is_point = pl.col("dst_type") == "Point"
    kind = ["rel_type", "medium", "src_type", "src_class", "dst_type", "dst_class"]
    chosen = pl.concat(
        [
            relations.filter(is_point).unique("dst_class"),
            relations.filter(~is_point).unique(kind),
        ]
    )
    ends = pl.concat([chosen["src_id"], chosen["dst_id"]]).implode()
    return BrickModel(
        nodes=whole.nodes.filter(pl.col("id").is_in(ends)),
        relations=chosen,
    )


@pytest.mark.thorough
def test_no_node_of_tiny_violates_the_shapes_of_brick(found: list[str]) -> None:
    assert [text for text in found if not text.startswith((SMALL, FAULTY))] == []


def test_no_kind_of_node_or_relation_of_bigger_buildings_violates_them(found: list[str]) -> None:
    assert [text for text in found if text.startswith(SMALL)] == []


@pytest.mark.parametrize(
    "problem",
    [
        "s1: Value does not have class brick:Point",
        "p1: Value does not have class",  # qudt:Unit, however it is written
        "p2: Only meters can have the isVirtualMeter property be true",
        "p3: Only Brick Points can have external timeseries references",
        "f2: {$this} has type {?class} which was deprecated",
        "p2: Equipment can be controlled only by Controllers.",
    ],
)
def test_the_shapes_find_what_is_wrong(found: list[str], problem: str) -> None:
    assert [text for text in found if text.startswith(FAULTY + problem)]


def test_a_tool_finds_the_vavs_with_their_zones_and_points(
    tiny: Dataset, tool: Callable[[str], list[tuple[str, ...]]]
) -> None:
    nodes = pl.DataFrame(tiny.nodes())
    expected = {*nodes.filter(pl.col("equipment_type") == "vav")["id"]}
    assert len(expected) == 7
    found = tool("SELECT DISTINCT ?vav { ?vav a/rdfs:subClassOf* brick:VAV }")
    assert {local(vav) for (vav,) in found} == expected
    served = tool(
        """SELECT DISTINCT ?vav ?ahu ?room ?sensor ?place {
            ?vav a/rdfs:subClassOf* brick:Variable_Air_Volume_Box ; brick:feeds ?room .
            ?ahu a/rdfs:subClassOf* brick:AHU ; brick:feeds ?vav .
            ?room a/rdfs:subClassOf* rec:Room .
            ?vav brick:hasPoint ?sensor .
            ?sensor a/rdfs:subClassOf* brick:Supply_Air_Temperature_Sensor ;
                brick:hasUnit unit:DEG_C ;
                ref:hasExternalReference [ ref:hasTimeseriesId ?id ; ref:storedAt ?place ]
        }"""
    )
    assert {local(row[0]) for row in served} == expected
    assert all((tiny.folder / row[4]).is_dir() for row in served)


def test_a_tool_finds_the_meters_with_what_they_meter(
    tiny: Dataset, tool: Callable[[str], list[tuple[str, ...]]]
) -> None:
    nodes, edges = pl.DataFrame(tiny.nodes()), pl.DataFrame(tiny.edges())
    meters = {*nodes.filter(pl.col("type") == "Meter")["id"]}
    found = tool("SELECT DISTINCT ?meter { ?meter a/rdfs:subClassOf* brick:Electrical_Meter }")
    assert {local(meter) for (meter,) in found} == meters
    energy = tool(
        """SELECT DISTINCT ?meter {
            ?meter a/rdfs:subClassOf* brick:Meter ; brick:hasPoint ?energy .
            ?energy a/rdfs:subClassOf* brick:Electric_Energy_Sensor ; brick:hasUnit unit:KiloW-HR
        }"""
    )
    assert {local(meter) for (meter,) in energy} == meters
    main = "?main a brick:Building_Electrical_Meter ; brick:hasSubMeter+ ?sub"
    assert len(tool(f"SELECT DISTINCT ?sub {{ {main} }}")) == len(meters) - 1
    metered = edges.filter(pl.col("rel_type") == "IS_METERED_BY").select("dst_id", "src_id")
    said = tool("SELECT ?meter ?space { ?meter brick:meters ?space }")
    pairs = {tuple(map(local, row)) for row in said}
    assert {*metered.iter_rows()} <= pairs


def test_every_node_and_its_name_are_there(tiny: Dataset, model: rdflib.Graph) -> None:
    labels = {local(node): str(label) for node, label in model.subject_objects(RDFS.label)}
    assert labels == dict(pl.DataFrame(tiny.nodes()).select("id", "name").iter_rows())


def test_every_relation_is_said(tiny: Dataset, model: rdflib.Graph) -> None:
    said = {
        frozenset({str(source), str(target)})
        for source, predicate, target in model
        if str(source).startswith(PREFIXES["id"]) and str(target).startswith(PREFIXES["id"])
    }
    base = PREFIXES["id"]
    edges = pl.DataFrame(tiny.edges()).select("src_id", "dst_id").iter_rows()
    assert {frozenset({base + source, base + target}) for source, target in edges} == said


def test_the_bytes_do_not_depend_on_the_size_of_blocks(tmp_path: Path) -> None:
    toy = read_model(build_toy(tmp_path / "toy"))
    assert export(toy, node_rows=3) == export(toy)


def graph(nodes: list[dict[str, str]], edges: list[dict[str, str]]) -> BrickModel:
    return read_model(
        GraphOnly(
            node_table=pa.Table.from_pylist(nodes, schema=NODE_SCHEMA),
            edge_table=pa.Table.from_pylist(edges, schema=EDGE_SCHEMA),
        )
    )


def edge(source: str, relation: str, target: str, medium: str | None = None) -> dict[str, str]:
    return {"src_id": source, "rel_type": relation, "dst_id": target, "medium": medium}


PARTS = [
    {"id": "ahu", "type": "Equipment", "name": "AHU", "brick_class": "Air_Handling_Unit"},
    {"id": "fan", "type": "Equipment", "name": "Fan", "brick_class": "Exhaust_Fan"},
    {"id": "water", "type": "Equipment", "name": "Water meter", "brick_class": "Water_Meter"},
    {"id": "tank", "type": "Equipment", "name": "Tank", "brick_class": "Hot_Water_Storage_Tank"},
    {"id": "m1", "type": "Meter", "name": "Main", "brick_class": "Building_Electrical_Meter"},
    {"id": "m2", "type": "Meter", "name": "Sub", "brick_class": "Electrical_Meter"},
    {"id": "b", "type": "Building", "name": "Building"},
    {"id": "z", "type": "Zone", "name": "Zone"},
    {"id": "s", "type": "Space", "name": "Room"},
]


@pytest.mark.parametrize(
    ("relation", "said"),
    [
        (edge("b", "CONTAINS", "s"), {"b brick:hasPart s", "b rec:hasPart s"}),
        (edge("z", "CONTAINS", "s"), {"z brick:hasPart s"}),
        (edge("ahu", "SERVES", "z"), {"ahu brick:feeds z"}),
        (edge("fan", "SERVES", "s"), {"fan btb:serves s"}),
        (edge("ahu", "FEEDS", "fan", "air"), {"ahu brick:feeds fan", "ahu btb:feedsAir fan"}),
        (edge("ahu", "FEEDS", "fan", "data"), {"ahu btb:feedsData fan"}),
        (edge("ahu", "FEEDS", "fan"), {"ahu brick:feeds fan"}),
        (edge("m1", "FEEDS", "m2"), {"m1 brick:feeds m2", "m1 brick:hasSubMeter m2"}),
        (edge("ahu", "FEEDS", "tank", "hot_water"), {"ahu btb:feedsHotWater tank"}),
        (edge("m1", "FEEDS", "ahu"), {"m1 brick:feeds ahu"}),
        (edge("m2", "FEEDS", "ahu"), {"m2 brick:feeds ahu", "m2 brick:meters ahu"}),
        (edge("m2", "FEEDS", "water"), {"m2 brick:feeds water"}),
        (edge("s", "IS_METERED_BY", "m2"), {"m2 brick:meters s"}),
        (edge("water", "IS_METERED_BY", "m2"), {"water btb:isMeteredBy m2"}),
        (edge("s", "IS_METERED_BY", "m1"), {"s btb:isMeteredBy m1"}),
        (edge("water", "MONITORS", "ahu"), {"water brick:meters ahu"}),
        (edge("fan", "MONITORS", "s"), {"fan btb:monitors s"}),
        (edge("s", "ADJACENT_TO", "z"), {"s btb:adjacentTo z"}),
        (edge("fan", "LOCATED_IN", "s"), {"fan brick:hasLocation s"}),
    ],
    ids=lambda value: value["rel_type"] if isinstance(value, dict) else "",
)
def test_a_relation_is_said_in_the_words_of_brick_where_it_has_some(
    relation: dict[str, str], said: set[str]
) -> None:
    parsed = parse(export(graph(PARTS, [relation])))
    short = {base: prefix for prefix, base in PREFIXES.items()}
    found = set()
    for source, predicate, target in parsed:
        if predicate not in (RDF.type, RDFS.label) and source.startswith(PREFIXES["id"]):
            base = next(base for base in short if predicate.startswith(base))
            name = f"{short[base]}:{predicate.removeprefix(base)}"
            found.add(f"{local(source)} {name} {local(target)}")
    assert found == said


def test_what_controls_is_a_controller_as_well() -> None:
    parsed = parse(export(graph(PARTS, [edge("fan", "CONTROLS", "ahu")])))
    assert [local(node) for node in parsed.subjects(RDF.type, BRICK.Controller)] == ["fan"]


@pytest.mark.parametrize("column", ["unit", "quantity"])
def test_a_unit_or_quantity_without_counterpart_is_refused(column: str) -> None:
    point = {"id": "p", "type": "Point", "name": "P", "quantity": "temperature", column: "furlong"}
    with pytest.raises(DatasetError, match="'furlong' has no counterpart"):
        export(graph([point], []))


unicode_text = st.text(st.characters(codec="utf-8"), min_size=1)


@settings(max_examples=25, deadline=None)
@given(node_id=unicode_text, name=unicode_text, brick_class=unicode_text)
def test_any_id_and_text_comes_back_from_a_parser_of_another_hand(
    node_id: str, name: str, brick_class: str
) -> None:
    node = {"id": node_id, "type": "Point", "name": name, "brick_class": brick_class}
    parsed = parse(export(graph([node], [edge(node_id, "HAS_POINT", node_id)])))
    (subject,) = set(parsed.subjects(RDFS.label))
    assert str(subject).startswith(PREFIXES["id"])
    assert str(parsed.value(subject, RDFS.label)) == name
    assert parsed.value(subject, BRICK.hasPoint) == subject
    assert [str(text) for text in parsed.objects(None, QUERY_PREFIXES["ref"].hasTimeseriesId)] == [
        node_id
    ]


def name_of(prefixed: str) -> rdflib.URIRef:
    prefix, _, name = prefixed.partition(":")
    return rdflib.URIRef(PREFIXES[prefix] + name)


def test_the_words_are_words_of_brick() -> None:
    classes = {*DEFAULT_CLASSES.values(), *DEFAULT_POINT_CLASSES.values(), *CONDITIONERS}
    for name in {*classes, *CONTROLLERS}:
        assert {OWL.Class, RDFS.Class} & set(ontology().objects(name_of(name), RDF.type)), name
        assert (name_of(name), OWL.deprecated, None) not in ontology(), name
    assert set(DEFAULT_CLASSES) == set(NodeType)
    quantities = {*QUANTITIES.values(), *QUANTITIES_BY_UNIT.values()}
    for name in quantities:
        if name is not None and name.startswith("brick:"):
            assert (name_of(name), RDF.type, BRICK.Quantity) in ontology(), name


def test_controllers_are_those_of_brick() -> None:
    below = set(ontology().transitive_subjects(RDFS.subClassOf, BRICK.Controller))
    assert below == {name_of(name) for name in CONTROLLERS}


def test_hvac_equipment_of_the_catalogue_is_told_from_other() -> None:
    for name in {*CONDITIONERS, *HVAC_EQUIPMENT, *equipment_classes()}:
        ancestors = set(ontology().transitive_objects(name_of(name), RDFS.subClassOf))
        assert (BRICK.HVAC_Equipment in ancestors) == (name in HVAC_EQUIPMENT), name


def equipment_classes() -> set[str]:
    return {f"brick:{kind.brick_class}" for kind in default_catalogue().equipment.values()}


def test_meters_of_the_catalogue_are_told_by_their_name() -> None:
    for kind in default_catalogue().equipment.values():
        ancestors = set(ontology().transitive_objects(BRICK[kind.brick_class], RDFS.subClassOf))
        assert (BRICK.Meter in ancestors) == kind.brick_class.endswith("Meter"), kind.brick_class


def test_equipment_of_the_catalogue_is_found_under_its_other_name() -> None:
    for kind in default_catalogue().equipment.values():
        others = {
            str(alias).removeprefix(PREFIXES["brick"])
            for alias in ontology().subjects(BRICK.aliasOf, BRICK[kind.brick_class])
        }
        stated = ALIASES.get(kind.brick_class)
        assert (stated is None) == (not others), kind.brick_class


def test_every_alias_is_one_of_brick() -> None:
    for name, alias in ALIASES.items():
        assert (BRICK[alias], BRICK.aliasOf, BRICK[name]) in ontology(), name


def test_every_measure_of_the_catalogue_has_its_quantity_and_unit() -> None:
    for quantity, units in CATALOGUE_UNITS.items():
        assert quantity in QUANTITIES
        for unit in units:
            assert unit is None or unit in UNITS, unit


def test_a_quantity_of_brick_is_given_in_a_unit_that_it_can_have() -> None:
    for quantity, units in CATALOGUE_UNITS.items():
        for unit in filter(None, units):
            name = QUANTITIES_BY_UNIT.get((quantity, unit), QUANTITIES[quantity])
            assert name is not None, quantity
            possible = set(ontology().objects(name_of(name), QUDT.applicableUnit))
            assert not possible or name_of(UNITS[unit]) in possible, (quantity, unit)


def test_properties_of_nodes_stay_out_of_it() -> None:
    node = PARTS[0] | {"properties": json.dumps({"serial": "X1"})}
    assert b"X1" not in export(graph([node], []))
