"""Hand-written stand-ins: a runner that keeps the data in memory, a clock, a progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from basetype_benchmark.benchmark.execution import Execution, Legs
from basetype_benchmark.config.scenarios import Scenario, Side, StorageModel
from basetype_benchmark.dataset.manifest import FORMAT_VERSION, Counts, Manifest, PlantedDefects
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import BenchmarkError
from basetype_benchmark.loaders.base import LoadPhase, StoredCounts, StoreLoad
from basetype_benchmark.progress import Progress, Task
from basetype_benchmark.queries.answer import Answer
from basetype_benchmark.queries.catalog import (
    Column,
    ColumnType,
    Kind,
    Order,
    Parameter,
    ParameterType,
    Question,
)
from basetype_benchmark.queries.statement import Statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.workload import ExpectedAnswer, QuestionWork, Workload

COUNTS = Counts(nodes={"Site": 1, "Building": 1}, edges={"CONTAINS": 1}, samples=12)
SCENARIO = Scenario(
    id="P1", title="in memory", graph=Side(engine="postgresql", model=StorageModel.RELATIONAL)
)
LEGS = Legs(graph_ns=3, transfer_ns=2, series_ns=1)

ExecutionHook = Callable[[str, int], None]
"""Called with the building id asked for and the how-many-eth execution of it this is, from 1."""


class FakeClock:
    """A clock that advances one microsecond with every reading."""

    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        self.now_ns += 1000
        return self.now_ns


class RecordingProgress:
    """Keeps what was reported."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.traced: list[Exception] = []
        self.totals: dict[str, float | None] = {}
        self.done: dict[str, float] = {}

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        self.totals[name] = total
        self.done.setdefault(name, 0)
        yield _RecordingTask(self, name)

    def note(self, message: str) -> None:
        self.notes.append(message)

    def trace(self, error: Exception) -> None:
        self.traced.append(error)


class _RecordingTask:
    def __init__(self, progress: RecordingProgress, name: str) -> None:
        self._progress, self._name = progress, name

    def advance(self, amount: float = 1) -> None:
        self._progress.done[self._name] += amount

    def on(self, what: str) -> None:
        pass


class DoOnFirstAdvance:
    """A `Progress` that does something as soon as a task of this name, or any, advances."""

    def __init__(self, action: Callable[[], None], *, task: str | None = None) -> None:
        self._action: Callable[[], None] | None = action
        self._task_name = task

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        yield _ActingTask(self, name)

    def note(self, message: str) -> None:
        pass

    def trace(self, error: Exception) -> None:
        pass

    def act(self, name: str) -> None:
        """Note that the task of this name advanced."""
        if self._action is not None and self._task_name in (None, name):
            action, self._action = self._action, None
            action()


class _ActingTask:
    def __init__(self, progress: DoOnFirstAdvance, name: str) -> None:
        self._progress, self._name = progress, name

    def advance(self, amount: float = 1) -> None:
        self._progress.act(self._name)

    def on(self, what: str) -> None:
        pass


class FakeRunner(BenchmarkRunner):
    """Answers from a dictionary: question and building to rows. Loads by copying it.

    Failures are injected by hand: `load_error`, `stored` counts, `on_execute` (may raise, or delay
    the clock), `recover_error`.
    """

    def __init__(
        self,
        dataset: Dataset,
        answers: Mapping[tuple[str, str], Sequence[tuple[Any, ...]]],
        *,
        scenario: Scenario = SCENARIO,
        on_execute: ExecutionHook | None = None,
    ) -> None:
        super().__init__(scenario=scenario, dataset=dataset, timeout_s=1.0)
        self.on_execute = on_execute
        self.load_error: BenchmarkError | None = None
        self.recover_error: BenchmarkError | None = None
        self.stored = StoredCounts(nodes=COUNTS.nodes, edges=COUNTS.edges, samples=COUNTS.samples)
        self.executed: list[tuple[str, str]] = []
        self.recoveries = 0
        self.is_connected = False
        self._source = answers
        self._store: dict[tuple[str, str], Sequence[tuple[Any, ...]]] = {}

    def connect(self) -> None:
        self.is_connected = True

    def disconnect(self) -> None:
        self.is_connected = False

    def clear_data(self) -> None:
        self._store.clear()

    def load_stores(self, progress: Progress) -> dict[str, StoreLoad]:
        if self.load_error is not None:
            raise self.load_error
        self._store.update(self._source)
        phase = LoadPhase(name="copy", elapsed_ns=5, items=len(self._store))
        return {"postgresql": StoreLoad(phases=(phase,), size_bytes=1 << 20)}

    def count_stores(self) -> dict[str, StoredCounts]:
        return {"postgresql": self.stored}

    def store_versions(self) -> dict[str, str]:
        return {"postgresql": "in memory 1.0"}

    def execute(self, statement: Statement) -> Execution:
        assert self.is_connected
        assert statement.main is not None
        building = str(statement.main.parameters["building_id"])
        key = (statement.question.id, building)
        self.executed.append(key)
        if self.on_execute is not None:
            self.on_execute(building, self.executed.count(key))
        columns = statement.question.column_names
        return Execution(columns=columns, rows=list(self._store[key]), legs=LEGS)

    def recover(self) -> None:
        self.recoveries += 1
        if self.recover_error is not None:
            raise self.recover_error


def make_question(folder: Path, question_id: str) -> Question:
    """Give a graph question with its own SQL text in `folder`: building id to (id, value)."""
    own = folder / question_id
    own.mkdir(parents=True, exist_ok=True)
    (own / "relational.sql").write_text("select id, value from t where b = %(building_id)s")
    return Question(
        id=question_id,
        name=f"question_{question_id}",
        title="A question for tests",
        kind=Kind.GRAPH,
        parameters=(Parameter(name="building_id", type=ParameterType.NODE_ID),),
        columns=(
            Column(name="id", type=ColumnType.TEXT),
            Column(name="value", type=ColumnType.FLOAT),
        ),
        order=(Order(column="id"),),
        folder=own,
    )


def make_dataset(folder: Path) -> Dataset:
    """Give a dataset of which only the manifest exists."""
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        generator_version="0",
        profile="tiny-2d",
        seed=42,
        start=datetime(2024, 1, 1, tzinfo=UTC),
        end=datetime(2024, 1, 3, tzinfo=UTC),
        buildings=["b01"],
        counts=COUNTS,
        planted=PlantedDefects(ghosts=[]),
        fingerprint="f" * 40,
        size_bytes=1,
    )
    return Dataset(folder=folder, manifest=manifest)


def make_workload(
    folder: Path, questions: Sequence[str] = ("Q1", "Q2"), buildings: Sequence[str] = ("b01", "b02")
) -> Workload:
    """Give questions with one variant per building, each expecting two rows."""
    return Workload(
        work=tuple(
            QuestionWork(
                question=make_question(folder, question_id),
                variants=tuple(
                    ExpectedAnswer(
                        number=number,
                        parameters={"building_id": building},
                        rows=Answer(expected_rows(question_id, building)),
                    )
                    for number, building in enumerate(buildings, start=1)
                ),
            )
            for question_id in questions
        )
    )


def expected_rows(question_id: str, building: str) -> list[tuple[str, float]]:
    """Give the right answer of `make_workload`'s questions."""
    return [(f"{building}.{question_id}.x", 1.5), (f"{building}.{question_id}.y", 2.5)]


def right_answers(workload: Workload) -> dict[tuple[str, str], Sequence[tuple[Any, ...]]]:
    """Give every answer as the workload expects it."""
    return {
        (work.question.id, str(variant.parameters["building_id"])): list(map(tuple, variant.rows))
        for work in workload.work
        for variant in work.variants
    }
