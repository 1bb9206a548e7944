"""Digests of answers, so that somebody else can see which answer was expected and which was given.

Floats are rounded to 20 binary digits, as coarse as the contract's tolerance: another machine that
adds the same numbers in another order gives the same digest.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from basetype_benchmark.queries.catalog import Question
from basetype_benchmark.queries.tolerance import ABSOLUTE_TOLERANCE

_BINARY_DIGITS = 20  # 1e-6: beside a decimal grid, sums of decimal data do not lie on its borders


def digest_answer(question: Question, rows: Sequence[Sequence[Any]]) -> str:
    """Give the SHA-256, in hex, of rows in the contract's columns and types.

    Their order is left out: it is the contract's, and rows that tie in it may swap.
    """
    digest = hashlib.sha256(json.dumps([question.id, *question.column_names]).encode())
    for line in sorted(json.dumps([_canonical(value) for value in row]) for row in rows):
        digest.update(b"\n" + line.encode())
    return digest.hexdigest()


def _canonical(value: object) -> object:
    """Write a value with its type, so that no two values of different types are the same."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return {"float": _rounded(value)}
    if isinstance(value, datetime):
        utc = value if value.tzinfo is None else value.astimezone(UTC)
        return {"time": utc.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {type(value).__name__: repr(value)}


def _rounded(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if abs(value) < ABSOLUTE_TOLERANCE:
        return "0"
    fraction, exponent = math.frexp(value)
    return math.ldexp(round(math.ldexp(fraction, _BINARY_DIGITS)), exponent - _BINARY_DIGITS).hex()
