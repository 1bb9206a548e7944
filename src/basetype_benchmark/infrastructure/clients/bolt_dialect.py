"""What differs between the products that speak Bolt: statements, marks in errors, sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MemoryReport = Callable[[Sequence[Sequence[Any]]], Mapping[str, str]]
"""Makes details of a load from the rows that `BoltDialect.memory_query` answers."""


@dataclass(frozen=True, kw_only=True)
class BoltDialect:
    """One product. Every statement in it is sent alone, in auto-commit.

    A text in `timeout_marks` or `refusal_marks` is part of the code or the message with which the
    server ends a statement for its time, or for its memory.
    """

    title: str
    create_indexes: Callable[[str], tuple[str, ...]]  # of a label, and of its property `id`
    timeout_marks: tuple[str, ...]
    refusal_marks: tuple[str, ...]
    before_load: tuple[str, ...] = ()
    after_load: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()  # sent once each, in this order
    delete_some: tuple[str, ...] = ()  # each sent again and again until it answers 0
    memory_query: str | None = None
    read_memory: MemoryReport = lambda rows: {}
    # See ``benchmarks/load_arcadedb.py --batches``: from 5 000 and 50 000 on, no size is faster.
    rows_per_batch: int = 10_000
    samples_per_batch: int = 50_000
