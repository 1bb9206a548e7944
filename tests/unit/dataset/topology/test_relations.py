"""What relates to what, on every shipped scale."""

from collections import Counter
from graphlib import TopologicalSorter

from tests.unit.dataset.topology.walk import Walk, shipped

ENDS = {
    "CONTAINS": {
        ("Site", "Building"),
        ("Building", "Floor"),
        ("Floor", "Space"),
        ("Zone", "Space"),
    },
    "ADJACENT_TO": {("Space", "Space")},
    "LOCATED_IN": {("Equipment", "Space"), ("Meter", "Space")},
    "HAS_PART": {("Equipment", "Equipment")},
    "HAS_POINT": {
        ("Site", "Point"),
        ("Space", "Point"),
        ("Equipment", "Point"),
        ("Meter", "Point"),
    },
    "SERVES": {("Equipment", "Space"), ("Equipment", "Zone")},
    "FEEDS": {("Meter", "Meter"), ("Meter", "Equipment"), ("Equipment", "Equipment")},
    "CONTROLS": {("Equipment", "Equipment")},
    "MONITORS": {("Equipment", "Equipment"), ("Equipment", "Space")},
    "IS_METERED_BY": {("Space", "Meter"), ("Equipment", "Meter")},
    "OCCUPIES": {("Tenant", "Space")},
}
"""The table of relations of the data model."""


def ends_of(built: Walk) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for edge in built.edges:
        pair = (built.nodes[edge["src_id"]]["type"], built.nodes[edge["dst_id"]]["type"])
        found.setdefault(edge["rel_type"], set()).add(pair)
    return found


def test_relations_join_the_types_of_the_table_and_each_of_them_occurs(built: Walk) -> None:
    assert ends_of(built) == ENDS


def test_no_two_nodes_are_related_twice_the_same_way(built: Walk) -> None:
    keys = [(e["rel_type"], e["src_id"], e["dst_id"]) for e in built.edges]
    assert keys == sorted(set(keys))


def test_a_medium_is_given_on_feeds_only_and_all_five_flow(built: Walk) -> None:
    media = {(e["rel_type"] == "FEEDS", e["medium"]) for e in built.edges}
    assert media == {
        (False, None),
        (True, "electricity"),
        (True, "chilled_water"),
        (True, "hot_water"),
        (True, "air"),
        (True, "data"),
    }


def test_feeds_has_no_circle_and_no_chain_beyond_ten_hops(built: Walk) -> None:
    upstream: dict[str, set[str]] = {}
    for source, target in built.edges_of("FEEDS"):
        upstream.setdefault(target, set()).add(source)
    hops: dict[str, int] = {}
    for node in TopologicalSorter(upstream).static_order():
        hops[node] = max((hops[source] + 1 for source in upstream.get(node, ())), default=0)
    assert 5 <= max(hops.values()) <= 10


def test_every_part_has_one_whole_and_nests_at_most_three_deep(built: Walk) -> None:
    whole = {part: whole for whole, part in built.edges_of("HAS_PART")}
    assert len(whole) == len(built.edges_of("HAS_PART"))
    for part in whole:
        depth, node = 0, part
        while node in whole:
            depth, node = depth + 1, whole[node]
        assert depth <= 3


def test_equipment_is_a_part_or_stands_in_one_space(built: Walk) -> None:
    for node in built.of_type("Equipment"):
        places = built.targets("LOCATED_IN", node)
        assert len(places) + len(built.sources("HAS_PART", node)) == 1
        assert not places or places == [built.nodes[node]["space_id"]]


def test_every_point_has_one_owner_and_is_where_its_owner_is(built: Walk) -> None:
    for point in built.of_type("Point"):
        (owner,) = built.sources("HAS_POINT", point)
        assert point.rpartition(".")[0] == owner
        row, home = built.nodes[point], built.nodes[owner]
        assert (row["building_id"], row["floor_id"]) == (home["building_id"], home["floor_id"])
        assert row["space_id"] == (owner if home["type"] == "Space" else home["space_id"])


def test_walls_are_stored_once_between_spaces_of_a_floor(built: Walk) -> None:
    for one, other in built.edges_of("ADJACENT_TO"):
        assert one < other
        assert built.nodes[one]["floor_id"] == built.nodes[other]["floor_id"]
    touched = {space for pair in built.edges_of("ADJACENT_TO") for space in pair}
    assert touched == set(built.of_type("Space"))


def test_conditioned_spaces_are_in_one_hvac_zone_that_an_air_handler_serves(built: Walk) -> None:
    zones = built.of_type("Zone", zone_kind="hvac")
    members = Counter(space for zone in zones for space in built.targets("CONTAINS", zone))
    assert set(members.values()) == {1}
    for zone in zones:
        servers = {built.nodes[node]["equipment_type"] for node in built.sources("SERVES", zone)}
        assert servers == {"ahu"}


def test_a_terminal_unit_gets_air_from_the_handler_of_its_zone(built: Walk) -> None:
    for vav in built.of_type("Equipment", equipment_type="vav"):
        handlers = [n for n in built.sources("FEEDS", vav) if ".ahu" in n]
        if built.targets("HAS_POINT", vav):
            assert len(handlers) == 1
            assert built.nodes[vav]["space_id"] in built.spaces_served(handlers)


def test_a_tenants_spaces_are_a_security_zone_of_its_own(built: Walk) -> None:
    zones = {
        frozenset(built.targets("CONTAINS", zone))
        for zone in built.of_type("Zone", zone_kind="security")
    }
    for tenant in built.of_type("Tenant"):
        assert frozenset(built.targets("OCCUPIES", tenant)) in zones
    assert len(zones) > len(built.of_type("Tenant"))  # the landlord has zones too


def test_small_has_what_only_a_bigger_building_needs() -> None:
    kinds = {row["equipment_type"] for row in shipped("small").nodes.values()}
    assert {"transformer", "switchboard", "elevator", "cooling_tower"} <= kinds
