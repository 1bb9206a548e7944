"""Compares an engine's answer with the expected rows, outside the clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.queries.catalog import Question


def find_differences(
    question: Question, execution: Execution, expected: Sequence[Sequence[Any]]
) -> tuple[str, ...]:
    """Say how an answer differs from the expected one; empty when it does not."""
    from basetype_benchmark.queries.compare import compare, normalise  # noqa: PLC0415

    return tuple(compare(question, expected, normalise(question, execution)))
