"""The answer says what the levels say, and no more."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

from basetype_benchmark.benchmark.gradient import Bracket
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.report.html.answer import answer_sentences, answer_tiles
from basetype_benchmark.report.html.answer_table import answer_table
from basetype_benchmark.report.html.facts import ProfileFacts
from basetype_benchmark.report.html.tradeoff import (
    Place,
    RamRatio,
    Spot,
    find_spots,
    ram_ratio,
    time_ratio,
)
from basetype_benchmark.report.html.tradeoff_charts import front_chart, least_chart
from basetype_benchmark.report.html.verdict import fastest_pair
from basetype_benchmark.units import MIB
from tests.made_campaign import Making
from tests.records import make_findings

FactsOf = Callable[[Making], ProfileFacts]
FEW = {"levels_mib": (32, 64, 128, 256), "runs": 6}


def answer(facts: ProfileFacts) -> str:
    return " ".join(answer_sentences(facts))


def test_a_faster_graph_in_memory_that_needs_more_ram_depends_on_what_ram_costs(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("P1", "F1"), levels_mib=(64, 256, 4096))))
    assert told.startswith("It depends on what RAM costs you, on small-2d: ")
    assert "P1 (PostgreSQL, relational): at most 64 MiB" in told
    assert "The in-memory graph needs more RAM." in told
    assert "failed at 64 MiB, passed at 256 MiB" in told
    assert "the in-memory graph is faster" in told


def test_a_slower_graph_in_memory_is_not_worth_its_memory(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("P1", "M1"), levels_mib=(64, 256))))
    assert told.startswith("No, on small-2d: ")
    assert "the in-memory graph is slower" in told


def test_where_nothing_failed_and_no_time_differs_nothing_can_be_told(facts_of: FactsOf):
    making = Making(scenarios=("P1", "M2"), levels_mib=(512, 1024), spread=3.0)
    told = answer(facts_of(making))
    assert told.startswith(
        "It cannot be told on small-2d: neither in time nor in the RAM they need"
    )
    assert "Which of them needs less is open" in told


def test_a_faster_graph_whose_need_is_open_is_for_speed(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("P1", "F1"), levels_mib=(4096, 8192))))
    assert told.startswith("For speed, yes, on small-2d: ")


def test_the_fastest_is_that_at_the_most_ram_and_not_the_luckiest_level(facts_of: FactsOf):
    making = Making(scenarios=("P1", "F1"), levels_mib=(2048, 3072, 4096, 5120), spread=0.3)
    facts = facts_of(making)
    pair = [level for level in fastest_pair(facts) if level is not None]
    assert [level.ram_bytes for level in pair] == [5120 * MIB] * 2
    assert [level.scenario for level in pair] == ["F1", "P1"]
    tiles = answer_tiles(facts).tiles
    for tile, level in zip(tiles[2:4], pair, strict=True):
        assert tile.note.startswith(f"{level.scenario} with 5 GiB; 95 %: ")
        assert f"n = {level.runs};" in tile.note
    assert "With the most RAM each worked with, the fastest" in answer(facts)


def test_variants_that_ran_once_each_tell_no_time_apart(facts_of: FactsOf):
    facts = facts_of(Making(scenarios=("P1", "F1"), levels_mib=(4096, 8192), runs=1))
    assert find_spots(facts) == ()
    told = answer(facts)
    assert "Ratio" not in told
    assert "no interval: too few runs" in told


def test_the_plateau_may_lie_lower_and_is_told_so(facts_of: FactsOf):
    facts = facts_of(Making(scenarios=("P1",), **FEW))
    scenario = replace(facts.scenarios[0], findings=make_findings().findings)
    table = answer_table(replace(facts, scenarios=(scenario,)), "d1")
    assert [row[5].text for row in table.rows] == ["0.5 GiB or less"]


def test_the_front_is_named(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("P1", "F1"), levels_mib=(64, 256, 4096))))
    assert "On the front of least time and RAM: P1 with 64 MiB" in told


def test_how_much_more_ram_is_told_with_its_ends(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("P1", "F1"), **FEW)))
    assert "4 times as much RAM (2 to 8)" in told


def test_without_limits_nothing_is_said_of_the_need(facts_of: FactsOf):
    facts = facts_of(Making(scenarios=("P1", "F1"), levels_mib=(None,)))
    told = answer(facts)
    assert "needs cannot be said: no limit was set" in told
    assert "The fastest in-memory graph is F1 with no limit" in told
    least = answer_tiles(facts).tiles[0]
    assert least.text == "–"
    assert least.note == "not measured: no RAM limit was set"
    assert {row[2].text for row in answer_table(facts, "d1").rows} == {"not measured"}


def test_one_level_says_what_works_within_it_only(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("P1", "F1"), levels_mib=(256,))))
    assert "Only one level was measured (0.25 GiB)" in told


def test_without_a_graph_in_memory_the_question_stays_open(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("P1", "O2"), **FEW)))
    assert told.startswith("Whether an in-memory graph is justified on small-2d cannot be said")
    assert "The least RAM that worked is that of P1" in told


def test_with_graphs_in_memory_alone_it_stays_open_too(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("F1",), **FEW)))
    assert "only graphs in memory worked within a limit" in told


def test_what_worked_nowhere_is_named(facts_of: FactsOf):
    outcomes = {("F1", "Q3"): Outcome.WRONG_ANSWER}
    told = answer(facts_of(Making(scenarios=("P1", "F1"), outcomes=outcomes, **FEW)))
    assert "F1 worked at no level that was tried." in told
    assert "F1 with" not in told


def test_where_nothing_worked_nothing_is_compared(facts_of: FactsOf):
    told = answer(facts_of(Making(scenarios=("P1",), levels_mib=(32,))))
    assert told.startswith("No way of storing it answered every query rightly")


def test_where_nothing_was_measured_there_is_no_answer(facts_of: FactsOf):
    missing = frozenset({"small-2d.P1.64m.r1"})
    making = Making(scenarios=("P1",), levels_mib=(64,), missing=missing)
    assert answer(facts_of(making)) == "Nothing has been measured yet: there is no answer."


def test_scenarios_without_results_are_named(facts_of: FactsOf):
    missing = frozenset({"small-2d.F1.256m.r1", "small-2d.F1.0.25g.r1"})
    told = answer(facts_of(Making(scenarios=("P1", "F1"), levels_mib=(256,), missing=missing)))
    assert "F1 is not measured yet." in told


def test_one_repetition_is_a_caveat_and_so_is_a_tiny_building(facts_of: FactsOf):
    once = answer(facts_of(Making(profiles=("tiny-2d",), scenarios=("P1",), levels_mib=(64,))))
    assert "far too small to conclude from" in once
    assert "measured once" in once


def test_what_cannot_be_told_from_none_is_called_so(facts_of: FactsOf):
    facts = facts_of(Making(scenarios=("P1", "M2"), levels_mib=(None,), spread=3.0))
    assert "a difference that these runs cannot tell from none" in answer(facts)


def test_the_front_has_no_level_that_another_beats(facts_of: FactsOf):
    spots = find_spots(facts_of(Making(scenarios=("P1", "O2", "F1", "D1"), **FEW)))
    on = [spot for spot in spots if spot.place is Place.ON]
    assert on
    for one in on:
        for other in spots:
            if other is not one and other.ram_bytes <= one.ram_bytes:
                assert ratio(one, other).high < 1
    behind = [spot for spot in spots if spot.place is Place.BEHIND]
    assert {spot.scenario for spot in behind} >= {"O2"}


def ratio(one: Spot, other: Spot) -> Ratio:
    found = time_ratio(one.level, other.level)
    assert found is not None
    return found


def test_a_level_with_more_ram_that_is_not_shown_to_be_faster_is_not_on_the_front(
    facts_of: FactsOf,
):
    """Memory makes no difference above the least level, so that chance alone ranks them."""
    making = Making(scenarios=("P1",), levels_mib=(2048, 3072, 4096, 5120), spread=0.3)
    lowest, *higher = find_spots(facts_of(making))
    assert lowest.place is Place.ON
    assert any(spot.mean.value < lowest.mean.value for spot in higher)
    assert {spot.place for spot in higher} == {Place.OPEN}


def test_two_ways_as_fast_with_as_little_ram_are_both_too_near_to_tell(facts_of: FactsOf):
    facts = facts_of(Making(scenarios=("P1", "P2"), levels_mib=(2048,), spread=0.3))
    assert {spot.place for spot in find_spots(facts)} == {Place.OPEN}


def test_the_chart_of_the_front_draws_no_interval_that_says_nothing(facts_of: FactsOf):
    facts = facts_of(Making(scenarios=("P1",), levels_mib=(64, 256)))
    spot = find_spots(facts)[0]
    wide = replace(spot, mean=replace(spot.mean, variance=1.0, degrees_of_freedom=1.0))
    chart = front_chart([wide], "d1")
    bars = chart.views[0].traces[1]["error_y"]
    assert (bars["array"], bars["arrayminus"]) == ([0.0], [0.0])
    assert [value.text for value in chart.table.rows[0][3:5]] == ["too few runs to tell"] * 2
    assert "no interval: too few runs" in str(chart.views[0].traces[1]["text"])


def test_the_chart_of_the_least_ram_names_no_unit_that_its_axis_has_not(facts_of: FactsOf):
    chart = least_chart(facts_of(Making(scenarios=("P1",), levels_mib=(64, 256))), "d1")
    assert "bytes" not in chart.caption


def test_levels_over_fewer_queries_are_not_compared(facts_of: FactsOf):
    outcomes = {("F1", "Q2"): Outcome.UNSUPPORTED}
    facts = facts_of(Making(scenarios=("P1", "F1"), outcomes=outcomes, **FEW))
    assert {spot.scenario for spot in find_spots(facts)} == {"P1"}
    assert fastest_pair(facts)[0] is None


def test_the_ratio_of_two_least_rams_has_the_ends_that_the_failures_give():
    more = Bracket(failed_at=100 * MIB, passed_at=200 * MIB)
    less = Bracket(failed_at=50 * MIB, passed_at=80 * MIB)
    assert ram_ratio(more, less) == RamRatio(value=2.5, least=1.25, most=4.0)
    less_open = Bracket(failed_at=None, passed_at=80 * MIB)
    assert ram_ratio(more, less_open) == RamRatio(value=2.5, least=1.25, most=inf)
    assert ram_ratio(Bracket(failed_at=100 * MIB, passed_at=None), less) is None


def test_levels_at_which_more_ram_took_more_time_are_doubted(facts_of: FactsOf):
    making = Making(scenarios=("P1",), levels_mib=(64, 256), slow_levels_mib=frozenset({256}))
    told = answer(facts_of(making))
    assert "More RAM took more time: P1 from 64 MiB to 0.25 GiB." in told


def test_a_tiny_building_gives_no_answer(facts_of: FactsOf):
    first = answer_sentences(facts_of(Making(profiles=("tiny-2d",), scenarios=("P1", "F1"))))[0]
    assert first.startswith("The tiny building gives no answer")
