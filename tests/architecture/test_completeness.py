"""Nothing is silently missing: every scenario has every question, or says why not."""

import pytest

from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.queries.catalog import Kind, Question, load_questions
from basetype_benchmark.queries.loader import find_text

CASES = [
    pytest.param(scenario, question, id=f"{scenario.id}-{question.id}")
    for scenario in SCENARIOS.values()
    for question in load_questions().values()
]


def test_there_are_thirteen_questions() -> None:
    assert list(load_questions()) == [f"Q{n}" for n in range(1, 14)]


@pytest.mark.parametrize(("scenario", "question"), CASES)
def test_a_question_has_its_texts_or_a_reason(scenario: Scenario, question: Question) -> None:
    sides = [scenario.graph]
    if scenario.series is not None and question.kind is not Kind.GRAPH:
        sides = [scenario.series] if question.kind is Kind.SERIES else [*sides, scenario.series]
    missing = [s for s in sides if find_text(question, s.model, s.engine) is None]
    assert bool(missing) == (question.id in scenario.cannot)


@pytest.mark.parametrize("question", load_questions().values(), ids=lambda q: q.id)
def test_a_contract_orders_by_its_own_columns(question: Question) -> None:
    assert {key.column for key in question.order} <= set(question.column_names)


@pytest.mark.parametrize("question", load_questions().values(), ids=lambda q: q.id)
def test_only_hybrid_questions_federate(question: Question) -> None:
    assert bool(question.federated) == (question.kind is Kind.HYBRID)
