"""Which level comes next, and what the levels say; the truth is made up, so it is known."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.benchmark.brackets import find_bracket, find_contradictions
from basetype_benchmark.benchmark.gradient import Bracket, Contradiction, Observation
from basetype_benchmark.config.ram import Strategy
from basetype_benchmark.infrastructure.ram_controller import (
    Done,
    RamController,
    Step,
)
from basetype_benchmark.units import GIB, MIB

LEVELS = (256 * MIB, 512 * MIB, GIB, 2 * GIB)
Truth = Callable[[int], Observation]
"""How a scenario fares at a level."""


def fails_below(need: int, *, halves_until: int = 0) -> Truth:
    """A scenario that needs so much, and takes half the time with each doubling up to a level."""

    def observe(ram_bytes: int) -> Observation:
        if ram_bytes < need:
            return Observation(ram_bytes=ram_bytes, failure="oom load")
        return observed(ram_bytes, 1e12 / min(ram_bytes, halves_until or GIB))

    return observe


def observed(ram_bytes: int, median_ns: float) -> Observation:
    """Twenty latencies of one query, within 2 % of each other."""
    runs = [round(median_ns * (1 + (run - 10) / 1000)) for run in range(20)]
    return Observation(ram_bytes=ram_bytes, latencies={"Q1": [[runs]]})


def controller(
    levels: Sequence[int] = LEVELS,
    *,
    strategy: Strategy = Strategy.ESCALATE_ON_OOM,
    bisects: bool = False,
    least_bytes: int = 32 * MIB,
) -> RamController:
    return RamController(
        strategy=strategy, levels=tuple(levels), bisects=bisects, least_bytes=least_bytes
    )


def run(rule: RamController, truth: Truth, most: int = 60) -> tuple[list[Observation], Done]:
    """Go through the levels as a campaign does."""
    history: list[Observation] = []
    for _ in range(most):
        step = rule.next_level(history)
        if isinstance(step, Done):
            return history, step
        history.append(truth(step.ram_bytes))
    raise AssertionError(f"not done after {most} levels")


def tried(history: Sequence[Observation]) -> list[int]:
    return [observation.ram_bytes for observation in history]


def test_it_begins_with_the_lowest_level_and_goes_up_over_failures() -> None:
    rule = controller()
    assert rule.next_level([]) == Step(ram_bytes=LEVELS[0], reason="the lowest level")
    step = rule.next_level([Observation(ram_bytes=LEVELS[0], failure="refused load")])
    assert step == Step(ram_bytes=LEVELS[1], reason="refused load at 0.25 GiB")


def test_it_stops_at_the_plateau() -> None:
    history, done = run(controller(), fails_below(300 * MIB, halves_until=512 * MIB))
    assert tried(history) == [256 * MIB, 512 * MIB, GIB]
    assert done.reason.startswith("plateau at 0.5 GiB: 1 GiB takes 1.00 (")
    findings = controller().findings(history)
    assert findings.least == Bracket(failed_at=256 * MIB, passed_at=512 * MIB)
    assert findings.plateau is not None
    assert findings.plateau.lower_bytes == 512 * MIB
    assert findings.is_plateau_bound  # nothing was compared below it
    assert findings.plateau_words == "0.5 GiB or less"


def test_a_plateau_that_was_worth_going_up_to_is_no_bound() -> None:
    history, _ = run(controller(), fails_below(0, halves_until=512 * MIB))
    findings = controller().findings(history)
    assert not findings.is_plateau_bound
    assert findings.plateau_words == "0.5 GiB"


def test_an_interval_that_says_nothing_shows_no_plateau() -> None:
    """Two repetitions that lie far apart: the interval goes from 0.9 times up over many powers."""
    history = [
        Observation(ram_bytes=level, latencies={"Q1": [[[m] * 2] for m in medians]})
        for level, medians in ((LEVELS[0], (1, 1)), (LEVELS[1], (10**15, 10**17)))
    ]
    findings = controller().findings(history)
    [comparison] = findings.comparisons
    assert comparison.ratio.low > 1
    assert not comparison.ratio.is_telling
    assert findings.plateau is None


def test_levels_of_variants_that_ran_once_are_not_compared() -> None:
    runs = [[1_000_000], [3_000_000]]
    history = [Observation(ram_bytes=level, latencies={"Q1": [runs]}) for level in LEVELS]
    findings = controller().findings(history)
    assert (findings.comparisons, findings.plateau) == ((), None)
    done = controller().next_level(history)
    assert done == Done(
        reason="no plateau up to 2 GiB, the highest level: 4 of the levels viable, "
        "and too few runs to compare them"
    )


def test_it_says_that_there_is_no_plateau_while_more_memory_helps() -> None:
    history, done = run(controller(), fails_below(0, halves_until=4 * GIB))
    assert tried(history) == list(LEVELS)
    assert done.reason.startswith("no plateau up to 2 GiB, the highest level: 2 GiB takes 0.50 (")
    assert controller().findings(history).plateau is None


def test_a_ratio_whose_interval_leaves_room_for_ten_percent_is_no_plateau() -> None:
    """The medians are 5 % apart, and the latencies so spread that it could be 20."""
    noisy = [round(1e6 * factor) for factor in (0.5, 0.7, 0.9, 1.0, 1.1, 1.4, 1.9)]
    history = [
        Observation(ram_bytes=LEVELS[0], latencies={"Q1": [[noisy]]}),
        Observation(ram_bytes=LEVELS[1], latencies={"Q1": [[[round(n * 0.95) for n in noisy]]]}),
    ]
    rule = controller()
    [comparison] = rule.findings(history).comparisons
    assert comparison.ratio.value == pytest.approx(0.95)
    assert comparison.ratio.low < 0.9
    step = rule.next_level(history)
    assert isinstance(step, Step)
    assert step.reason.startswith("no plateau yet")


def wrong_answer(ram_bytes: int) -> Observation:
    return Observation(ram_bytes=ram_bytes, failure="wrong answer Q7", is_memory_matter=False)


def test_escalation_ends_at_a_failure_that_memory_does_not_mend() -> None:
    history, done = run(controller(bisects=True), wrong_answer)
    assert tried(history) == [LEVELS[0]]
    assert done.reason == "wrong answer Q7 at 0.25 GiB, which more memory does not mend"


def test_iteration_goes_on_over_any_failure() -> None:
    history, _ = run(controller(strategy=Strategy.ITERATE_UP), wrong_answer)
    assert tried(history) == list(LEVELS)


def test_bisection_narrows_the_bracket_down() -> None:
    history, done = run(controller(bisects=True), fails_below(700 * MIB))
    assert tried(history) == [256 * MIB, 512 * MIB, GIB, 2 * GIB, 724 * MIB, 609 * MIB]
    assert find_bracket(history) == Bracket(failed_at=609 * MIB, passed_at=724 * MIB)
    assert done.reason.endswith("least viable RAM: failed at 609 MiB, passed at 724 MiB")


def test_bisection_goes_down_by_halves_when_everything_passes() -> None:
    history, done = run(controller(bisects=True), fails_below(0))
    assert tried(history) == [256 * MIB, 512 * MIB, GIB, 2 * GIB, 128 * MIB, 64 * MIB, 32 * MIB]
    assert done.reason.endswith("at most 32 MiB, the least that was tried")


def test_bisection_does_not_go_beyond_the_levels_when_everything_fails() -> None:
    history, done = run(controller(bisects=True), fails_below(3 * GIB))
    assert tried(history) == list(LEVELS)
    assert done.reason.endswith("more than 2 GiB: nothing that was tried is enough")


def test_a_level_that_passed_below_one_that_failed_is_reported() -> None:
    history = [
        observed(256 * MIB, 1e6),
        Observation(ram_bytes=512 * MIB, failure="oom Q7"),
        observed(GIB, 1e6),
    ]
    assert find_contradictions(history) == (
        Contradiction(passed_at=256 * MIB, failed_at=512 * MIB),
    )
    # What is said to be enough has nothing above it that failed.
    assert find_bracket(history) == Bracket(failed_at=512 * MIB, passed_at=GIB)


@pytest.mark.parametrize("levels", [(), (0,), (2, 1), (1, 1), (-1, 1)])
def test_levels_that_do_not_ascend_are_refused(levels: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        controller(levels)


ASCENDING = st.lists(
    st.integers(1, 2000).map(lambda number: number * MIB), min_size=1, max_size=6, unique=True
).map(sorted)
STRATEGIES = st.sampled_from(Strategy)


@given(levels=ASCENDING, need=st.integers(0, 2500), strategy=STRATEGIES, knee=st.integers(1, 3000))
def test_any_monotone_truth_is_bracketed(
    levels: list[int], need: int, strategy: Strategy, knee: int
) -> None:
    rule = controller(levels, strategy=strategy, bisects=True)
    truth = fails_below(need * MIB, halves_until=knee * MIB)
    history, _ = run(rule, truth)
    assert len(set(tried(history))) == len(history)
    bracket = find_bracket(history)
    assert find_contradictions(history) == ()
    if bracket.failed_at is not None:
        assert bracket.failed_at < need * MIB
    if bracket.passed_at is None:
        assert max(levels) < need * MIB
    elif bracket.failed_at is None:
        assert bracket.passed_at >= need * MIB
        assert bracket.passed_at <= max(rule.least_bytes, levels[0])
    else:
        assert bracket.passed_at >= need * MIB
        widest = max(bracket.failed_at * rule.bracket_ratio, bracket.failed_at + MIB)
        assert bracket.passed_at <= widest


@given(
    levels=ASCENDING,
    strategy=STRATEGIES,
    bisects=st.booleans(),
    viable=st.functions(like=lambda _level: ..., returns=st.booleans(), pure=True),
)
def test_any_truth_at_all_comes_to_an_end_without_a_level_twice(
    levels: list[int], strategy: Strategy, *, bisects: bool, viable: Callable[[int], bool]
) -> None:
    def truth(ram_bytes: int) -> Observation:
        if viable(ram_bytes):
            return observed(ram_bytes, 1e6)
        return Observation(ram_bytes=ram_bytes, failure="oom Q1")

    rule = controller(levels, strategy=strategy, bisects=bisects)
    history, done = run(rule, truth)
    assert len(set(tried(history))) == len(history)
    assert done.reason
    assert rule.next_level(history) == done  # the same history, the same decision
    passed = [o.ram_bytes for o in history if o.is_viable]
    failed = [o.ram_bytes for o in history if not o.is_viable]
    broken = {c.passed_at for c in rule.findings(history).contradictions}
    assert broken == {level for level in passed if any(level < other for other in failed)}


@given(levels=ASCENDING, need=st.integers(0, 2500))
def test_without_bisection_only_the_levels_given_are_tried_from_the_lowest_up(
    levels: list[int], need: int
) -> None:
    history, _ = run(controller(levels), fails_below(need * MIB))
    assert tried(history) == levels[: len(history)]
    assert all(low < high for low, high in pairwise(tried(history)))
