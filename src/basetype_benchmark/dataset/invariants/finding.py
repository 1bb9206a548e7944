"""What a check found: how much it looked at, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

KEPT = 10
"""Violations kept word for word; the rest are counted."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One thing that breaks an invariant.

    `subject` is the id of a point or node, `time` that of the sample (None: no sample is to
    blame), `what` the values found and those expected.
    """

    subject: str
    what: str
    time: datetime | None = None

    def __str__(self) -> str:
        """Write it in one line."""
        when = "" if self.time is None else f" at {self.time:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        return f"{self.subject}{when}: {self.what}"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The result of a check, of all of a dataset or of a part.

    `checked` counts what was compared (samples, intervals, nodes, ...), `failed` the violations,
    of which `violations` are the first `KEPT`.
    """

    checked: int = 0
    failed: int = 0
    violations: tuple[Violation, ...] = ()

    def __add__(self, other: Finding) -> Finding:
        """Put the findings of two parts together, in order."""
        return Finding(
            checked=self.checked + other.checked,
            failed=self.failed + other.failed,
            violations=(self.violations + other.violations)[:KEPT],
        )


NOTHING = Finding()
"""Of a part where there was nothing to check."""


def found(checked: int, violations: list[Violation]) -> Finding:
    """Give the finding of a check that lists all its violations."""
    return Finding(checked=checked, failed=len(violations), violations=tuple(violations[:KEPT]))
