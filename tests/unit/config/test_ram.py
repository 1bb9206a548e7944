from itertools import pairwise

import pytest

from basetype_benchmark.config.expansion import estimate_need_bytes
from basetype_benchmark.config.ram import (
    LEAST_BYTES,
    Strategy,
    format_level,
    format_limit,
    format_limits,
    format_ram,
    format_rams,
    keeps_graph_in_memory,
    levels_around,
    levels_from,
    minimum_bytes,
    split_budget,
    strategy_of,
)
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.units import GIB, MIB

HUGE = 1024 * GIB
ALL = SCENARIOS.values()


def test_levels_are_written_as_people_type_them() -> None:
    assert [format_level(size) for size in (GIB // 4, GIB // 2, 8 * GIB)] == ["0.25g", "0.5g", "8g"]
    assert format_level(362 * MIB) == "362m"
    assert format_ram(362 * MIB) == "362 MiB"
    assert format_ram(GIB * 3 // 4) == "0.75 GiB"


def test_what_was_typed_is_shown_though_limits_are_whole_pages() -> None:
    in_pages = int(0.3 * GIB) // 4096 * 4096
    assert format_level(in_pages) == "0.3g"
    assert format_ram(in_pages) == "0.3 GiB"


def test_levels_to_be_compared_have_one_unit() -> None:
    assert format_rams([GIB // 4, GIB // 2, GIB]) == ["0.25 GiB", "0.5 GiB", "1 GiB"]
    assert format_rams([GIB // 4, 215 * MIB, 2 * GIB]) == ["256 MiB", "215 MiB", "2 GiB"]


def test_no_two_levels_of_one_bisection_have_one_name() -> None:
    names = {format_level(mib * MIB) for mib in range(32, 4096)}
    assert len(names) == 4096 - 32


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.95])
@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_the_servers_of_a_scenario_share_all_of_its_ram(scenario: Scenario, share: float) -> None:
    parts = split_budget(scenario, 1001 * MIB, graph_share=share)
    assert sum(parts.values()) == 1001 * MIB
    assert all(part > 0 for part in parts.values())


def test_disk_based_scenarios_iterate_and_the_others_escalate() -> None:
    iterating = {s.id for s in ALL if strategy_of(s) is Strategy.ITERATE_UP}
    assert iterating == {"P1", "P2", "D1"}


@pytest.mark.parametrize("scale", ["tiny", "small", "medium", "large", "xlarge", "mine"])
def test_every_scenario_has_a_minimum_that_is_a_level(scale: str) -> None:
    for scenario in ALL:
        minimum = minimum_bytes(scenario, scale)
        assert minimum >= LEAST_BYTES
        assert levels_from(minimum, HUGE)[0] == minimum


def test_bigger_scales_begin_no_lower() -> None:
    for scenario in ALL:
        minima = [minimum_bytes(scenario, s) for s in ("tiny", "small", "medium", "large")]
        assert minima == sorted(minima)


def test_a_machine_has_only_the_levels_that_fit_into_it() -> None:
    assert levels_from(GIB, 8 * GIB) == (GIB, 2 * GIB, 4 * GIB, 8 * GIB)
    assert levels_from(GIB, GIB // 2) == ()


@pytest.mark.parametrize("need", [10 * MIB, 300 * MIB, 5 * GIB])
def test_automatic_levels_double_from_below_the_need_to_above_it(need: int) -> None:
    levels = levels_around(need, 128 * MIB, HUGE)
    assert levels[0] >= 128 * MIB
    assert levels[0] <= max(128 * MIB, need)
    assert levels[-1] >= 2 * need
    assert all(high == 2 * low for low, high in pairwise(levels))


def test_automatic_levels_end_at_the_machines_memory() -> None:
    assert levels_around(100 * GIB, 128 * MIB, 24 * GIB)[-1] <= 24 * GIB


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_the_estimated_need_grows_with_the_data(scenario: Scenario) -> None:
    def need(elements: int, samples: int) -> int:
        return estimate_need_bytes(scenario, elements=elements, samples=samples)

    assert 0 < need(0, 0) <= need(10**6, 0)
    assert need(30_000, 3_600_000) < need(30_000, 36_000_000)


def test_the_estimate_is_near_what_was_measured_on_small_2d() -> None:
    """521 MiB of store in P1, 178 MiB of FalkorDB in F1: that is what the figures come from."""
    counts = {"elements": 30_887, "samples": 3_646_785}
    p1 = estimate_need_bytes(SCENARIOS["P1"], **counts)
    assert 521 * MIB < p1 < 700 * MIB
    f1 = estimate_need_bytes(SCENARIOS["F1"], **counts)
    assert 178 * MIB < f1 < 300 * MIB


def test_limits_are_written_beside_each_other_and_so_is_their_lack() -> None:
    assert format_limits((256 * MIB, None, 362 * MIB)) == ["256 MiB", "no limit", "362 MiB"]
    assert [format_limit(limit) for limit in (None, GIB)] == ["no limit", "1 GiB"]


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_graph_in_memory_begins_no_lower(scenario: Scenario) -> None:
    least = minimum_bytes(scenario, "medium")
    assert least == (0.5 if keeps_graph_in_memory(scenario) else 0.25) * GIB
