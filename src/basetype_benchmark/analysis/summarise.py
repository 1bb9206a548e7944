"""Sums up a campaign, one level after the other, so that the samples of one are in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.drift import trends
from basetype_benchmark.analysis.level_samples import latencies_by_query, read_answered
from basetype_benchmark.analysis.level_use import (
    cpu_uses,
    largest_size_bytes,
    loads_ns,
    server_peaks,
)
from basetype_benchmark.analysis.noise import judge_noise
from basetype_benchmark.analysis.query_summaries import (
    QueryFigures,
    figures_of,
    queries_of,
    summarise_query,
)
from basetype_benchmark.analysis.stability import find_instability
from basetype_benchmark.analysis.summary import CampaignSummary, LevelSummary, QuerySummary
from basetype_benchmark.benchmark.campaign import CellRecord, PlannedCell
from basetype_benchmark.benchmark.medians import LEAST_NS, geometric_mean_of
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.statistics import geometric_mean


def summarise_campaign(data: CampaignData) -> CampaignSummary:
    """Sum up what a campaign has measured so far; the same files give the same summary.

    Raises:
        CheckFailed: the samples of a cell are missing, torn, or not of this version.
    """
    records = {record.cell: record for record in data.cells}
    noise = judge_noise(data.sentinel, list(records))
    drift = {} if noise is None else noise.drifting
    levels: dict[tuple[str, str, int | None], list[PlannedCell]] = {}
    for planned in data.campaign.cells:
        key = (planned.profile, planned.scenario, planned.ram_bytes)
        levels.setdefault(key, []).append(planned)
    return CampaignSummary(
        campaign=data.campaign.campaign,
        noise=noise,
        levels=tuple(
            _summarise_level(data, planned, records, drift) for planned in levels.values()
        ),
    )


def _summarise_level(
    data: CampaignData,
    planned: Sequence[PlannedCell],
    found: Mapping[str, CellRecord],
    drift: Mapping[str, str],
) -> LevelSummary:
    records = [found[cell.cell] for cell in planned if cell.cell in found]
    drifting = {r.cell: drift[r.cell] for r in records if r.cell in drift}
    queries = _summarise_queries(data, records, drifting) if records else ()
    failed = next((r for r in records if r.result.outcome is not CellOutcome.COMPLETED), None)
    told = failed or (records[0] if records else None)
    ranked = () if failed is not None else _ranked(queries)
    loads = loads_ns(records)
    return LevelSummary(
        profile=planned[0].profile,
        scenario=planned[0].scenario,
        ram_bytes=planned[0].ram_bytes,
        cells=tuple(record.cell for record in records),
        missing_cells=tuple(cell.cell for cell in planned if cell.cell not in found),
        drift=drifting,
        outcome=None if told is None else told.result.outcome,
        reason=None if failed is None else failed.result.reason,
        queries=queries,
        geometric_mean_p50_ns=_geometric_mean_ns(ranked),
        geometric_mean=geometric_mean_of([query.median for query in ranked]),
        load_ns=float(median(loads)) if loads else None,
        loads=len(loads),
        size_bytes=largest_size_bytes(records),
        peaks=server_peaks(records),
        cpu=cpu_uses(records),
    )


def _summarise_queries(
    data: CampaignData, records: Sequence[CellRecord], drift: Mapping[str, str]
) -> tuple[QuerySummary, ...]:
    machine = [f"{len(drift)} of {len(records)} cells measured in drift of the machine"] * bool(
        drift
    )
    answered = read_answered(data, [record.cell for record in records])
    drifts = trends(answered)
    figures: dict[str, QueryFigures] = {}
    instability: dict[str, list[str]] = {}
    for latencies in latencies_by_query(answered):
        query = latencies.query
        found = figures[query] = figures_of(latencies)
        instability[query] = [
            *find_instability(found.latency, latencies, drifts.get(query)),
            *machine,
        ]
    return tuple(
        summarise_query(query, records, figures.get(query), instability.get(query, ()))
        for query in queries_of(records, data.campaign.queries)
    )


def _ranked(queries: Sequence[QuerySummary]) -> tuple[QuerySummary, ...]:
    """Give the queries that can be expressed; nothing unless all of them are ok."""
    expressed = tuple(query for query in queries if query.outcome is not Outcome.UNSUPPORTED)
    return expressed if all(query.is_ok for query in expressed) else ()


def _geometric_mean_ns(ranked: Sequence[QuerySummary]) -> float | None:
    return geometric_mean(
        max(LEAST_NS, query.latency.p50_ns) for query in ranked if query.latency is not None
    )
