"""What a gradient says: how a scenario fared at each RAM level, and what follows from it.

Levels are the RAM of all servers of a scenario together, in bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import ConfigDict

from basetype_benchmark.benchmark.ratio import Latencies, Ratio
from basetype_benchmark.benchmark.strict import STRICT
from basetype_benchmark.config.ram import Strategy, format_ram, format_rams


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One level tried. It is viable when `failure` is None: every query that the scenario can
    express was answered rightly.

    `is_memory_matter`: more memory might mend the failure; not so a wrong answer.
    """

    ram_bytes: int
    failure: str | None = None
    is_memory_matter: bool = True
    latencies: Latencies = field(default_factory=dict)

    @property
    def is_viable(self) -> bool:
        """Whether the scenario works with so much RAM."""
        return self.failure is None


@dataclass(frozen=True, kw_only=True)
class Bracket:
    """The least viable RAM as an interval: more than `failed_at`, at most `passed_at`.

    None as `failed_at`: nothing tried was too little. None as `passed_at`: nothing was enough.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    failed_at: int | None
    passed_at: int | None

    def __str__(self) -> str:
        if self.passed_at is None:
            return (
                "nothing tried"
                if self.failed_at is None
                else f"more than {format_ram(self.failed_at)}: nothing that was tried is enough"
            )
        if self.failed_at is None:
            return f"at most {format_ram(self.passed_at)}, the least that was tried"
        failed, passed = format_rams((self.failed_at, self.passed_at))
        return f"failed at {failed}, passed at {passed}"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two viable levels, one after the other; `ratio` is the time at the higher over the lower."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    lower_bytes: int
    higher_bytes: int
    ratio: Ratio


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """A level that was viable below one that was not: memory alone does not explain it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    passed_at: int
    failed_at: int


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the levels tried so far say.

    `plateau` is the comparison that shows that more RAM than its lower level does not help.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    least: Bracket
    plateau: Comparison | None
    comparisons: tuple[Comparison, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, kw_only=True)
class ScenarioLevels:
    """The plan of one scenario: the levels that may be tried, lowest first, and how.

    `skipped_bytes` are those that the machine cannot have.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    strategy: Strategy
    levels_bytes: tuple[int, ...]
    skipped_bytes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GradientPlanRecord:
    """What ``campaign.json`` says of a gradient; its cells are decided one after the other.

    Each level is measured `repetitions` times on a machine with `host_bytes` of memory.
    `bracket_ratio` and `least_bytes` are None without bisection.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenarios: tuple[ScenarioLevels, ...]
    repetitions: int
    host_bytes: int
    plateau_improvement: float
    bracket_ratio: float | None
    least_bytes: int | None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One step: a level measured in `cells`, a level skipped, or the end; and why."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    kind: Literal["measure", "skip", "end"]
    ram_bytes: int | None
    reason: str
    decided_at: datetime
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LevelResult:
    """How a scenario fared at one level; `failure` in words, None where it is viable."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    ram_bytes: int
    cells: tuple[str, ...]
    failure: str | None
    geometric_mean_p50_ns: float | None


@dataclass(frozen=True, kw_only=True)
class ScenarioFindings:
    """The levels that a scenario was measured at, lowest first, and what follows."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    levels: tuple[LevelResult, ...]
    findings: Findings
    end: str | None  # why no further level is tried; None while the gradient goes on


@dataclass(frozen=True, kw_only=True)
class GradientRecord:
    """The content of ``gradient.json``, written anew after each decision."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: Literal[1] = 1
    campaign: str
    decisions: tuple[Decision, ...]
    scenarios: tuple[ScenarioFindings, ...]
