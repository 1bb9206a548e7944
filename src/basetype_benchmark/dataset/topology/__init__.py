"""The graph of a profile: places, equipment, meters, zones, tenants, points and relations."""

from __future__ import annotations

from basetype_benchmark.config.profiles import BuildingPlan, Profile
from basetype_benchmark.dataset.catalogue import Catalogue, default_catalogue
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.topology.defects import plant_ghosts
from basetype_benchmark.dataset.topology.draft import Draft, edge_table, node_table
from basetype_benchmark.dataset.topology.inventory import take_stock
from basetype_benchmark.dataset.topology.loads import collect_loads
from basetype_benchmark.dataset.topology.meters import plan_meters
from basetype_benchmark.dataset.topology.places import lay_out
from basetype_benchmark.dataset.topology.records import Recorder
from basetype_benchmark.dataset.topology.relations import (
    find_services,
    reach_of,
    relate_control,
    relate_flows,
    relate_metering,
    relate_services,
)
from basetype_benchmark.dataset.topology.zones import zone_building
from basetype_benchmark.errors import ConfigError


def build_graph(profile: Profile, seed: int, catalogue: Catalogue | None = None) -> Graph:
    """Build the graph of a profile; the duration has no part in it.

    A building depends on its own plan, its position and the seed, and on nothing else: the first
    buildings of a scale are those of every scale that has the same plans there.

    Raises:
        ConfigError: the profile names an archetype that the catalogue has not.
    """
    catalogue = catalogue or default_catalogue()
    draft = Draft()
    recorder = Recorder(catalogue=catalogue, draft=draft)
    recorder.record_site()
    ghosts: list[str] = []
    for position, plan in enumerate(profile.scale.buildings, start=1):
        _check_archetype(profile, plan, catalogue)
        ghosts += _build(f"b{position:02d}", plan, seed, recorder)
    return Graph(
        nodes=node_table(draft.nodes), edges=edge_table(draft.edges), ghosts=tuple(sorted(ghosts))
    )


def _build(building_id: str, plan: BuildingPlan, seed: int, recorder: Recorder) -> list[str]:
    """Add one building to the recorder's draft; gives the ids of its ghosts."""
    catalogue, draft = recorder.catalogue, recorder.draft
    building = lay_out(building_id, plan, seed, catalogue)
    inventory = take_stock(building, catalogue)
    zones = zone_building(building)
    tree = plan_meters(building, inventory, catalogue.meter)
    recorder.record_places(building)
    recorder.record_tenants(building)
    recorder.record_zones(building, zones)
    recorder.record_devices(building, inventory.devices)
    services = find_services(building, inventory, zones)
    reach = reach_of(services)
    relate_services(services, draft)
    relate_flows(inventory, tree, reach, draft)
    relate_control(inventory, reach, draft)
    relate_metering(tree, draft)
    recorder.record_meters(
        building, tree.meters, collect_loads(inventory, tree.meters, draft.edges)
    )
    ghosts = plant_ghosts(building, inventory)
    recorder.record_ghosts(building, ghosts)
    return [ghost.id for ghost in ghosts]


def _check_archetype(profile: Profile, plan: BuildingPlan, catalogue: Catalogue) -> None:
    if plan.archetype not in catalogue.buildings:
        raise ConfigError(
            f"profile {profile.name}: there is no archetype {plan.archetype!r} in the catalogue; "
            f"choose from: {', '.join(sorted(catalogue.buildings))}"
        )
