import pytest

from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.queries.catalog import find_question, load_questions
from basetype_benchmark.units import GIB
from basetype_benchmark.workflows.plans.plan import (
    Cell,
    Plan,
    choose_protocol,
    choose_questions,
    choose_scenarios,
    make_plan,
)

P1, O2 = SCENARIOS["P1"], SCENARIOS["O2"]


def plan(repetitions: int) -> Plan:
    return make_plan(
        profile="tiny-2d",
        dataset_seed=42,
        scenarios=[P1, O2],
        questions=[find_question("Q1"), find_question("Q7")],
        protocol=Protocol(warmup=1, runs=3, variants=2),
        repetitions=repetitions,
    )


def nothing() -> list[object]:
    return []


def test_cell_ids_say_profile_scenario_limit_and_repetition() -> None:
    assert Cell(profile="tiny-2d", scenario=P1, repetition=1).id == "tiny-2d.P1.r1"
    limited = Cell(profile="small-1w", scenario=O2, repetition=2, ram_bytes=8 * GIB)
    assert limited.id == "small-1w.O2.8g.r2"
    fraction = Cell(profile="small-1w", scenario=O2, repetition=1, ram_bytes=GIB // 4)
    assert fraction.id == "small-1w.O2.0.25g.r1"


def test_every_second_repetition_runs_backwards() -> None:
    assert [cell.id for cell in plan(3).cells] == [
        "tiny-2d.P1.r1",
        "tiny-2d.O2.r1",
        "tiny-2d.O2.r2",
        "tiny-2d.P1.r2",
        "tiny-2d.P1.r3",
        "tiny-2d.O2.r3",
    ]


def test_cell_ids_of_a_plan_are_unique() -> None:
    ids = [cell.id for cell in plan(5).cells]
    assert len(set(ids)) == len(ids) == 10


def test_executions_count_warm_up_too() -> None:
    assert plan(1).executions_per_cell == 2 * 2 * (1 + 3)


def test_a_plan_without_work_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing to run"):
        plan(0)


def test_scenarios_come_once_each_in_the_order_given() -> None:
    assert choose_scenarios("o2, P1,O2", default=nothing) == (O2, P1)


def test_the_default_is_what_can_run_here() -> None:
    assert choose_scenarios(None, default=lambda: [P1]) == (P1,)
    with pytest.raises(ServiceUnavailable, match="btb doctor"):
        choose_scenarios(None, default=nothing)


def test_queries_come_in_the_order_of_the_catalogue() -> None:
    assert [q.id for q in choose_questions("q11,Q2")] == ["Q2", "Q11"]
    assert len(choose_questions(None)) == len(load_questions()) == 13


@pytest.mark.parametrize("names", ["", " , "])
def test_an_empty_list_is_refused(names: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        choose_questions(names)


def test_options_replace_parts_of_the_protocol_of_the_scale() -> None:
    protocol = choose_protocol("tiny", runs=7, warmup=0, timeout_s=2.5)
    assert protocol == Protocol(warmup=0, runs=7, variants=2, timeout_s=2.5)
