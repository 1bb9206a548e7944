"""What this machine can do, as far as the questions about a run depend on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basetype_benchmark.config.profiles import Scale


@dataclass(frozen=True, kw_only=True)
class Ground:
    """By scenario why it cannot run here (None: it can); why no RAM can be limited; the memory of
    the machine; the scales known.
    """

    lacks: Mapping[str, str | None]
    why_no_limits: str | None
    host_bytes: int
    scales: Mapping[str, Scale]

    @property
    def able(self) -> tuple[str, ...]:
        """The scenarios that can run here."""
        return tuple(scenario for scenario, lack in self.lacks.items() if lack is None)
