"""How the application answers from chunks: what is sent, timed, counted and limited."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.dataset.model import DAY, EPOCH
from basetype_benchmark.errors import QueryFailed, QueryTimeout
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.chunks.samples import CHUNK_COLUMNS
from basetype_benchmark.queries.statement import BoundText, Statement, build_statement
from basetype_benchmark.runners.chunk_client import ChunkQueryExecutor
from basetype_benchmark.runners.measurement import Attempt, Trial
from basetype_benchmark.runners.workload import ExpectedAnswer

WINDOW = {"start": EPOCH, "end": EPOCH + DAY}
Q12 = build_statement(find_question("Q12"), SCENARIOS["O1"], {"building_id": "b01", **WINDOW})
Q6 = build_statement(find_question("Q6"), SCENARIOS["O1"], {"point_id": "p", **WINDOW})
GRAPH = Execution(
    columns=("quantity", "point_id"), rows=[("power", "p"), ("power", "q")], received_bytes=100
)
CHUNKS = Execution(
    columns=CHUNK_COLUMNS,
    rows=[("p", 3, "1704067199.000 1704067200.000 1704067201.000", "9 1 3")],
    received_bytes=1000,
)


class FakeStore:
    """Answers the graph's text and that of the chunks; may be made to act first."""

    def __init__(self, graph: Execution = GRAPH, chunks: Execution = CHUNKS) -> None:
        self.answers = {True: chunks, False: graph}
        self.asked: list[BoundText] = []
        self.left_s: list[float] = []
        self.before_chunks: Callable[[], None] = lambda: None

    def select(self, bound: BoundText, *, left_s: float | None = None) -> Execution:
        assert left_s is not None
        self.asked.append(bound)
        self.left_s.append(left_s)
        is_of_chunks = "btb:chunkOf" in bound.text
        if is_of_chunks:
            self.before_chunks()
        return self.answers[is_of_chunks]


def execute(store: FakeStore, statement: Statement = Q12, timeout_s: float = 60.0) -> Execution:
    return ChunkQueryExecutor(store, timeout_s=timeout_s).execute(statement)


def waiting(seconds: float) -> Callable[[], None]:
    """Be busy for so long."""

    def wait() -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            pass

    return wait


def test_the_rows_of_the_graph_and_the_chunks_make_the_answer() -> None:
    store = FakeStore()
    answer = execute(store)
    assert answer.columns == find_question("Q12").column_names
    assert answer.rows == [("power", 2, 1, 2, 2.0, 1.0, 3.0)]
    assert store.asked == [Q12.main, Q12.series]


def test_the_price_is_counted_and_timed_apart() -> None:
    begin = time.perf_counter_ns()
    client = execute(FakeStore()).client
    took = time.perf_counter_ns() - begin
    assert client is not None
    assert (client.received_bytes, client.chunks, client.decoded_samples) == (1100, 1, 3)
    assert min(client.fetch_ns, client.decode_ns, client.aggregate_ns) > 0
    assert client.fetch_ns + client.decode_ns + client.aggregate_ns <= took


def test_the_price_is_kept_with_the_sample() -> None:
    execution = execute(FakeStore())
    expected = ExpectedAnswer(number=1, parameters=Q12.parameters, rows=list(execution.rows))
    trial = Trial(question=Q12.question, expected=expected, statement=Q12)
    trial.record_answer(1, Attempt(elapsed_ns=1, execution=execution), execution)
    assert [(sample.outcome, sample.client) for sample in trial.samples] == [
        (Outcome.OK, execution.client)
    ]


def test_a_question_about_one_point_asks_for_its_chunks_alone() -> None:
    store = FakeStore()
    answer = execute(store, Q6)
    assert store.asked == [Q6.series]
    assert answer.rows == [(EPOCH, 2.0, 1.0, 3.0, 2)]


def test_the_graph_is_asked_as_in_the_federated_scenario() -> None:
    federated = build_statement(find_question("Q12"), SCENARIOS["O2"], Q12.parameters)
    assert Q12.main == federated.main
    graph = build_statement(find_question("Q5"), SCENARIOS["O1"], {})
    assert (graph.main, graph.series) == (
        build_statement(find_question("Q5"), SCENARIOS["O2"], {}).main,
        None,
    )


def test_the_chunks_have_what_the_graph_left_of_the_time() -> None:
    store = FakeStore()
    execute(store)
    assert 0 < store.left_s[1] < store.left_s[0] < 60


def test_nothing_is_sent_once_the_limit_is_over() -> None:
    store = FakeStore()
    with pytest.raises(QueryTimeout, match="Q12 ran over its time limit of 0 s before its chunks"):
        execute(store, timeout_s=0.0)
    assert store.asked == []


def test_a_fetch_that_ends_too_late_is_not_decoded() -> None:
    store = FakeStore()
    store.before_chunks = waiting(0.25)
    with pytest.raises(QueryTimeout, match=r"limit of 0\.2 s while its chunks were fetched"):
        execute(store, timeout_s=0.2)


def many_chunks(count: int) -> Execution:
    ticks = [EPOCH + timedelta(seconds=second) for second in range(1000)]
    timestamps = " ".join(f"{tick.timestamp():.3f}" for tick in ticks)
    row = ("p", len(ticks), timestamps, " ".join("1.25" for _ in ticks))
    return Execution(columns=CHUNK_COLUMNS, rows=[row] * count)


def test_the_limit_holds_for_the_decoding_too() -> None:
    store = FakeStore(chunks=many_chunks(4000))  # 4 million samples
    with pytest.raises(QueryTimeout, match="while its chunks were decoded"):
        execute(store, timeout_s=0.1)


def test_a_failure_of_the_store_is_passed_on() -> None:
    store = FakeStore()

    def fail() -> None:
        raise QueryFailed("no answer")

    store.before_chunks = fail
    with pytest.raises(QueryFailed, match="no answer"):
        execute(store)


@pytest.mark.parametrize("columns", [CHUNK_COLUMNS[:3], (*CHUNK_COLUMNS[1:], CHUNK_COLUMNS[0])])
def test_chunks_in_other_columns_are_refused(columns: Sequence[str]) -> None:
    rows: list[tuple[Any, ...]] = [tuple("x" for _ in columns)]
    store = FakeStore(chunks=Execution(columns=tuple(columns), rows=rows))
    with pytest.raises(QueryFailed, match="the chunks of Q12 come as"):
        execute(store)


def test_a_column_that_the_graph_lacks_is_named() -> None:
    store = FakeStore(graph=Execution(columns=("point_id",), rows=[("p",)]))
    with pytest.raises(QueryFailed, match="does not answer quantity"):
        execute(store)


def test_a_statement_without_a_text_for_the_chunks_is_refused() -> None:
    with pytest.raises(QueryFailed, match="Q12 has no text for the chunks"):
        execute(FakeStore(), Statement(question=Q12.question, main=Q12.main, series=None))
