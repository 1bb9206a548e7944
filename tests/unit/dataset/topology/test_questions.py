"""Each of the thirteen questions finds something, whatever the scale."""

from collections import Counter

from tests.unit.dataset.topology.walk import Walk

LIFE = ("HAS_POINT", "SERVES", "FEEDS", "HAS_PART", "CONTROLS", "MONITORS")


def test_q1_every_meter_feeds_something_or_meters_spaces(built: Walk) -> None:
    for meter in built.of_type("Meter"):
        assert built.targets("FEEDS", meter) or built.sources("IS_METERED_BY", meter)
    assert len(built.below("b01.meter_main", "FEEDS")) > 50


def test_q2_plant_reaches_many_spaces(built: Walk) -> None:
    chiller = built.of_type("Equipment", equipment_type="chiller")[0]
    reached = built.spaces_served({chiller} | built.below(chiller, "HAS_PART", "FEEDS"))
    assert len(reached) >= 5


def test_q3_every_space_depends_on_equipment_in_some_way(built: Walk) -> None:
    for space in built.of_type("Space"):
        assert built.sources("SERVES", space)
        assert built.sources("LOCATED_IN", space)
    assert all(built.sources("SERVES", zone) for zone in built.of_type("Zone", zone_kind="hvac"))


def test_q4_every_floor_has_temperatures(built: Walk) -> None:
    for floor in built.of_type("Floor"):
        spaces = built.targets("CONTAINS", floor)
        owners = {o for s in spaces for r in ("LOCATED_IN", "SERVES") for o in built.sources(r, s)}
        quantities = {
            built.nodes[p]["quantity"]
            for owner in owners
            if built.nodes[owner]["type"] == "Equipment"
            for p in built.targets("HAS_POINT", owner)
        }
        assert "temperature" in quantities


def test_q5_the_orphans_are_the_ghosts_that_were_planted(built: Walk) -> None:
    orphans = [
        node
        for node in built.of_type("Equipment")
        if not any(built.targets(r, node) or built.sources(r, node) for r in LIFE)
    ]
    assert tuple(sorted(orphans)) == built.graph.ghosts
    assert len(orphans) == max(2, round(0.003 * (len(built.of_type("Equipment")) - len(orphans))))


def test_a_ghost_is_an_ordinary_type_and_only_stands_somewhere(built: Walk) -> None:
    for ghost in built.graph.ghosts:
        touching = {e["rel_type"] for e in built.edges if ghost in (e["src_id"], e["dst_id"])}
        assert touching == {"LOCATED_IN"}
        kind = built.nodes[ghost]["equipment_type"]
        alive = set(built.of_type("Equipment", equipment_type=kind)) - set(built.graph.ghosts)
        assert alive
        assert built.properties(ghost).keys() == built.properties(alive.pop()).keys()


def test_q7_there_are_more_than_twenty_analog_sensors(built: Walk) -> None:
    assert len(built.of_type("Point", role="sensor", signal="analog")) > 200


def test_q8_q9_each_tenant_has_energy_of_three_end_uses_and_the_grid_its_carbon(
    built: Walk,
) -> None:
    for tenant in built.of_type("Tenant"):
        spaces = built.targets("OCCUPIES", tenant)
        meters = {m for space in spaces for m in built.targets("IS_METERED_BY", space)}
        assert {built.nodes[m]["end_use"] for m in meters} >= {"hvac", "lighting", "plugs"}
        assert len(built.points(meters, "energy_interval")) == len(meters)
    assert built.points(["site"], "carbon_intensity") == ["site.carbon_intensity"]
    assert built.properties("site.carbon_intensity")["interval_s"] == 3600
    assert built.properties("site.carbon_intensity")["deadband"] == 0


def test_there_are_several_tenants_and_no_space_has_two(built: Walk) -> None:
    assert len(built.of_type("Tenant")) >= 2
    leases = Counter(space for _, space in built.edges_of("OCCUPIES"))
    assert set(leases.values()) == {1}


def test_q10_every_security_zone_has_a_badge_reader(built: Walk) -> None:
    zones = built.of_type("Zone", zone_kind="security")
    assert len(zones) >= 2
    for zone in zones:
        spaces = built.targets("CONTAINS", zone)
        readers = {e for space in spaces for e in built.sources("SERVES", space)}
        points = built.points(readers, "access_event")
        assert points
        assert {built.nodes[point]["signal"] for point in points} == {"event"}


def test_q11_every_rack_is_measured_and_has_dependents_that_serve_spaces(built: Walk) -> None:
    racks = built.of_type("Equipment", equipment_type="rack")
    assert len(racks) >= 2
    for rack in racks:
        assert len(built.points([rack], "rack_inlet_temperature")) == 1
        assert len(built.points([rack], "active_power")) == 1
        assert built.spaces_served(built.below(rack, "HAS_PART", "FEEDS"))


def test_q12_the_building_has_many_quantities(built: Walk) -> None:
    assert len({built.nodes[p]["quantity"] for p in built.of_type("Point")}) >= 15


def test_q13_two_space_types_are_comfortable_with_and_without_a_people_count(built: Walk) -> None:
    known: dict[str, set[bool]] = {}
    for space in built.of_type("Space"):
        devices = built.sources("LOCATED_IN", space)
        if built.points(devices, "zone_air_temperature"):
            assert built.points(devices, "zone_air_temperature_setpoint")
            kind = built.nodes[space]["space_type"]
            known.setdefault(kind, set()).add(bool(built.points(devices, "people_count")))
    assert len([kind for kind, seen in known.items() if seen == {True, False}]) >= 2
