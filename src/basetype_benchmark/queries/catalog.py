"""The thirteen questions as contracts: parameters, result columns, order.

Each question is a folder under ``questions/`` with a ``query.yaml`` and one text per storage
model. The contract is what makes the answers of different engines comparable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from basetype_benchmark.config.yaml_files import Problems, read_yaml
from basetype_benchmark.errors import UsageError

ParameterValue = str | datetime
Parameters = Mapping[str, ParameterValue]
BoundValue = ParameterValue | float
"""What a driver binds; for Cypher, a time is a number."""


class Kind(StrEnum):
    """What a question needs: the graph, the series, or both."""

    GRAPH = "graph"
    SERIES = "series"
    HYBRID = "hybrid"


class ParameterType(StrEnum):
    """Type of a parameter; a `node_id` becomes an IRI in SPARQL, a `text` a literal."""

    NODE_ID = "node_id"
    TEXT = "text"
    TIMESTAMP = "timestamp"


class ColumnType(StrEnum):
    """Type of a result column, and the Python type of its values once normalised."""

    TEXT = "text"  # str
    INTEGER = "integer"  # int
    FLOAT = "float"  # float
    TIMESTAMP = "timestamp"  # datetime in UTC
    DATE = "date"  # datetime.date


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Parameter(_Strict):
    """One parameter of a question."""

    name: str
    type: ParameterType


class Column(_Strict):
    """One column of an answer, or of the rows that go from the graph leg to the series leg."""

    name: str
    type: ColumnType
    nullable: bool = False


class Order(_Strict):
    """One key of the answer's order; text orders by code point."""

    column: str
    descending: bool = False


class Question(_Strict):
    """The contract of one question."""

    id: str = Field(pattern=r"^Q([1-9]|1[0-3])$")
    name: str
    title: str
    kind: Kind
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[Column, ...] = Field(min_length=1)
    order: tuple[Order, ...] = Field(min_length=1)
    limit: int | None = None  # where a ranking is cut, rows that tie at the cut may swap
    federated: tuple[Column, ...] = ()  # what the graph leg hands to the series leg
    folder: Path

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the result columns in order."""
        return tuple(column.name for column in self.columns)


@cache
def load_questions() -> Mapping[str, Question]:
    """Read all contracts, by id, Q1 first.

    Raises:
        ConfigError: a contract is invalid; every mistake is listed.
    """
    root = Path(str(files("basetype_benchmark.queries") / "questions"))
    questions = read_questions(sorted(root.glob("q*/query.yaml")))
    return {q.id: q for q in sorted(questions, key=lambda q: int(q.id[1:]))}


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """Read and validate contracts.

    Raises:
        ConfigError: one is invalid; every mistake of every file is listed with its key.
    """
    problems = Problems()
    taken: dict[str, Path] = {}
    questions = []
    for path in paths:
        question = read_yaml(path, Question, problems, folder=path.parent)
        if question is None:
            continue
        if question.id in taken:
            problems.add(path, "id", f"{question.id!r} is taken by {taken[question.id]}")
        taken[question.id] = path
        questions.append(question)
    problems.refuse("the queries")
    return questions


def find_question(question_id: str) -> Question:
    """Look up a question by its id, whatever its case.

    Raises:
        UsageError: no such question; the message lists those there are.
    """
    questions = load_questions()
    try:
        return questions[question_id.strip().upper()]
    except KeyError:
        raise UsageError(
            f"there is no query {question_id!r}; choose from: {', '.join(questions)}"
        ) from None
