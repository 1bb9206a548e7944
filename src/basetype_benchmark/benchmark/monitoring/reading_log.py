"""Keeps every reading of a cell: columns of numbers, nothing for Python's collector to visit."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from basetype_benchmark.benchmark.resources import COUNTERS, GAUGES, Reading

FIELDS = (*GAUGES, *COUNTERS)
_LABELS = ("source", "phase", "moment")
_NOT_READ = -1  # no gauge or counter is ever below zero


class Moment(StrEnum):
    """Why a reading was taken."""

    BEGIN = "begin"
    """At the begin of the phase."""
    TIMED = "timed"
    """By the sampler, at its interval."""
    END = "end"
    """At the end of the phase."""


class ReadingLog:
    """All readings of one cell, in the order in which they were added.

    A campaign of a day has a million of them. As objects they would cost the harness its memory,
    and the pauses of the collector would come between the executions.

    `listener` hears of each reading by its source and phase, in the thread that took it.
    """

    def __init__(self, listener: Callable[[str, str | None, Reading], None] | None = None) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._names: dict[str, int] = {}
        self._labels = array("q")
        self._times = array("q")
        self._values = {name: array("q") for name in FIELDS}

    def __len__(self) -> int:
        return len(self._times)

    def add(
        self, source: str, phase: str | None, moment: Moment, t_ns: int, reading: Reading
    ) -> None:
        """Keep a reading."""
        with self._lock:
            self._labels.extend(map(self._number, (source, phase or "", moment)))
            for name, column in self._values.items():
                value: int | None = getattr(reading, name)
                column.append(_NOT_READ if value is None else value)
            self._times.append(t_ns)
        if self._listener is not None:
            self._listener(source, phase, reading)

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Give all readings by column: text, or numbers that are masked where nothing was read.

        `t_ns` counts from the begin of the cell; `phase` is empty between two phases.
        """
        with self._lock:
            names = np.array([*self._names, ""], dtype=np.str_)
            labels = names[np.array(self._labels, dtype=np.int64)].reshape(-1, len(_LABELS))
            numbers = {name: np.array(values) for name, values in self._values.items()}
            return {
                **{label: labels[:, i] for i, label in enumerate(_LABELS)},
                "t_ns": np.array(self._times),
                **{n: np.ma.masked_equal(values, _NOT_READ) for n, values in numbers.items()},
            }

    def _number(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))
