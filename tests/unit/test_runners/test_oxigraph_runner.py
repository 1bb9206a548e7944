"""How the legs of a question are sent and joined; with real servers see tests/integration."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.errors import ConfigError, QueryFailed, QueryTimeout
from basetype_benchmark.queries.catalog import Question, find_question
from basetype_benchmark.queries.federation import FederatedAnswer, Row
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.hybrid import HybridQueryExecutor, order_columns
from basetype_benchmark.runners.oxigraph import OxigraphRunner
from tests.fakes import make_dataset

GRAPH_TEXT, SERIES_TEXT = BoundText(text="the graph's"), BoundText(text="the series'")
HYBRID = find_question("Q7")
WANTED = tuple(column.name for column in HYBRID.federated)
GRAPH_ROW = tuple(f"a {name}" for name in WANTED)


class FakeGraph:
    """Answers every text with the same rows, or with an error."""

    def __init__(self, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
        self.answer = Execution(columns=columns, rows=rows)
        self.error: QueryFailed | None = None
        self.asked: list[BoundText] = []

    def select(self, bound: BoundText) -> Execution:
        self.asked.append(bound)
        if self.error is not None:
            raise self.error
        return self.answer


class FakeSeries:
    """Answers with what it was given: the text and the graph's rows."""

    left_s = 0.0

    def __init__(self) -> None:
        self.asked: list[BoundText] = []

    def execute(self, question: Question, bound: BoundText) -> Execution:
        self.asked.append(bound)
        return Execution(columns=("series",), rows=[(bound.text,)])

    def execute_federated(
        self, question: Question, rows: Sequence[Row], bound: BoundText, *, left_s: float
    ) -> FederatedAnswer:
        self.asked.append(bound)
        self.left_s = left_s
        return FederatedAnswer(
            columns=("row",), rows=[(row,) for row in rows], transfer_ns=7, series_ns=11
        )


@pytest.fixture
def graph() -> FakeGraph:
    return FakeGraph(WANTED, [GRAPH_ROW])


@pytest.fixture
def series() -> FakeSeries:
    return FakeSeries()


@pytest.fixture
def executor(graph: FakeGraph, series: FakeSeries) -> HybridQueryExecutor:
    return HybridQueryExecutor(graph, series, timeout_s=60.0)  # type: ignore[arg-type]


def statement(
    question_id: str, *, main: BoundText | None = None, series: BoundText | None = None
) -> Statement:
    return Statement(question=find_question(question_id), main=main, series=series)


def test_a_graph_question_goes_to_the_graph_alone(
    executor: HybridQueryExecutor, graph: FakeGraph, series: FakeSeries
) -> None:
    assert executor.execute(statement("Q1", main=GRAPH_TEXT)) is graph.answer
    assert (graph.asked, series.asked) == ([GRAPH_TEXT], [])


def test_a_series_question_goes_to_the_series_alone(
    executor: HybridQueryExecutor, graph: FakeGraph, series: FakeSeries
) -> None:
    answer = executor.execute(statement("Q6", series=SERIES_TEXT))
    assert (answer.columns, answer.rows) == (("series",), [(SERIES_TEXT.text,)])
    assert (graph.asked, series.asked) == ([], [SERIES_TEXT])


def test_a_hybrid_question_hands_the_rows_of_the_graph_to_the_series(
    executor: HybridQueryExecutor, graph: FakeGraph, series: FakeSeries
) -> None:
    answer = executor.execute(statement("Q7", main=GRAPH_TEXT, series=SERIES_TEXT))
    assert (answer.columns, answer.rows) == (("row",), [(GRAPH_ROW,)])
    assert (graph.asked, series.asked) == ([GRAPH_TEXT], [SERIES_TEXT])


def test_ordering_the_columns_counts_as_transfer(executor: HybridQueryExecutor) -> None:
    legs = executor.execute(statement("Q7", main=GRAPH_TEXT, series=SERIES_TEXT)).legs
    assert legs is not None
    assert legs.graph_ns > 0
    assert legs.transfer_ns > 7
    assert legs.series_ns == 11


def test_the_series_are_not_asked_when_the_graph_fails(
    executor: HybridQueryExecutor, graph: FakeGraph, series: FakeSeries
) -> None:
    graph.error = QueryTimeout("too slow")
    with pytest.raises(QueryTimeout, match="too slow"):
        executor.execute(statement("Q7", main=GRAPH_TEXT, series=SERIES_TEXT))
    assert series.asked == []


def test_the_series_have_what_the_graph_left_of_the_time(
    executor: HybridQueryExecutor, series: FakeSeries
) -> None:
    executor.execute(statement("Q7", main=GRAPH_TEXT, series=SERIES_TEXT))
    assert 0 < series.left_s < 60


def test_the_series_are_not_asked_when_the_graph_took_all_the_time(
    graph: FakeGraph, series: FakeSeries
) -> None:
    executor = HybridQueryExecutor(graph, series, timeout_s=0.0)  # type: ignore[arg-type]
    with pytest.raises(QueryTimeout, match="in the graph leg"):
        executor.execute(statement("Q7", main=GRAPH_TEXT, series=SERIES_TEXT))
    assert series.asked == []


def test_a_statement_without_text_is_refused(executor: HybridQueryExecutor) -> None:
    with pytest.raises(QueryFailed, match="Q7 has neither a graph nor a series text"):
        executor.execute(statement("Q7"))


def test_columns_are_put_in_the_order_of_the_contract() -> None:
    columns = ("unasked", *reversed(WANTED))
    turned = Execution(columns=columns, rows=[("x", *reversed(GRAPH_ROW))])
    assert len(WANTED) > 1
    assert order_columns(HYBRID, turned) == [GRAPH_ROW]


def test_columns_in_order_already_stay() -> None:
    assert order_columns(HYBRID, Execution(columns=WANTED, rows=[GRAPH_ROW])) == [GRAPH_ROW]


def test_a_column_that_is_missing_is_named() -> None:
    lacking = Execution(columns=WANTED[1:], rows=[])
    with pytest.raises(QueryFailed, match=rf"of Q7 does not answer {WANTED[0]};"):
        order_columns(HYBRID, lacking)


def test_a_federated_scenario_without_an_engine_for_its_series_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="O2 keeps its series apart"):
        OxigraphRunner(
            scenario=SCENARIOS["O2"],
            dataset=make_dataset(tmp_path),
            timeout_s=1.0,
            graph_service=None,  # type: ignore[arg-type]
            graph_loader=None,  # type: ignore[arg-type]
        )
