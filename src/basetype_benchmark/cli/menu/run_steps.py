"""The questions about a run, one step each; which of them are asked depends on the mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from basetype_benchmark.cli.menu.dataset_options import held_options
from basetype_benchmark.cli.menu.ground import Ground
from basetype_benchmark.cli.menu.held import HeldDataset
from basetype_benchmark.cli.menu.run_options import (
    chosen_queries,
    chosen_scenarios,
    duration_marks,
    level_options,
    query_options,
    rule_options,
    scale_marks,
    scenario_options,
)
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.cli.menu.shell import command_line
from basetype_benchmark.cli.menu.walk import Step
from basetype_benchmark.cli.menu.wish import LevelRule, RunWish, run_arguments
from basetype_benchmark.cli.options import MOST_TIMES
from basetype_benchmark.cli.prompts import Option
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.protocol import protocol_for
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.profiles import find_measured_scale

_NO_LIMIT = 0


@dataclass(frozen=True, kw_only=True)
class RunSteps:
    """Asks about a run. Every method takes the wish so far, and gives None for one step back.

    `survey` looks what this machine can do; it is called when a question depends on it.
    """

    session: Session
    survey: Callable[[], Ground]
    held: Sequence[HeldDataset]

    @property
    def ground(self) -> Ground:
        """What this machine can do."""
        return self.survey()

    def asked(self, mode: Mode) -> list[Step[RunWish]]:
        """The questions that a mode asks before it shows its plan."""
        steps = self._steps()
        return [steps[name] for name in _ASKED[mode]]

    def changeable(self, wish: RunWish) -> list[Step[RunWish]]:
        """All that can be changed once the plan is shown."""
        steps = self._steps()
        names = [
            *_ASKED[wish.mode],
            *(n for n in _CHANGED[wish.mode] if n not in _ASKED[wish.mode]),
        ]
        return [steps[name] for name in names if steps[name].applies(wish)]

    def _steps(self) -> dict[str, Step[RunWish]]:
        steps = [
            Step(name="dataset", ask=self.dataset, applies=lambda _wish: len(self.held) > 1),
            Step(name="scenarios", ask=self.scenarios),
            Step(name="queries", ask=self.queries),
            Step(name="scales", ask=self.scales, applies=self._has_scales),
            Step(name="durations", ask=self.durations, applies=self._has_durations),
            Step(name="RAM limit", ask=self.one_level, applies=self._can_limit),
            Step(name="RAM limits", ask=self.levels, applies=self._can_limit),
            Step(name="RAM levels", ask=self.rule),
            Step(name="levels", ask=self.marked_levels, applies=_marks_levels),
            Step(name="bisection", ask=self.bisection),
            Step(name="runs", ask=self.runs),
        ]
        return {step.name: step for step in steps}

    def dataset(self, wish: RunWish) -> RunWish | None:
        """Which dataset; another one has other parts."""
        chosen = self.session.ask.one(
            f"{wish.mode.capitalize()}: which dataset?", held_options(self.held), first=wish.dataset
        )
        if chosen is None or chosen == wish.dataset:
            return None if chosen is None else wish
        return replace(wish, dataset=chosen, scales=(), durations=())

    def scenarios(self, wish: RunWish) -> RunWish | None:
        """Which scenarios."""
        marked = self.session.ask.some(
            _titled(wish, "Scenarios"), scenario_options(self.ground, wish), least=1
        )
        if marked is None:
            return None
        return replace(wish, scenarios=chosen_scenarios(self.ground, marked))

    def queries(self, wish: RunWish) -> RunWish | None:
        """Which queries."""
        marked = self.session.ask.some(_titled(wish, "Queries"), query_options(wish), least=1)
        return None if marked is None else replace(wish, queries=chosen_queries(marked))

    def scales(self, wish: RunWish) -> RunWish | None:
        """Which scales, of those in the dataset."""
        options = scale_marks(self._manifest(wish), self.ground.scales, wish)
        marked = self.session.ask.some(_titled(wish, "Scales"), options, least=1)
        own, _, _ = wish.dataset.profile.rpartition("-")
        if marked is None:
            return None
        return replace(wish, scales=() if marked == (own,) else marked)

    def durations(self, wish: RunWish) -> RunWish | None:
        """Which durations, of those in the dataset."""
        options = duration_marks(self._manifest(wish), self.ground.scales, wish)
        marked = self.session.ask.some(_titled(wish, "Durations"), options, least=1)
        _, _, own = wish.dataset.profile.rpartition("-")
        if marked is None:
            return None
        return replace(wish, durations=() if marked == (own,) else marked)

    def levels(self, wish: RunWish) -> RunWish | None:
        """Which RAM limits; none: no limit."""
        marked = self.session.ask.some(
            _titled(wish, "RAM of all servers of a scenario; none marked: no limit"),
            level_options(self.ground, wish),
        )
        return None if marked is None else replace(wish, ram_bytes=marked)

    def one_level(self, wish: RunWish) -> RunWish | None:
        """Which RAM limit, if any."""
        options = [Option(title="no limit", value=_NO_LIMIT), *level_options(self.ground, wish)]
        now = wish.ram_bytes[0] if wish.ram_bytes else _NO_LIMIT
        level = self.session.ask.one(
            _titled(wish, "RAM of all servers of a scenario"), options, first=now
        )
        if level is None:
            return None
        return replace(wish, ram_bytes=(level,) if level else ())

    def rule(self, wish: RunWish) -> RunWish | None:
        """By which rule the levels of a gradient are chosen."""
        rule = self.session.ask.one(
            _titled(wish, "RAM levels to try"), rule_options(), first=wish.level_rule
        )
        return None if rule is None else replace(wish, level_rule=rule)

    def marked_levels(self, wish: RunWish) -> RunWish | None:
        """Which levels of a gradient."""
        marked = self.session.ask.some(
            _titled(wish, "RAM levels"), level_options(self.ground, wish), least=1
        )
        return None if marked is None else replace(wish, ram_bytes=marked)

    def bisection(self, wish: RunWish) -> RunWish | None:
        """Whether to narrow down the least RAM."""
        options = [
            Option(title="No: these levels are enough", value=False),
            Option(title="Yes: try levels in between, too; takes longer", value=True),
        ]
        bisects = self.session.ask.one(
            _titled(wish, "Narrow down the least RAM that is enough?"), options, first=wish.bisects
        )
        return None if bisects is None else replace(wish, bisects=bisects)

    def runs(self, wish: RunWish) -> RunWish | None:
        """How often each query is executed; the protocol's own numbers stay unsaid."""
        held, ask = wish.dataset, self.session.ask
        scale = find_measured_scale(held.profile, held.seed, self.session.settings)
        protocol = protocol_for(scale)
        least = 2 if wish.mode is Mode.GRADIENT else 1
        now = protocol.runs if wish.runs is None else wish.runs
        runs = ask.number(
            _titled(wish, "Measured runs of each query"), now=now, least=least, most=MOST_TIMES
        )
        if runs is None:
            return None
        now = protocol.warmup if wish.warmup is None else wish.warmup
        warmup = ask.number(
            _titled(wish, "Runs before, to warm up"), now=now, least=0, most=MOST_TIMES
        )
        if warmup is None:
            return None
        return replace(
            wish,
            runs=None if runs == protocol.runs else runs,
            warmup=None if warmup == protocol.warmup else warmup,
        )

    def _can_limit(self, _wish: RunWish) -> bool:
        return self.ground.why_no_limits is None

    def _has_scales(self, wish: RunWish) -> bool:
        if wish.dataset.profile.rpartition("-")[0] not in self.ground.scales:
            return False  # of a profile file that is gone: nothing can be cut out of it
        options = scale_marks(self._manifest(wish), self.ground.scales, wish)
        return sum(option.why_not is None for option in options) > 1

    def _has_durations(self, wish: RunWish) -> bool:
        if wish.dataset.profile.rpartition("-")[0] not in self.ground.scales:
            return False
        options = duration_marks(self._manifest(wish), self.ground.scales, wish)
        return sum(option.why_not is None for option in options) > 1

    def _manifest(self, wish: RunWish) -> Manifest:
        dataset = wish.dataset
        return find_dataset(dataset.profile, dataset.seed, self.session.settings).manifest


def _titled(wish: RunWish, question: str) -> str:
    """Put the command so far above a question."""
    return f"$ {command_line(run_arguments(wish))}\n {question}"


def _marks_levels(wish: RunWish) -> bool:
    return wish.level_rule is LevelRule.MARKED


_ASKED = {
    Mode.QUICK: ["dataset"],
    Mode.SELECT: ["dataset", "scenarios", "scales", "durations", "RAM limits"],
    Mode.FULL: ["dataset"],
    Mode.GRADIENT: ["dataset", "scenarios", "RAM levels", "levels", "bisection"],
}
_CHANGED = {
    Mode.QUICK: ["scenarios", "queries", "RAM limit", "runs"],
    Mode.SELECT: ["queries", "runs"],
    Mode.FULL: ["scenarios", "queries", "RAM limits", "runs"],
    Mode.GRADIENT: ["queries", "runs"],
}
