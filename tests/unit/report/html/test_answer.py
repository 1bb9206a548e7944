"""The answer says what the levels say, and no more."""

from collections.abc import Callable

from basetype_benchmark.benchmark.gradient import Bracket
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.report.html.answer import answer_sentences, answer_tiles
from basetype_benchmark.report.html.answer_table import answer_table
from basetype_benchmark.report.html.facts import ProfileFacts
from basetype_benchmark.report.html.tradeoff import Place, find_spots, ram_ratio
from basetype_benchmark.report.html.verdict import fastest_pair
from basetype_benchmark.units import MIB
from tests.made_campaign import Making

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
        assert not any(
            other.ram_bytes <= one.ram_bytes and other.mean.value < one.mean.value
            for other in spots
        )
    behind = [spot for spot in spots if spot.place is Place.BEHIND]
    assert {spot.scenario for spot in behind} >= {"O2"}


def test_levels_over_fewer_queries_are_not_compared(facts_of: FactsOf):
    outcomes = {("F1", "Q2"): Outcome.UNSUPPORTED}
    facts = facts_of(Making(scenarios=("P1", "F1"), outcomes=outcomes, **FEW))
    assert {spot.scenario for spot in find_spots(facts)} == {"P1"}
    assert fastest_pair(facts)[0] is None


def test_the_ratio_of_two_least_rams_has_the_ends_that_the_failures_give():
    more = Bracket(failed_at=100 * MIB, passed_at=200 * MIB)
    less = Bracket(failed_at=50 * MIB, passed_at=80 * MIB)
    assert ram_ratio(more, less) == (2.5, 1.25, 4.0)
    assert ram_ratio(more, Bracket(failed_at=None, passed_at=80 * MIB)) == (2.5, 1.25, float("inf"))
    assert ram_ratio(Bracket(failed_at=100 * MIB, passed_at=None), less) is None


def test_levels_at_which_more_ram_took_more_time_are_doubted(facts_of: FactsOf):
    making = Making(scenarios=("P1",), levels_mib=(64, 256), slow_levels_mib=frozenset({256}))
    told = answer(facts_of(making))
    assert "More RAM took more time: P1 from 64 MiB to 0.25 GiB." in told


def test_a_tiny_building_gives_no_answer(facts_of: FactsOf):
    first = answer_sentences(facts_of(Making(profiles=("tiny-2d",), scenarios=("P1", "F1"))))[0]
    assert first.startswith("The tiny building gives no answer")
