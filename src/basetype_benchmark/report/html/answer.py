"""The answer of a campaign in sentences, as far as it has one."""

from __future__ import annotations

from math import inf

from basetype_benchmark.benchmark.ratio_words import format_factor, format_interval
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts, ScenarioFacts
from basetype_benchmark.report.html.look import title_of
from basetype_benchmark.report.html.model import Tile, Tiles
from basetype_benchmark.report.html.tradeoff import (
    Place,
    RamRatio,
    Spot,
    find_spots,
    least_of,
    slowed_by_ram,
    split_by_memory,
    time_ratio,
)
from basetype_benchmark.report.html.verdict import (
    fastest_pair,
    judge,
    least_ratio,
)
from basetype_benchmark.report.html.wording import (
    NOT_MEASURED,
    in_words,
    latency,
    latency_interval,
    least_ram,
    plural,
    ram,
)

QUESTION = (
    "Is an in-memory graph justified for a building’s data, and how much RAM does each way of "
    "storing it really need?"
)
_MEAN = "geometric mean of the queries’ medians"


def answer_sentences(profile: ProfileFacts) -> tuple[str, ...]:
    """Give the answer, the shortest first; what cannot be said is said to be so."""
    if not profile.measured:
        return ("Nothing has been measured yet: there is no answer.",)
    if not any(scenario.viable for scenario in profile.scenarios):
        return (
            "No way of storing it answered every query rightly, so nothing can be compared. What "
            "went wrong is in the section on queries.",
        )
    first = _verdict(profile) if profile.limits else _verdict_without_limits(profile)
    return (*_too_small(profile), *first, *_not_working(profile), *_caveats(profile))


def answer_tiles(profile: ProfileFacts) -> Tiles:
    """Give the figures to be seen at a glance."""
    in_memory, others = split_by_memory(profile)
    fastest_in_memory, fastest_other = fastest_pair(profile)
    cells = [cell for level in profile.levels for cell in level.records]
    planned = sum(len(level.summary.missing_cells) for level in profile.levels) + len(cells)
    good = sum(cell.result.is_ok for cell in cells)
    return Tiles(
        tiles=(
            _least_tile("Least RAM, graph in memory", in_memory, is_limited=bool(profile.limits)),
            _least_tile("Least RAM, any other", others, is_limited=bool(profile.limits)),
            _fastest_tile("Fastest, graph in memory", fastest_in_memory),
            _fastest_tile("Fastest, any other", fastest_other),
            Tile(
                name="Cells with right answers only",
                text=f"{good} of {planned}",
                note=_other_cells(len(cells) - good, planned - len(cells)),
            ),
        )
    )


def _other_cells(failed: int, missing: int) -> str:
    told = [f"{failed} failed" if failed else "", f"{missing} without a result" if missing else ""]
    words = in_words([text for text in told if text]) or "none failed, none is missing"
    return f"{words}; to find the least RAM, some have to fail" if failed else words


def _least_tile(name: str, scenarios: list[ScenarioFacts], *, is_limited: bool) -> Tile:
    least = least_of(scenarios)
    if least is None or least.least is None:
        why = "none was tried, or none worked" if is_limited else "no RAM limit was set"
        return Tile(name=name, text="–", note=f"{NOT_MEASURED}: {why}")
    failed = least.least.failed_at
    low = "nothing tried was too little" if failed is None else f"failed at {ram(failed)}"
    return Tile(name=name, text=ram(least.least.passed_at), note=f"{least.scenario}; {low}")


def _fastest_tile(name: str, level: LevelFacts | None) -> Tile:
    if level is None or level.mean_ns is None:
        return Tile(name=name, text="–", note=f"{NOT_MEASURED}: none was tried, or none worked")
    interval = latency_interval(level.summary.geometric_mean_interval)
    note = f"{_where(level)}; 95 %: {interval}, n = {level.runs}; {_MEAN}"
    return Tile(name=name, text=latency(level.mean_ns), note=note)


def _where(level: LevelFacts) -> str:
    return f"{level.scenario} with {ram(level.ram_bytes)}"


def _verdict_without_limits(profile: ProfileFacts) -> tuple[str, ...]:
    """Say what times alone say."""
    return (
        f"How much RAM each way of storing {profile.profile} needs cannot be said: no limit was "
        "set. What can be said is how fast each is while memory is plentiful.",
        *_time_sentences(profile),
        "What a server held is no measure of its need: it fills what it is given, above all with "
        "pages of files. Ask with limits: btb run … --mode gradient.",
    )


def _verdict(profile: ProfileFacts) -> tuple[str, ...]:
    in_memory, others = split_by_memory(profile)
    least_in_memory, least_other = least_of(in_memory), least_of(others)
    if least_in_memory is None or least_other is None:
        return (_one_sided(profile, has_memory=least_in_memory is not None), *_least(profile))
    return (
        judge(profile, least_in_memory, least_other),
        *_compare_least(profile, least_in_memory, least_other),
        *_time_sentences(profile),
        *_front_sentence(profile),
    )


def _one_sided(profile: ProfileFacts, *, has_memory: bool) -> str:
    if has_memory:
        return (
            f"On {profile.profile} only graphs in memory worked within a limit: whether they are "
            "justified cannot be said without another way of storing beside them."
        )
    return (
        f"Whether an in-memory graph is justified on {profile.profile} cannot be said: none was "
        "measured within a RAM limit, or none worked."
    )


def _front_sentence(profile: ProfileFacts) -> tuple[str, ...]:
    """Name the levels on the trade-off front."""
    if len(profile.limits) < 2:
        return ()
    spots = find_spots(profile)
    on = [spot for spot in spots if spot.place is Place.ON]
    near = {spot.scenario for spot in spots if spot.place is Place.OPEN}
    left = sorted(near - {spot.scenario for spot in on})
    more = f"{in_words(left)} too near to tell" if left else ""
    told = "; ".join(text for text in (_front_words(on), more) if text)
    return (f"On the front of least time and RAM: {told}.",) if told else ()


def _front_words(spots: list[Spot]) -> str:
    """Name levels: ``P1 with 64 MiB and F1 with 0.25 GiB``."""
    return in_words([f"{spot.scenario} with {ram(spot.ram_bytes)}" for spot in spots])


def _compare_least(
    profile: ProfileFacts, memory: ScenarioFacts, other: ScenarioFacts
) -> tuple[str, ...]:
    assert memory.least is not None  # both have passed somewhere
    assert other.least is not None
    told = (
        f"The in-memory graph that needs the least RAM is {memory.scenario} "
        f"({title_of(memory.scenario)}): {_told(memory)}. Of the others it is {other.scenario} "
        f"({title_of(other.scenario)}): {_told(other)}."
    )
    if len(profile.limits) < 2:
        return (
            f"{told} Only one level was measured ({ram(profile.limits[0])}): it says what works "
            "within it, not how little is enough.",
        )
    ratio = least_ratio(memory, other)
    return (told if ratio is None else f"{told} {_times(ratio)}",)


def _times(ratio: RamRatio) -> str:
    """Write how much more RAM is needed, as far as the levels say."""
    low, high = ratio.least, ratio.most
    if low > 0 and high != inf:
        return f"That is {ratio.value:.2g} times as much RAM ({low:.2g} to {high:.2g})."
    if low >= 1:
        most = "" if low < 1.05 else f": more than {low:.2g} times as much"
        return f"The in-memory graph needs more RAM{most}."
    if high <= 1:
        return f"The in-memory graph needs less RAM: at most {high:.2g} times as much."
    return "Which of them needs less is open: not for both was a level found that is too little."


def _least(profile: ProfileFacts) -> tuple[str, ...]:
    least = least_of(profile.scenarios)
    if least is None:
        return ()
    return (
        f"The least RAM that worked is that of {least.scenario} ({title_of(least.scenario)}): "
        f"{_told(least)}.",
    )


def _told(scenario: ScenarioFacts) -> str:
    return (
        ""
        if scenario.least is None
        else least_ram(scenario.least.failed_at, scenario.least.passed_at)
    )


def _time_sentences(profile: ProfileFacts) -> tuple[str, ...]:
    ours, theirs = fastest_pair(profile)
    if ours is None or theirs is None:
        one = ours or theirs
        return () if one is None else (f"The fastest is {_timed(one)}.",)
    ratio = time_ratio(ours, theirs)
    start = "With the most RAM each worked with, the" if len(profile.limits) > 1 else "The"
    told = (
        f"{start} fastest in-memory graph is {_timed(ours)}; of the others it is {_timed(theirs)}."
    )
    if ratio is None:
        return (told,)
    if not ratio.is_distinguishable:
        words = "a difference that these runs cannot tell from none"
    elif ratio.value < 1:
        words = "the in-memory graph is faster"
    else:
        words = "the in-memory graph is slower"
    factor = format_factor(ratio.value)
    return (f"{told} Ratio {factor} (95 %: {format_interval(ratio)}): {words}.",)


def _timed(level: LevelFacts) -> str:
    assert level.mean_ns is not None  # of those that can be compared
    interval = latency_interval(level.summary.geometric_mean_interval)
    return f"{_where(level)}: {latency(level.mean_ns)} ({interval}), {_MEAN}"


def _not_working(profile: ProfileFacts) -> tuple[str, ...]:
    never = [s.scenario for s in profile.scenarios if not s.viable and _is_measured(s)]
    unseen = [s.scenario for s in profile.scenarios if not _is_measured(s)]
    told = []
    if never:
        told.append(f"{in_words(never)} worked at no level that was tried.")
    if unseen:
        told.append(f"{in_words(unseen)} {'is' if len(unseen) == 1 else 'are'} not measured yet.")
    return (" ".join(told),) if told else ()


def _is_measured(scenario: ScenarioFacts) -> bool:
    return any(level.is_measured for level in scenario.levels)


def _too_small(profile: ProfileFacts) -> tuple[str, ...]:
    """Say first that there is no answer in a building made to try things out."""
    if not profile.profile.startswith("tiny"):
        return ()
    return (
        "The tiny building gives no answer: it shows that everything works, and is far too small "
        "to conclude from. What was measured on it:",
    )


def _caveats(profile: ProfileFacts) -> tuple[str, ...]:
    """Say what the figures cannot bear."""
    told = []
    if profile.repetitions < 2:
        told.append(
            "Each level was measured once: the intervals do not hold what differs from one start "
            "of a server to the next."
        )
    else:
        told.append(f"Each level was measured up to {plural(profile.repetitions, 'time')}.")
    slowed = slowed_by_ram(profile)
    if slowed:
        names = in_words(
            [f"{h.scenario} from {ram(v.ram_bytes)} to {ram(h.ram_bytes)}" for v, h in slowed]
        )
        told.append(
            f"More RAM took more time: {names}. Memory does not explain that; the machine was not "
            "the same, and it should be measured again on a quiet one."
        )
    unstable = sum(q.is_unstable for level in profile.levels for q in level.summary.queries)
    if unstable:
        told.append(
            f"{plural(unstable, 'figure')} of single queries are marked as unstable: "
            "they mean little."
        )
    return (" ".join(told),)
