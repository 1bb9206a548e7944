"""What can be chosen about a run, from the dataset and what this machine can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from basetype_benchmark.cli.menu.ground import Ground
from basetype_benchmark.cli.menu.wish import LevelRule, RunWish
from basetype_benchmark.cli.prompts import Option
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.profiles import DURATION_DAYS, Profile, Scale
from basetype_benchmark.config.ram import levels_from, minimum_bytes
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.subset import can_extract
from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.units import GIB

_SHORTEST = next(iter(DURATION_DAYS))


def scenario_options(ground: Ground, wish: RunWish) -> list[Option[str]]:
    """One line for each scenario; those that cannot run here say why."""
    chosen = wish.scenarios or ground.able
    return [
        Option(
            title=scenario.id,
            about=scenario.title,
            value=scenario.id,
            why_not=_first_words(ground.lacks[scenario.id]),
            is_marked=scenario.id in chosen,
        )
        for scenario in SCENARIOS.values()
    ]


def chosen_scenarios(ground: Ground, marked: Sequence[str]) -> tuple[str, ...]:
    """Give the scenarios to name: none where all that can run here are marked."""
    return () if set(marked) == set(ground.able) else tuple(marked)


def query_options(wish: RunWish) -> list[Option[str]]:
    """One line for each query."""
    return [
        Option(
            title=question.id,
            about=question.title,
            value=question.id,
            is_marked=not wish.queries or question.id in wish.queries,
        )
        for question in load_questions().values()
    ]


def chosen_queries(marked: Sequence[str]) -> tuple[str, ...]:
    """Give the queries to name: none where all are marked."""
    return () if set(marked) == set(load_questions()) else tuple(marked)


def scale_marks(
    manifest: Manifest, scales: Mapping[str, Scale], wish: RunWish
) -> list[Option[str]]:
    """One line for each scale; those that are not in the dataset say why."""
    own = wish.dataset.profile.rpartition("-")[0]
    chosen = wish.scales or (own,)
    reasons = {
        name: can_extract(manifest, _profile(scale, _SHORTEST), scales)
        for name, scale in scales.items()
    }
    return [
        Option(title=name, value=name, why_not=why_not, is_marked=name in chosen)
        for name, why_not in reasons.items()
    ]


def duration_marks(
    manifest: Manifest, scales: Mapping[str, Scale], wish: RunWish
) -> list[Option[str]]:
    """One line for each duration; those longer than the dataset say so."""
    scale, _, own = wish.dataset.profile.rpartition("-")
    chosen = wish.durations or (own,)
    return [
        Option(
            title=name,
            about=f"{days} days",
            value=name,
            why_not=can_extract(manifest, _profile(scales[scale], name), scales),
            is_marked=name in chosen,
        )
        for name, days in DURATION_DAYS.items()
    ]


def level_options(ground: Ground, wish: RunWish) -> list[Option[int]]:
    """One line for each RAM level that this machine has, from what the least scenario needs."""
    scales = wish.scales or (wish.dataset.profile.rpartition("-")[0],)
    scenarios = wish.scenarios or ground.able
    least = min(minimum_bytes(SCENARIOS[id_], scale) for id_ in scenarios for scale in scales)
    return [
        Option(title=f"{level / GIB:g} GiB", value=level, is_marked=level in wish.ram_bytes)
        for level in levels_from(least, ground.host_bytes)
    ]


def rule_options() -> list[Option[LevelRule]]:
    """How the levels of a gradient can be chosen."""
    return [
        Option(title="All, from the least that the scale needs", value=LevelRule.BY_SCALE),
        Option(title="By the size of the data and the engine", value=LevelRule.BY_SIZE),
        Option(title="Those that I mark", value=LevelRule.MARKED),
    ]


def mode_entries(ground_lack: str | None, limits_lack: str | None) -> list[Option[Mode]]:
    """The ways to choose what is measured; with reasons against all, and against a gradient."""
    abouts = {
        Mode.QUICK: "one dataset, every scenario once",
        Mode.SELECT: "scales, durations, scenarios and RAM levels of your choice",
        Mode.FULL: "all that can be cut out of a dataset, at every RAM level",
        Mode.GRADIENT: "up the RAM levels until more no longer helps",
    }
    return [
        Option(
            title=mode.capitalize(),
            about=about,
            value=mode,
            why_not=ground_lack or (limits_lack if mode in (Mode.FULL, Mode.GRADIENT) else None),
        )
        for mode, about in abouts.items()
    ]


def _profile(scale: Scale, duration: str) -> Profile:
    return Profile(scale=scale, duration=duration, days=DURATION_DAYS[duration])


def _first_words(reason: str | None) -> str | None:
    """Give what is missing, without what would mend it: that is for btb doctor to say."""
    return None if reason is None else reason.split(";")[0].partition(":")[0]
