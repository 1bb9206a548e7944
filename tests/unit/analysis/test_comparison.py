"""Two campaigns held against each other: what pairs, what is ranked, and what a ratio says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.analysis.comparison import Comparison, Verdict, compare
from basetype_benchmark.analysis.comparison_pairs import Term, pair_cells
from basetype_benchmark.analysis.comparison_words import (
    conclusion,
    failures,
    level_name,
    verdict_in_words,
    warnings,
)
from basetype_benchmark.analysis.environments import Weight
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.ratio_words import format_factor
from basetype_benchmark.units import MIB
from tests.measured import MadeCell, log_normal, measured_query, write_measured
from tests.records import make_result


def term(folder: Path, *cells: MadeCell, scenario: str | None = None) -> Term:
    return Term(data=write_measured(folder, cells), scenario=scenario)


def held(folder: Path, ours: Sequence[MadeCell], theirs: Sequence[MadeCell]) -> Comparison:
    return compare(term(folder / "a", *ours), term(folder / "b", *theirs))


def timed(seed: int, median_ns: float = 1e6, sigma: float = 0.05) -> list[list[int]]:
    return log_normal(seed, median_ns=median_ns, sigma=sigma)


def test_only_an_interval_that_excludes_1_says_faster_or_slower(tmp_path: Path) -> None:
    ours = MadeCell(queries={name: timed(n) for n, name in enumerate(("Q1", "Q2", "Q3"))})
    theirs = MadeCell(
        queries={"Q1": timed(7, 0.5e6), "Q2": timed(8, 2e6), "Q3": timed(9, 1.01e6, sigma=0.3)}
    )
    (level,) = held(tmp_path, [ours], [theirs]).levels
    verdicts = {query.query: query.verdict for query in level.queries}
    assert verdicts == {
        "Q1": Verdict.FASTER,
        "Q2": Verdict.SLOWER,
        "Q3": Verdict.NO_DIFFERENCE,
    }
    first = level.queries[0].ratio
    assert first is not None
    assert first.value == pytest.approx(0.5, rel=0.05)
    assert first.low < first.value < first.high < 1
    assert level.ratio is not None
    assert level.ratio.value == pytest.approx((0.5 * 2 * 1.01) ** (1 / 3), rel=0.1)


def test_b_against_a_is_the_inverse_of_a_against_b(tmp_path: Path) -> None:
    a = term(tmp_path / "a", MadeCell(queries={"Q1": timed(1)}))
    b = term(tmp_path / "b", MadeCell(queries={"Q1": timed(2, 3e6)}))
    there, back = compare(a, b).levels[0].ratio, compare(b, a).levels[0].ratio
    assert there is not None
    assert back is not None
    assert there.value * back.value == pytest.approx(1)
    assert there.low * back.high == pytest.approx(1)


def test_what_failed_on_a_side_is_listed_and_never_ranked(tmp_path: Path) -> None:
    wrong = measured_query("Q2", timed(2, 1e3), Outcome.WRONG_ANSWER)
    ours = MadeCell(queries={"Q1": timed(1), "Q2": timed(3)})
    theirs = MadeCell(queries={"Q1": timed(4, 2e6), "Q2": wrong})
    (level,) = held(tmp_path, [ours], [theirs]).levels
    failed = level.queries[1]
    assert (failed.ratio, failed.verdict) == (None, Verdict.NOT_RANKED)
    assert verdict_in_words(failed) == "ok / wrong answer"
    assert list(failures(level)) == ["Q2: A ok; B wrong_answer"]
    assert level.ranked == 1
    assert level.ratio is not None
    assert level.ratio.value == pytest.approx(2, rel=0.05)  # as if Q2 were not there
    assert "over 1 of 2 queries" in conclusion(level)


def test_a_query_that_one_side_did_not_ask_is_said_to_be_so(tmp_path: Path) -> None:
    ours = MadeCell(queries={"Q1": timed(1), "Q2": timed(3)})
    comparison = held(tmp_path, [ours], [MadeCell(queries={"Q1": timed(4)})])
    (level,) = comparison.levels
    assert verdict_in_words(level.queries[1]) == "ok / not asked"
    assert [d.what for d in comparison.differences if d.what == "queries"] == ["queries"]


def test_a_cell_that_ended_early_says_why(tmp_path: Path) -> None:
    ended = make_result(outcome=CellOutcome.OOM_LOAD, queries=())
    comparison = held(
        tmp_path,
        [MadeCell(queries={"Q1": timed(1)})],
        [MadeCell(queries={"Q1": timed(2)}, result=ended)],
    )
    (level,) = comparison.levels
    told = list(failures(level))
    assert told[0] == "B ended with oom_load: the server went away"
    assert told[1].startswith("Q1: A ok; B skipped")
    assert conclusion(level).startswith("not ranked")


def test_other_data_make_it_void_and_give_no_ratio(tmp_path: Path) -> None:
    other = replace(
        make_result(queries=(measured_query("Q1", timed(2)),)), dataset_fingerprint="e" * 40
    )
    comparison = held(
        tmp_path,
        [MadeCell(queries={"Q1": timed(1)})],
        [MadeCell(queries={"Q1": timed(2)}, result=other)],
    )
    assert comparison.differences[0].weight is Weight.VOID
    assert comparison.differences[0].what == "dataset of tiny-2d"
    (level,) = comparison.levels
    assert level.is_void
    assert (level.ratio, level.queries[0].ratio, level.ranked) == (None, None, 0)
    assert conclusion(level) == "not compared: A and B were not measured on the same data"


def test_one_execution_says_nothing_of_its_spread_and_is_not_ranked(tmp_path: Path) -> None:
    comparison = held(
        tmp_path, [MadeCell(queries={"Q1": [[10]]})], [MadeCell(queries={"Q1": [[20]]})]
    )
    (level,) = comparison.levels
    assert level.queries[0].verdict is Verdict.NOT_RANKED
    assert not level.queries[0].is_failed
    assert level.ratio is None


def test_equal_levels_pair_and_the_rest_is_named(tmp_path: Path) -> None:
    asked = {"Q1": timed(1)}
    a = term(
        tmp_path / "a",
        MadeCell(queries=asked, ram_bytes=64 * MIB),
        MadeCell(queries=asked, ram_bytes=128 * MIB),
        MadeCell(queries=asked, ram_bytes=128 * MIB, repetition=2),
        MadeCell(queries=asked, scenario="O2", ram_bytes=64 * MIB),
    )
    b = term(
        tmp_path / "b",
        MadeCell(queries=asked, ram_bytes=128 * MIB),
        MadeCell(queries=asked, ram_bytes=256 * MIB),
    )
    pairing = pair_cells(a, b)
    assert [(pair.rams, len(pair.a), len(pair.b)) for pair in pairing.pairs] == [
        ((128 * MIB, 128 * MIB), 2, 1)
    ]
    assert pairing.only_in_a == ("tiny-2d.P1.67108864.r1", "tiny-2d.O2.67108864.r1")
    assert pairing.only_in_b == ("tiny-2d.P1.268435456.r1",)


def test_two_scenarios_of_one_campaign_pair_by_level(tmp_path: Path) -> None:
    data = write_measured(
        tmp_path,
        [
            MadeCell(queries={"Q1": timed(1)}, scenario="P1", ram_bytes=64 * MIB),
            MadeCell(queries={"Q1": timed(2, 3e6)}, scenario="O2", ram_bytes=64 * MIB),
            MadeCell(queries={"Q1": timed(3)}, scenario="D1", ram_bytes=64 * MIB),
        ],
    )
    comparison = compare(Term(data=data, scenario="P1"), Term(data=data, scenario="O2"))
    (level,) = comparison.levels
    assert level_name(level) == "tiny-2d, P1 in A and O2 in B, 64 MiB"
    assert level.verdict is Verdict.SLOWER
    assert comparison.a.endswith(":P1")
    assert (comparison.only_in_a, comparison.only_in_b) == ((), ())
    assert [d.what for d in comparison.differences if d.weight is Weight.SUBJECT] == ["scenario"]


def test_a_scenario_named_on_one_side_is_taken_of_both(tmp_path: Path) -> None:
    cells = [MadeCell(queries={"Q1": timed(1)}, scenario=name) for name in ("P1", "O2")]
    a, b = term(tmp_path / "a", *cells, scenario="O2"), term(tmp_path / "b", *cells)
    assert [pair.scenarios for pair in pair_cells(a, b).pairs] == [("O2", "O2")]


def test_the_only_levels_of_a_scenario_pair_though_they_differ(tmp_path: Path) -> None:
    comparison = held(
        tmp_path,
        [MadeCell(queries={"Q1": timed(1)}, ram_bytes=64 * MIB)],
        [MadeCell(queries={"Q1": timed(2)})],
    )
    (level,) = comparison.levels
    assert level_name(level) == "tiny-2d, P1, 64 MiB in A and no limit in B"
    (found,) = [d for d in comparison.differences if d.what == "RAM level"]
    assert (found.weight, found.a, found.b) == (Weight.SUBJECT, "64 MiB", "no limit")


def test_repetitions_are_used_and_a_single_one_is_warned_of(tmp_path: Path) -> None:
    several = [MadeCell(queries={"Q1": timed(n)}, repetition=n) for n in (1, 2, 3)]
    comparison = held(tmp_path, several, [MadeCell(queries={"Q1": timed(9)})])
    (level,) = comparison.levels
    assert level.a.cells == tuple(cell.cell for cell in several)
    assert any("--repeat 3" in line for line in warnings(comparison))
    (found,) = [d for d in comparison.differences if d.what == "repetitions"]
    assert (found.weight, found.a, found.b) == (Weight.DOUBTFUL, "3", "1")


@pytest.mark.parametrize(
    ("factor", "written"),
    [(0.0123, "0.0123"), (0.996, "1.00"), (1.0, "1.00"), (2.016, "2.02"), (12.34, "12.3")],
)
def test_a_factor_shows_one_per_cent_around_1(factor: float, written: str) -> None:
    assert format_factor(factor) == written
