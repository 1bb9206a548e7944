"""The meter tree: who is behind which meter."""

from collections import Counter

from tests.unit.dataset.topology.walk import Walk

END_USES = {"hvac", "lighting", "plugs", "it"}


def electric_sources(built: Walk) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in built.edges:
        if edge["rel_type"] == "FEEDS" and edge["medium"] == "electricity":
            found.setdefault(edge["dst_id"], []).append(edge["src_id"])
    return found


def tenants_behind(built: Walk, meter: str) -> set[str | None]:
    spaces = [n for n in built.sources("IS_METERED_BY", meter) if built.nodes[n]["type"] == "Space"]
    return {next(iter(built.sources("OCCUPIES", space)), None) for space in spaces}


def test_one_main_meter_stands_above_a_branch_per_end_use(built: Walk) -> None:
    (main,) = built.of_type("Meter", end_use="total")
    assert main == "b01.meter_main"
    fed = [n for n in built.targets("FEEDS", main) if built.nodes[n]["type"] == "Meter"]
    assert {built.nodes[node]["end_use"] for node in fed} == END_USES
    assert len(fed) == len(END_USES)


def test_every_other_meter_is_fed_by_one_meter_of_its_end_use_or_the_main(built: Walk) -> None:
    sources = electric_sources(built)
    for meter in built.of_type("Meter"):
        use = built.nodes[meter]["end_use"]
        if use == "total":
            assert meter not in sources
        else:
            (source,) = sources[meter]
            assert built.nodes[source]["end_use"] in (use, "total")


def test_a_meter_of_tenant_space_meters_one_tenant_and_nobody_else(built: Walk) -> None:
    parties = {meter: tenants_behind(built, meter) for meter in built.of_type("Meter")}
    assert all(len(party) <= 1 for party in parties.values())
    met = {tenant for party in parties.values() for tenant in party if tenant}
    assert met == set(built.of_type("Tenant"))
    assert {None} in parties.values()  # the landlord has meters of his own


def test_equipment_in_a_tenants_space_is_not_right_behind_another_tenants_meter(
    built: Walk,
) -> None:
    for node, (source, *_) in electric_sources(built).items():
        if built.nodes[node]["type"] == "Equipment" and built.nodes[source]["type"] == "Meter":
            space = built.nodes[node]["space_id"]
            party = tenants_behind(built, source)
            assert party <= {next(iter(built.sources("OCCUPIES", space)), None)}


def test_every_space_has_one_meter_for_each_of_its_end_uses(built: Walk) -> None:
    for space in built.of_type("Space"):
        meters = built.targets("IS_METERED_BY", space)
        uses = Counter(built.nodes[meter]["end_use"] for meter in meters)
        assert set(uses.values()) == {1}
        assert {"hvac", "lighting", "plugs"} <= set(uses)


def test_only_leaves_meter_spaces(built: Walk) -> None:
    for meter in built.of_type("Meter"):
        children = {built.nodes[node]["type"] for node in built.targets("FEEDS", meter)}
        assert not ("Meter" in children and built.sources("IS_METERED_BY", meter)) or (
            built.nodes[meter]["end_use"] == "total"
        )


def test_all_equipment_that_draws_power_has_one_supply_back_to_the_main_meter(built: Walk) -> None:
    sources = electric_sources(built)
    for node in set(built.of_type("Equipment")) - set(built.graph.ghosts):
        if built.properties(node)["nominal_kw"] == 0 or built.sources("HAS_PART", node):
            assert len(sources.get(node, [])) <= 1
            continue
        chain = [node]
        while chain[-1] in sources:
            (source,) = sources[chain[-1]]
            chain.append(source)
        assert chain[-1] == "b01.meter_main"


def test_racks_are_behind_the_it_meter_through_an_uninterruptible_supply(built: Walk) -> None:
    sources = electric_sources(built)
    for rack in built.of_type("Equipment", equipment_type="rack"):
        chain = [rack]
        while chain[-1] in sources:
            chain.append(sources[chain[-1]][0])
        assert any(built.nodes[node]["equipment_type"] == "ups" for node in chain)
        assert built.nodes["b01.meter_it"]["id"] in chain


def test_meters_state_losses_and_a_rated_load_that_adds_up(built: Walk) -> None:
    for meter in built.of_type("Meter"):
        properties = built.properties(meter)
        assert 0 <= properties["loss_fraction"] < 0.05
        below = [n for n in built.targets("FEEDS", meter) if built.nodes[n]["type"] == "Meter"]
        if below:
            total = sum(built.properties(node)["nominal_kw"] for node in below)
            assert properties["nominal_kw"] >= total - 0.01 * len(below)
        else:
            assert properties["nominal_kw"] > 0


def test_meter_points_report_every_quarter_of_an_hour(built: Walk) -> None:
    for meter in built.of_type("Meter"):
        points = built.targets("HAS_POINT", meter)
        assert {built.nodes[p]["role"] for p in points} == {"meter"}
        kinds = {built.nodes[p]["point_type"] for p in points}
        assert {"energy_interval", "energy_total", "active_power"} <= kinds
        for point in points:
            properties = built.properties(point)
            assert (properties["interval_s"], properties["deadband"]) == (900, 0)
