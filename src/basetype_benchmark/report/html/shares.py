"""Where the time goes: legs of federated queries, and the client's work on chunks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from basetype_benchmark.benchmark.charts.charts import PALETTE
from basetype_benchmark.benchmark.results import QueryResult
from basetype_benchmark.report.html.bars import BarPart, BarRow, BarView, bar_chart
from basetype_benchmark.report.html.facts import LevelFacts, ProfileFacts
from basetype_benchmark.report.html.model import Chart, Column, Section, Table, Value
from basetype_benchmark.report.html.wording import milliseconds, ram, ram_value, span
from basetype_benchmark.units import format_number

Times = dict[str, int]
"""Nanoseconds of each part, over all answered runs."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """The parts of one query at one level: ns of each over `runs` answered runs."""

    level: LevelFacts
    query: str
    runs: int
    times: Times
    more: tuple[str, ...] = ()

    @property
    def mean_ns(self) -> float:
        """What a run took in these parts."""
        return sum(self.times.values()) / self.runs


def federated_section(profile: ProfileFacts, key: str) -> Section | None:
    """Show the legs; None where nothing was federated."""
    splits = _splits(profile, _legs)
    if not splits:
        return None
    return Section(
        key=f"{key}-federated",
        title="Federated queries: where the time goes",
        lead=(
            "The graph side finds points, the rows are transferred, the SQL side aggregates the "
            "series. All three are inside the clock.",
        ),
        parts=(
            _chart(
                f"{key}-legs",
                "Legs of federated queries",
                splits,
                ("graph", "transfer", "series"),
            ),
        ),
    )


def client_section(profile: ProfileFacts, key: str) -> Section | None:
    """Show the work of the client; None where it had no part."""
    splits = _splits(profile, _client)
    if not splits:
        return None
    return Section(
        key=f"{key}-client",
        title="Work of the client on chunks",
        lead=(
            "Where the store keeps series as literals that it cannot look into, the application "
            "fetches whole chunks, decodes and aggregates them. That is inside the clock too.",
        ),
        parts=(
            _chart(
                f"{key}-chunks",
                "Fetching, decoding and aggregating",
                splits,
                ("fetch", "decode", "aggregate"),
                ("MiB received", "chunks", "samples decoded"),
            ),
        ),
    )


def _legs(query: QueryResult) -> tuple[Times, tuple[float, ...]] | None:
    legs = query.legs
    if legs is None:
        return None
    times = {"graph": legs.graph_ns, "transfer": legs.transfer_ns, "series": legs.series_ns}
    return times, ()


def _client(query: QueryResult) -> tuple[Times, tuple[float, ...]] | None:
    work = query.client
    if work is None:
        return None
    times = {"fetch": work.fetch_ns, "decode": work.decode_ns, "aggregate": work.aggregate_ns}
    return times, (work.received_bytes / (1 << 20), work.chunks, work.decoded_samples)


def _splits(
    profile: ProfileFacts, tell: Callable[[QueryResult], tuple[Times, tuple[float, ...]] | None]
) -> list[Split]:
    """Add up the parts over the repetitions of a level; only of queries that are ok."""
    found = []
    for level in profile.measured:
        for query in level.summary.queries:
            results = [
                result
                for record in level.records
                for result in record.result.queries
                if result.query == query.query and query.is_ok and result.answered_runs
            ]
            told = [(r.answered_runs, parts) for r in results if (parts := tell(r)) is not None]
            if told and any(sum(times.values()) for _, (times, _) in told):
                found.append(_join(level, query.query, told))
    return found


def _join(
    level: LevelFacts, query: str, told: Sequence[tuple[int, tuple[Times, tuple[float, ...]]]]
) -> Split:
    runs = sum(count for count, _ in told)
    names = told[0][1][0]
    more = [sum(values) / runs for values in zip(*(extra for _, (_, extra) in told), strict=True)]
    return Split(
        level=level,
        query=query,
        runs=runs,
        times={name: sum(times[name] for _, (times, _) in told) for name in names},
        more=tuple(format_number(value, 4) for value in more),
    )


def _chart(
    key: str, title: str, splits: Sequence[Split], parts: Sequence[str], more: Sequence[str] = ()
) -> Chart:
    """Draw a view for each RAM level, the highest first."""
    levels = dict.fromkeys(split.level.ram_bytes for split in splits)
    ordered = sorted(levels, key=lambda level: -(level or 1 << 62))
    runs = sorted({split.runs for split in splits})
    return bar_chart(
        key=key,
        title=title,
        caption=(
            "Share of the mean time of a run in %; the time itself in ms is beside the name. Means "
            f"over n = {span(runs)} answered runs, no interval."
        ),
        units=("% of the time",),
        tell="%{text} ms, %{x:.3~r} %",
        views=[
            BarView(
                name=ram(level),
                rows=tuple(_row(s, parts) for s in splits if s.level.ram_bytes == level),
            )
            for level in ordered
        ],
        table=_table(key, splits, parts, more),
        pick="RAM",
    )


def _row(split: Split, parts: Sequence[str]) -> BarRow:
    total = sum(split.times.values())
    return BarRow(
        name=f"{split.level.scenario} {split.query} · {milliseconds(split.mean_ns)} ms",
        parts=tuple(
            BarPart(
                name=part,
                length=float(f"{100 * split.times[part] / total:.3g}"),
                colour=PALETTE[index],
                told=milliseconds(split.times[part] / split.runs),
            )
            for index, part in enumerate(parts)
        ),
    )


def _table(key: str, splits: Sequence[Split], parts: Sequence[str], more: Sequence[str]) -> Table:
    rows = [
        (
            Value(text=split.level.scenario),
            ram_value(split.level.ram_bytes),
            Value(text=split.query),
            Value(text=str(split.runs)),
            *(Value(text=milliseconds(split.times[part] / split.runs)) for part in parts),
            *(Value(text=text) for text in split.more),
        )
        for split in splits
    ]
    return Table(
        key=f"{key}-table",
        caption="Means over the answered runs",
        columns=(
            Column(name="scenario"),
            Column(name="RAM", is_number=True),
            Column(name="query"),
            Column(name="n", is_number=True),
            *(Column(name=part, unit="ms", is_number=True) for part in parts),
            *(Column(name=name, is_number=True) for name in more),
        ),
        rows=tuple(rows),
        choices=("scenario", "RAM", "query"),
    )
