"""What a campaign measured, sorted as the page tells it: by dataset, scenario and RAM level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.summary import CampaignSummary, LevelSummary
from basetype_benchmark.benchmark.brackets import find_bracket
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.failure import Failure, find_failure
from basetype_benchmark.benchmark.gradient import Bracket, Findings, Observation
from basetype_benchmark.config.protocol import Protocol


@dataclass(frozen=True, kw_only=True)
class LevelFacts:
    """A scenario at one level: its summary, the results of its cells, and why it is not viable."""

    summary: LevelSummary
    records: tuple[CellRecord, ...]
    failure: Failure | None

    @property
    def scenario(self) -> str:
        """Id of the scenario."""
        return self.summary.scenario

    @property
    def ram_bytes(self) -> int | None:
        """The limit of all its servers together; None: no limit."""
        return self.summary.ram_bytes

    @property
    def is_measured(self) -> bool:
        """Whether it has a result at all."""
        return bool(self.records)

    @property
    def is_viable(self) -> bool:
        """Whether every query that it can express was answered rightly, each time."""
        return self.is_measured and self.failure is None

    @property
    def mean_ns(self) -> float | None:
        """The geometric mean of the medians of all its queries; None unless it is viable."""
        return self.summary.geometric_mean_p50_ns if self.is_viable else None

    @property
    def runs(self) -> int:
        """Measured executions that were answered."""
        return sum(query.answered_runs for query in self.summary.queries)


@dataclass(frozen=True, kw_only=True)
class ScenarioFacts:
    """A scenario at its levels, lowest first; no limit comes last.

    `least` is the least RAM that works; None without any limit. `findings` are those of a gradient.
    """

    scenario: str
    levels: tuple[LevelFacts, ...]
    least: Bracket | None
    findings: Findings | None

    @property
    def viable(self) -> tuple[LevelFacts, ...]:
        """The levels that are enough, and took a time that is known."""
        return tuple(level for level in self.levels if level.mean_ns is not None)

    @property
    def at_least_ram(self) -> LevelFacts | None:
        """How it does with the least RAM that was enough; None without limits."""
        passed = None if self.least is None else self.least.passed_at
        return next((v for v in self.viable if passed is not None and v.ram_bytes == passed), None)

    @property
    def with_most_ram(self) -> LevelFacts | None:
        """The highest level that is enough; its time was not chosen for being small."""
        return self.viable[-1] if self.viable else None


@dataclass(frozen=True, kw_only=True)
class ProfileFacts:
    """One dataset: its scenarios in the order planned, and the names of its queries by id."""

    profile: str
    protocol: Protocol | None
    scenarios: tuple[ScenarioFacts, ...]
    names: Mapping[str, str]

    @property
    def levels(self) -> tuple[LevelFacts, ...]:
        """Every level of every scenario."""
        return tuple(level for scenario in self.scenarios for level in scenario.levels)

    @property
    def measured(self) -> tuple[LevelFacts, ...]:
        """The levels that have a result."""
        return tuple(level for level in self.levels if level.is_measured)

    @property
    def limits(self) -> tuple[int, ...]:
        """The RAM levels there are, lowest first; empty where there was no limit."""
        return tuple(sorted({v.ram_bytes for v in self.measured if v.ram_bytes is not None}))

    @property
    def repetitions(self) -> int:
        """The most cells that a level has."""
        return max((len(level.records) for level in self.levels), default=0)


def sort_facts(data: CampaignData, summary: CampaignSummary) -> tuple[ProfileFacts, ...]:
    """Sort what was measured; datasets in the order planned."""
    records = {record.cell: record for record in data.cells}
    levels = [_level(level, records) for level in summary.levels]
    protocols = {planned.profile: planned.protocol for planned in data.campaign.profiles}
    profiles = dict.fromkeys((*protocols, *(level.summary.profile for level in levels)))
    return tuple(
        _profile(
            profile,
            [level for level in levels if level.summary.profile == profile],
            protocols.get(profile),
            data,
        )
        for profile in profiles
    )


def _level(summary: LevelSummary, records: Mapping[str, CellRecord]) -> LevelFacts:
    found = tuple(records[cell] for cell in summary.cells)
    failures = [find_failure(record.result) for record in found]
    return LevelFacts(
        summary=summary,
        records=found,
        failure=next((failure for failure in failures if failure is not None), None),
    )


def _profile(
    profile: str, levels: Sequence[LevelFacts], protocol: Protocol | None, data: CampaignData
) -> ProfileFacts:
    findings = {f.scenario: f.findings for f in data.gradient.scenarios} if data.gradient else {}
    ids = dict.fromkeys(level.scenario for level in levels)
    return ProfileFacts(
        profile=profile,
        protocol=protocol,
        scenarios=tuple(
            _scenario(one, [v for v in levels if v.scenario == one], findings.get(one))
            for one in ids
        ),
        names={q.query: q.name for level in levels for q in level.summary.queries},
    )


def _scenario(
    scenario: str, levels: Sequence[LevelFacts], findings: Findings | None
) -> ScenarioFacts:
    ordered = sorted(levels, key=lambda level: level.ram_bytes or 1 << 62)
    tried = [
        Observation(
            ram_bytes=level.ram_bytes,
            failure=None if level.failure is None else level.failure.words,
        )
        for level in ordered
        if level.ram_bytes is not None and level.is_measured
    ]
    return ScenarioFacts(
        scenario=scenario,
        levels=tuple(ordered),
        least=find_bracket(tried) if tried else None,
        findings=findings,
    )
