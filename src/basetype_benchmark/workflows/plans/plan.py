"""The plan of a campaign: its cells, in the order in which they run, before any of them does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from basetype_benchmark.config.protocol import Protocol, protocol_for
from basetype_benchmark.config.ram import GRAPH_SHARE, format_level
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario, find_scenario
from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.queries.catalog import Question, find_question, load_questions


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One scenario, once, on one dataset, under one RAM limit (None: no limit)."""

    profile: str
    scenario: Scenario
    repetition: int
    ram_bytes: int | None = None

    @property
    def id(self) -> str:
        """Readable and globbable: ``tiny-2d.P1.r1``, ``small-1w.O2.8g.r2``."""
        ram = [] if self.ram_bytes is None else [format_level(self.ram_bytes)]
        return ".".join([self.profile, self.scenario.id, *ram, f"r{self.repetition}"])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is measured of one profile and how.

    `graph_share` is the graph server's part of the RAM of a scenario with two servers.
    """

    profile: str
    dataset_seed: int
    questions: tuple[Question, ...]
    protocol: Protocol
    cells: tuple[Cell, ...]
    graph_share: float = GRAPH_SHARE

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Each one once, in the order of the cells."""
        return tuple({cell.scenario.id: cell.scenario for cell in self.cells}.values())

    @property
    def summary(self) -> str:
        """One line for people."""
        protocol = self.protocol
        scenarios = [scenario.id for scenario in self.scenarios]
        runs = f"{protocol.runs} measured runs after {protocol.warmup} to warm up"
        return (
            f"{self.profile} on {', '.join(scenarios)}: {len(self.questions)} queries, up to "
            f"{protocol.variants} parameter sets each, "
            f"{runs if protocol.warmup else 'each executed once' if protocol.runs == 1 else runs}"
        )

    @property
    def executions_per_cell(self) -> int:
        """Most executions of a cell, warm-up included: a query may have fewer parameter sets."""
        per_variant = self.protocol.warmup + self.protocol.runs
        return len(self.questions) * self.protocol.variants * per_variant


def make_plan(
    *,
    profile: str,
    dataset_seed: int,
    scenarios: Sequence[Scenario],
    questions: Sequence[Question],
    protocol: Protocol,
    repetitions: int = 1,
    ram_levels: Sequence[int] | Mapping[str, Sequence[int]] = (),
    graph_share: float = GRAPH_SHARE,
) -> Plan:
    """Lay out the cells, repetition by repetition; each scenario at each RAM level, or unlimited.

    `ram_levels` are those of all scenarios, or by scenario id. The levels of a scenario follow one
    another, lowest first, so that they share one load. Every second repetition takes the scenarios
    backwards, so that what drifts with time (heat, neighbours) does not always fall on the same.

    Raises:
        UsageError: there is nothing to run.
    """
    if not scenarios or not questions or repetitions < 1:
        raise UsageError("nothing to run: at least one scenario, query and repetition is needed")
    by_scenario = ram_levels if isinstance(ram_levels, Mapping) else {}
    common = () if isinstance(ram_levels, Mapping) else ram_levels
    cells = [
        Cell(profile=profile, scenario=scenario, repetition=repetition, ram_bytes=ram_bytes)
        for repetition in range(1, repetitions + 1)
        for scenario in (scenarios if repetition % 2 else reversed(scenarios))
        for ram_bytes in sorted(by_scenario.get(scenario.id, common)) or (None,)
    ]
    return Plan(
        profile=profile,
        dataset_seed=dataset_seed,
        questions=tuple(questions),
        protocol=protocol,
        cells=tuple(cells),
        graph_share=graph_share,
    )


def choose_scenarios(
    names: str | None, default: Callable[[], Sequence[Scenario]]
) -> tuple[Scenario, ...]:
    """Read a list like ``P1,O2``, or ask for the default; each one once, in the order given.

    Raises:
        UsageError: a name is unknown, or the list is empty.
        ServiceUnavailable: there is no list and the default is empty: nothing can run here.
    """
    if names is None:
        scenarios = tuple(default())
        if not scenarios:
            raise ServiceUnavailable("no scenario can run here; see what is missing: btb doctor")
        return scenarios
    chosen = dict.fromkeys(find_scenario(name).id for name in split_names(names))
    return tuple(SCENARIOS[scenario_id] for scenario_id in chosen)


def choose_questions(names: str | None) -> tuple[Question, ...]:
    """Read a list like ``Q1,Q7``, or take all; each one once, Q1 first.

    Raises:
        UsageError: a name is unknown, or the list is empty.
    """
    questions = load_questions()
    if names is None:
        return tuple(questions.values())
    chosen = {find_question(name).id for name in split_names(names)}
    return tuple(question for question in questions.values() if question.id in chosen)


def choose_protocol(
    scale_name: str,
    *,
    runs: int | None = None,
    warmup: int | None = None,
    variants: int | None = None,
    timeout_s: float | None = None,
) -> Protocol:
    """Take the protocol of a scale, with what the user wants otherwise."""
    protocol = protocol_for(scale_name)
    return replace(
        protocol,
        runs=protocol.runs if runs is None else runs,
        warmup=protocol.warmup if warmup is None else warmup,
        variants=protocol.variants if variants is None else variants,
        timeout_s=protocol.timeout_s if timeout_s is None else timeout_s,
    )


def split_names(names: str) -> list[str]:
    """Take a list like ``P1,O2`` apart.

    Raises:
        UsageError: it is empty.
    """
    parts = [part.strip() for part in names.split(",") if part.strip()]
    if not parts:
        raise UsageError("the list is empty; give ids separated by commas, for instance P1,O2")
    return parts
