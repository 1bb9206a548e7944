"""The plans that the engines told of their queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from basetype_benchmark.report.html.facts import ProfileFacts, ScenarioFacts
from basetype_benchmark.report.html.look import title_of
from basetype_benchmark.report.html.model import Folded, Part, Section, Texts
from basetype_benchmark.report.html.wording import plural

_ALL_CHARACTERS = 200_000
_LEAST_CHARACTERS = 100
_MOST_CHARACTERS = 6_000
_MOST_SCENARIOS = 24


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """The plan of a query in one cell."""

    query: str
    name: str
    cell: str
    text: str


def plan_section(profiles: Sequence[ProfileFacts]) -> Section:
    """Show a plan of each query of each scenario: of the highest level that has one.

    `profiles` have the biggest dataset first; where there are many plans, only its are shown.
    """
    told = [(p, s, plans) for p in profiles for s in p.scenarios if (plans := list(_plans(s)))]
    found = told if len(told) <= _MOST_SCENARIOS else [t for t in told if t[0] is told[0][0]]
    count = sum(len(plans) for _, _, plans in found)
    if not count:
        return Section(
            key="plans",
            title="Query plans",
            lead=(
                "No plans were captured: the results of this campaign hold none. The text that "
                "each engine was sent is printed by btb queries show.",
            ),
            parts=(),
        )
    most = max(_LEAST_CHARACTERS, min(_MOST_CHARACTERS, _ALL_CHARACTERS // count))
    parts: list[Part] = [
        Folded(
            title=f"{profile.profile}, {scenario.scenario}, {title_of(scenario.scenario)}: "
            f"{plural(len(plans), 'plan')}",
            part=Texts(
                key=f"plans-{profile.profile}-{scenario.scenario}",
                items=tuple((f"{p.query} {p.name} ({p.cell})", _cut(p, most)) for p in plans),
            ),
        )
        for profile, scenario, plans in found
    ]
    return Section(
        key="plans",
        title="Query plans",
        lead=(
            "What each engine says of how it executes the first variant of a query, asked for "
            "after the measurement, at the highest RAM level. Engines that tell none are missing."
            + ("" if found is told else f" Of {found[0][0].profile} alone: all are in cells/."),
        ),
        parts=tuple(parts),
    )


def _plans(scenario: ScenarioFacts) -> Iterator[_Plan]:
    for level in reversed(scenario.levels):
        for record in level.records:
            told = [
                _Plan(query=query.query, name=query.name, cell=record.cell, text=query.plan)
                for query in record.result.queries
                if query.plan
            ]
            if told:
                yield from told
                return


def _cut(plan: _Plan, most: int) -> str:
    """Shorten a plan that is longer than there is room for, and say where all of it is."""
    if len(plan.text) <= most:
        return plan.text
    return f"{plan.text[:most]}\n… the whole plan is in cells/{plan.cell}.json"
