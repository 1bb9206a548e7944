"""Electricity: laws of machines and of three-phase supply, and meters that lose nothing."""

import numpy as np
import pyarrow.compute as pc
import pytest

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import Behaviour
from basetype_benchmark.dataset.simulation import power
from basetype_benchmark.dataset.simulation.arrays import STEPS, Array
from basetype_benchmark.dataset.simulation.building import read_buildings
from basetype_benchmark.dataset.simulation.day import initial_state, simulate_day
from basetype_benchmark.dataset.simulation.electricity import Electricity, Equipment, Meter
from basetype_benchmark.dataset.simulation.signals import view_points
from basetype_benchmark.dataset.simulation.signals.electric import ELECTRIC
from tests.unit.dataset.simulation.test_behaviours import one_of_each

NONE = np.zeros(0, dtype=np.int64)


def machines(*kinds: tuple[str, str], feeds: tuple[tuple[int, ...], ...] = ()) -> Equipment:
    count = len(kinds)
    return Equipment(
        ids=tuple(f"e{number}" for number in range(count)),
        kinds=tuple(kind for kind, _ in kinds),
        domains=tuple(domain for _, domain in kinds),
        nominal_kw=np.full(count, 10.0),
        context=np.zeros(count, dtype=np.int64),
        space=np.zeros(count, dtype=np.int64),
        is_part=np.zeros(count, dtype=np.bool_),
        feeds=tuple(np.array(fed, dtype=np.int64) for fed in feeds or [()] * count),
    )


def demand(**shares: float) -> power.Demand:
    names = ("heating", "cooling", "fan", "light", "occupied", "presence", "traffic")
    return power.Demand(**{name: np.full((1, 1), shares.get(name, 0.0)) for name in names})


def taken(kind: str, domain: str, load: float = 0.0, **shares: float) -> float:
    found = power.duty(machines((kind, domain)), demand(**shares), np.full((1, 1), load))
    return float(found[0, 0])


def test_a_fan_follows_the_affinity_law():
    """Power by the cube of the speed; with drive losses and a held pressure by 2.5 or so."""
    idle, half, full = (taken("supply_fan", "hvac", fan=speed) for speed in (0.0, 0.5, 1.0))
    exponent = np.log2((full - idle) / (half - idle))
    assert 2.4 <= exponent <= 3.0
    assert full == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("kind", "domain", "drive"),
    [
        ("supply_fan", "hvac", "fan"),
        ("boiler", "hvac", "heating"),
        ("luminaire_group", "lighting", "light"),
        ("display", "av", "occupied"),
    ],
)
def test_equipment_takes_all_at_full_drive_and_its_standby_at_none(
    kind: str, domain: str, drive: str
):
    assert taken(kind, domain, **{drive: 1.0}) == pytest.approx(1.0)
    assert 0 < taken(kind, domain) <= power.IDLE_DUTY


def test_a_busy_lift_takes_a_part_of_its_rated_power():
    """Half of its trips are down, and it waits between them."""
    assert 0.2 <= taken("elevator", "elevator", traffic=1.0) <= 0.4
    assert 0 < taken("elevator", "elevator") <= power.IDLE_DUTY


def test_power_through_a_distributor_is_its_own_and_that_of_all_it_feeds():
    panel = machines(("panel", "electrical"), ("a", "av"), ("b", "av"), feeds=((1, 2), (), ()))
    own, through = power.equipment_power(panel, np.array([[0.5, 0.2, 0.8]]))
    assert own.tolist() == [[5.0, 2.0, 8.0]]
    assert through.tolist() == [[15.0, 2.0, 8.0]]


def test_parts_are_contained_in_their_whole():
    unit = machines(("ahu", "hvac"), ("supply_fan", "hvac"), ("panel", "electrical"))
    unit = Equipment(
        **{
            **{name: getattr(unit, name) for name in unit.__dataclass_fields__},
            "is_part": np.array([False, True, False]),
            "feeds": (NONE, NONE, np.array([0, 1])),
        }
    )
    _, through = power.equipment_power(unit, np.array([[0.5, 0.4, 0.0]]))
    assert through[0, 2] == 5.0


def meter(end_use: str, loss: float, *, children: tuple[int, ...] = (), spaces=(), equipment=()):
    return Meter(
        end_use=end_use,
        loss_fraction=loss,
        children=np.array(children, dtype=np.int64),
        equipment=np.array(equipment, dtype=np.int64),
        spaces=np.array(spaces, dtype=np.int64),
    )


def test_meters_add_up_with_their_losses():
    wiring = Electricity(
        meter_ids=("lights", "plugs", "hvac", "main"),
        meters=(
            meter("lighting", 0.0, spaces=(0, 1)),
            meter("plugs", 0.0, spaces=(0,)),
            meter("hvac", 0.0, equipment=(0,)),
            meter("total", 0.02, children=(0, 1, 2)),
        ),
        equipment=machines(("boiler", "hvac")),
    )
    each = np.ones((STEPS, 2))
    found = power.meter_energy(wiring, np.full((STEPS, 1), 8.0), 0.5 * each, 2.0 * each)
    assert found[0] == pytest.approx([0.25, 0.5, 2.0, 1.02 * 2.75])
    assert found == pytest.approx(np.tile(found[0], (96, 1)))
    ticks = found / power.TICK_KWH
    assert ticks == pytest.approx(np.rint(ticks), abs=1e-6)


@pytest.fixture(scope="module")
def shown() -> dict[Behaviour, Array]:
    """What the points of one device show of its supply on a day, by behaviour."""
    graph = one_of_each(300)
    owned = pc.equal(graph.edges.column("rel_type"), "HAS_POINT")
    owner = pc.if_else(owned, "b01.active_power", graph.edges.column("src_id"))
    edges = graph.edges.set_column(0, graph.edges.schema.field("src_id"), owner)
    (building,) = read_buildings(Graph(nodes=graph.nodes, edges=edges, ghosts=()))
    day = simulate_day(1, building, 1, initial_state(1, building))
    found = {}
    for place, behaviour in enumerate(building.points.behaviours):
        if behaviour in ELECTRIC:
            view = view_points(1, building.id, day, building.points, np.array([place]))
            found[behaviour] = ELECTRIC[behaviour].model(view)[:, 0]
    return found


def test_apparent_power_is_the_hypotenuse_of_active_and_reactive(shown: dict[Behaviour, Array]):
    active, reactive = shown[Behaviour.ACTIVE_POWER], shown[Behaviour.REACTIVE_POWER]
    apparent = shown[Behaviour.APPARENT_POWER]
    assert apparent.min() > 0
    assert np.ptp(active) > 0
    assert apparent**2 == pytest.approx(active**2 + reactive**2)
    assert active / apparent == pytest.approx(shown[Behaviour.POWER_FACTOR])


def test_voltage_is_within_a_tenth_of_the_nominal(shown: dict[Behaviour, Array]):
    """EN 50160: 230 V +/- 10 % for 95 % of a week; EN 50160 also allows 49.5 to 50.5 Hz."""
    assert shown[Behaviour.VOLTAGE] == pytest.approx(np.full(STEPS + 1, 230.0), rel=0.1)
    assert shown[Behaviour.FREQUENCY] == pytest.approx(np.full(STEPS + 1, 50.0), abs=0.5)


def test_current_is_that_of_the_power_in_three_phases(shown: dict[Behaviour, Array]):
    """I = S / (3 U), with the apparent power and the voltage that the same device shows."""
    expected = shown[Behaviour.APPARENT_POWER] * 1000 / (3 * shown[Behaviour.VOLTAGE])
    assert shown[Behaviour.CURRENT] == pytest.approx(expected)


def test_meter_ticks_add_up():
    energy = power.interval_energy(np.full((STEPS, 1), 2.0))
    assert energy.shape == (96, 1)
    assert energy[0, 0] == pytest.approx(0.5)
