"""Compares an engine's answer with the expected rows, outside the clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.queries.answer_digest import digest_answer
from basetype_benchmark.queries.catalog import Question
from basetype_benchmark.queries.compare import compare, normalise

SHOWN_DIFFERENCES = 20
"""Differences kept of one answer; a wholly wrong answer of thousands of rows needs no more."""


def find_differences(
    question: Question, execution: Execution, expected: Sequence[tuple[Any, ...]]
) -> tuple[str, ...]:
    """Say how an answer differs from the expected one; empty when it does not."""
    actual = normalise(question, execution.columns, execution.rows)
    found = compare(question, expected, actual).differences
    shown = tuple(str(difference) for difference in found[:SHOWN_DIFFERENCES])
    left_out = len(found) - len(shown)
    return (*shown, f"and {left_out} more differences") if left_out else shown


def digest_execution(question: Question, execution: Execution) -> str:
    """Give the digest of an answer in the contract's columns and types."""
    return digest_answer(question, normalise(question, execution.columns, execution.rows))
