"""What a runner is given to run: questions, their parameter variants, and the expected rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from basetype_benchmark.queries.catalog import Parameters, Question


@dataclass(frozen=True, kw_only=True)
class ExpectedAnswer:
    """One variant of a question, numbered from 1, and the rows that the oracle gives for it."""

    number: int
    parameters: Parameters
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class QuestionWork:
    """One question with all its variants."""

    question: Question
    variants: tuple[ExpectedAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class Workload:
    """The questions of a run, in the order in which they are reported."""

    work: tuple[QuestionWork, ...]
