"""The short tables of ``btb results``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.run_counts import (
    RUN_COUNT_LEGEND,
    runs_of_level,
    runs_of_query,
)
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.analysis.summary import CampaignSummary, LevelSummary, QuerySummary
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.statistics import Interval
from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    fits_table,
    format_milliseconds,
    format_outcome,
    print_note,
    print_table,
    print_warning,
)
from basetype_benchmark.config.ram import format_limit
from basetype_benchmark.units import MIB, NS_PER_S, format_number

_NUMBERS = ("p50 ms", "95 %", "n", "load s", "disk MiB", "peak MiB")


def results_document(data: CampaignData) -> dict[str, object]:
    """Give what is shown, for other programs: the summary of the campaign."""
    summary = summarise_campaign(data)
    return {"folder": str(data.folder), "campaign": summary.campaign, "levels": summary.levels}


def print_results(data: CampaignData) -> None:
    """Print one line for each level, then every query side by side where there is room."""
    summary = summarise_campaign(data)
    print_note(f"{summary.campaign} on {data.campaign.host_class}")
    rows = [[level_name(level, summary), *_level_row(level)] for level in summary.levels]
    print_table(["level", *_NUMBERS, "outcome"], rows, title="Levels", numeric=_NUMBERS)
    print_note("p50: geometric mean of the medians of all queries, with its 95 % interval; none")
    print_note("  where a query failed. peak: of the memory of all servers, page cache included")
    print_note(RUN_COUNT_LEGEND)
    _print_side_by_side(summary)
    for level in summary.levels:
        _print_problems(level, summary)
    _print_unstable(summary)
    print_note(f"results: {data.folder}")
    print_note("  all of it as tables: --format csv; what it costs: --footprint")


def level_name(level: LevelSummary, summary: CampaignSummary) -> str:
    """Name a level by what the levels of its campaign differ in: ``P1 0.25 GiB``."""
    parts = [level.scenario]
    if len({other.profile for other in summary.levels}) > 1:
        parts.insert(0, level.profile)
    if any(other.ram_bytes is not None for other in summary.levels):
        parts.append(format_limit(level.ram_bytes))
    return " ".join(parts)


def _level_row(level: LevelSummary) -> list[str | Text]:
    mean_ns = level.geometric_mean_p50_ns
    return [
        NOT_MEASURED if mean_ns is None else format_milliseconds(mean_ns),
        _interval(level.geometric_mean_interval),
        runs_of_level(level),
        _number(level.load_ns, NS_PER_S),
        _number(level.size_bytes, MIB),
        _number(level.peak_bytes, MIB),
        _outcome(level),
    ]


def _interval(interval: Interval | None) -> str:
    if interval is None:
        return NOT_MEASURED
    if not interval.is_telling:
        return "too few runs"
    ends = (interval.low_ns, interval.high_ns)
    return " to ".join(format_milliseconds(end) for end in ends)


def _number(value: float | None, unit: float) -> str:
    return NOT_MEASURED if value is None else format_number(value / unit)


def _outcome(level: LevelSummary) -> Text:
    if level.outcome is None:
        return format_outcome(Outcome.SKIPPED)
    if level.outcome is not CellOutcome.COMPLETED:
        return format_outcome(level.outcome)
    failed = [query for query in level.queries if _is_failed(query)]
    return Text(f"{len(failed)} failed", style="red") if failed else format_outcome("ok")


def _is_failed(query: QuerySummary) -> bool:
    return query.outcome not in (Outcome.OK, Outcome.UNSUPPORTED)


def _print_side_by_side(summary: CampaignSummary) -> None:
    measured = [level for level in summary.levels if level.queries]
    names = dict.fromkeys(query.query for level in measured for query in level.queries)
    columns = [level_name(level, summary) for level in measured]
    rows: list[list[str | Text]] = [
        [name, *(_median(query) for query in asked), _runs(asked)]
        for name in names
        for asked in [[level.find(name) for level in measured]]
    ]
    heads = ["query", *columns, "n"]
    if rows and fits_table(heads, rows, columns):
        print_table(heads, rows, title="Queries: p50 in ms", numeric=columns)
    elif rows:
        print_note("the queries of so many levels do not fit here: --json or --format csv has them")


def _median(query: QuerySummary | None) -> str | Text:
    """The p50 of a query that is ok; else its outcome, for it cannot be compared."""
    if query is None or not query.is_ok or query.latency is None:
        return format_outcome(Outcome.SKIPPED if query is None else query.outcome)
    return format_milliseconds(query.latency.p50_ns)


def _runs(asked: Sequence[QuerySummary | None]) -> str:
    """Write of how many executions the medians of a query are, once where all are of as many."""
    shown = [q for q in asked if q is not None and q.is_ok]
    return " / ".join(dict.fromkeys(map(runs_of_query, shown))) or NOT_MEASURED


def _print_problems(level: LevelSummary, summary: CampaignSummary) -> None:
    name = level_name(level, summary)
    if level.missing_cells:
        print_warning(f"{name}: not measured yet: {', '.join(level.missing_cells)}")
    if level.reason is not None:
        print_warning(f"{name}: {level.reason}")
        return
    for query in level.queries:
        if _is_failed(query):
            print_warning(f"{name} {query.query} {query.outcome}: {query.reason}")


def _print_unstable(summary: CampaignSummary) -> None:
    """Say once which figures mean little, where several levels have the same."""
    levels_by_words: dict[str, list[str]] = {}
    for level in summary.levels:
        unstable = [query for query in level.queries if query.is_unstable]
        if unstable and level.reason is None:
            words = _unstable_words(unstable, len(level.queries))
            levels_by_words.setdefault(words, []).append(level_name(level, summary))
    for words, names in levels_by_words.items():
        is_everywhere = len(names) == len(summary.levels) > 1
        where = "every level" if is_everywhere else ", ".join(names)
        print_warning(f"{where}: figures that mean little: {words}")


def _unstable_words(unstable: Sequence[QuerySummary], count: int) -> str:
    which = "all" if len(unstable) == count else ", ".join(query.query for query in unstable)
    are_few = all(q.latency is not None and q.latency.p50_interval is None for q in unstable)
    return f"{which} ({'too few runs: --runs 10 gives more' if are_few else 'why: --json'})"
