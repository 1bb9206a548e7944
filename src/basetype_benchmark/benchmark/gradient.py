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

SUSPICIOUS_RATIO = 1.1
"""More memory that takes more than so many times the time: the machine was not the same."""


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
    """The least viable RAM as an interval."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    failed_at: int | None
    """It is more than this. None: nothing tried was too little."""
    passed_at: int | None
    """It is at most this. None: nothing tried was enough."""

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
    """Two viable levels of the plan, one after the other."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    lower_bytes: int
    """The lower level."""
    higher_bytes: int
    """The higher level."""
    ratio: Ratio
    """The time at the higher over that at the lower."""

    @property
    def is_suspicious(self) -> bool:
        """Whether more memory made it clearly slower, which it does not do."""
        return self.ratio.is_above(SUSPICIOUS_RATIO)


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """A level that was viable below one that was not: memory alone does not explain it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    passed_at: int
    """The lower level, which was viable."""
    failed_at: int
    """The higher level, which was not."""

    def __str__(self) -> str:
        passed, failed = format_ram(self.passed_at), format_ram(self.failed_at)
        return f"passed at {passed} and failed at {failed}: memory alone does not explain that"


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the levels tried so far say."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    least: Bracket
    """The least viable RAM."""
    plateau: Comparison | None
    """The first comparison whose whole interval shows an improvement below the threshold: more RAM
    than its lower level does not help. None: none does."""
    is_plateau_bound: bool
    """Whether the plateau may lie lower: the step up to it is not shown to be worth it, or nothing
    was compared below it."""
    comparisons: tuple[Comparison, ...]
    """Neighbouring viable levels, lowest first."""
    contradictions: tuple[Contradiction, ...]
    """Levels that memory alone does not explain."""

    @property
    def plateau_words(self) -> str:
        """Write the plateau: ``0.25 GiB``, ``0.25 GiB or less``, ``not found``."""
        if self.plateau is None:
            return "not found"
        level = format_ram(self.plateau.lower_bytes)
        return f"{level} or less" if self.is_plateau_bound else level


@dataclass(frozen=True, kw_only=True)
class ScenarioLevels:
    """The plan of one scenario."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    """Id of the scenario."""
    strategy: Strategy
    """How it goes up."""
    levels_bytes: tuple[int, ...]
    """The levels that may be tried, lowest first."""
    skipped_bytes: tuple[int, ...] = ()
    """Levels that the machine cannot have."""


@dataclass(frozen=True, kw_only=True)
class GradientPlanRecord:
    """What ``campaign.json`` says of a gradient; its cells are decided one after the other."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenarios: tuple[ScenarioLevels, ...]
    """The plan of each scenario."""
    repetitions: int
    """How often each level is measured."""
    host_bytes: int
    """Memory of the machine."""
    plateau_improvement: float
    """Share of the time that a level must take off to be worth it."""
    bracket_ratio: float | None
    """How far apart the ends of the least viable RAM may be in the end. None: no bisection."""
    least_bytes: int | None
    """No level below is tried. None: no bisection."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One step of a gradient."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    """Of which scenario."""
    kind: Literal["measure", "skip", "end"]
    """A level is measured, a level is skipped, or the scenario is at its end."""
    ram_bytes: int | None
    """Which level. None: it is the end."""
    reason: str
    """Why, in words."""
    decided_at: datetime
    """When, in UTC."""
    cells: tuple[str, ...] = ()
    """The cells that measure it; empty for other kinds."""


@dataclass(frozen=True, kw_only=True)
class LevelResult:
    """How a scenario fared at one level."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    ram_bytes: int
    """The level."""
    cells: tuple[str, ...]
    """The cells that measured it."""
    failure: str | None
    """What went wrong, in words. None: it is viable."""
    geometric_mean_p50_ns: float | None
    """Geometric mean, over the queries, of their medians. None: it is not viable."""


@dataclass(frozen=True, kw_only=True)
class ScenarioFindings:
    """How a scenario fared, and what follows."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    """Id of the scenario."""
    levels: tuple[LevelResult, ...]
    """Every level measured, lowest first."""
    findings: Findings
    """What they say."""
    end: str | None
    """Why no further level is tried. None: it goes on."""


@dataclass(frozen=True, kw_only=True)
class GradientRecord:
    """The content of ``gradient.json``, written anew before and after each level."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: Literal[1] = 1
    """Version of this file."""
    campaign: str
    """Name of the campaign."""
    decisions: tuple[Decision, ...]
    """Every step, in order."""
    scenarios: tuple[ScenarioFindings, ...]
    """What each scenario came to so far."""
