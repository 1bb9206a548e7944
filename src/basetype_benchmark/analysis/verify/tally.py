"""What a check compared, and what of it was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from enum import Enum
from itertools import zip_longest
from typing import TypeGuard

_LONGEST = 120
_MOST_FINDINGS = 100


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong; `field` is the path to it in the file, empty for the file itself."""

    file: str
    field: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check done: how many things it compared, and which were wrong.

    `left_out` says what it could not look at, and why.
    """

    name: str
    meaning: str
    compared: int
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...] = ()

    @property
    def is_ok(self) -> bool:
        """Whether nothing was wrong."""
        return not self.findings


class Tally:
    """Counts what one check compares and keeps what is wrong, up to a hundred findings."""

    def __init__(self, name: str, meaning: str) -> None:
        self._name = name
        self._meaning = meaning
        self._compared = 0
        self._findings: list[Finding] = []
        self._left_out: list[str] = []

    def demand(self, holds: bool, file: str, field: str, problem: str) -> None:
        """Count one thing, and keep it if it does not hold."""
        self._compared += 1
        if not holds:
            self.report(file, field, problem)

    def count(self, things: int) -> None:
        """Count things that were compared elsewhere; what is wrong is to be reported."""
        self._compared += things

    def report(self, file: str, field: str, problem: str) -> None:
        """Keep something wrong."""
        if len(self._findings) < _MOST_FINDINGS:
            self._findings.append(Finding(file=file, field=field, problem=problem))

    def compare(self, file: str, field: str, stated: object, due: object, source: str) -> None:
        """Compare all that two documents or records hold, floats exactly; `source` gives `due`."""
        for path, left, right in walk_pairs(stated, due, field):
            self._compared += 1
            if not _is_same(left, right):
                self.report(file, path, f"is {show(left)}, and {show(right)} {source}")

    def leave_out(self, what: str) -> None:
        """Say what could not be looked at."""
        if what not in self._left_out:
            self._left_out.append(what)

    def result(self) -> Check:
        """Close the check."""
        return Check(
            name=self._name,
            meaning=self._meaning,
            compared=self._compared,
            findings=tuple(self._findings),
            left_out=tuple(self._left_out),
        )


_ABSENT = object()


def walk_pairs(left: object, right: object, path: str) -> Iterator[tuple[str, object, object]]:
    """Give every leaf of two documents with its path; what only one of them has stands alone."""
    left, right = _plain(left), _plain(right)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for name in [*left, *(name for name in right if name not in left)]:
            yield from walk_pairs(
                left.get(name, _ABSENT), right.get(name, _ABSENT), _below(path, str(name))
            )
    elif _is_list(left) and _is_list(right):
        for index, (one, other) in enumerate(zip_longest(left, right, fillvalue=_ABSENT)):
            yield from walk_pairs(one, other, _below(path, str(index)))
    else:
        yield path, left, right


def show(value: object) -> str:
    """Write a value for people, in one line that is not too long."""
    if value is _ABSENT:
        return "absent"
    text = " ".join(value.split()) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_same(left: object, right: object) -> bool:
    """Whether two leaves are equal; a flag is no number."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
