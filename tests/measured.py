"""Campaigns with latencies that are made up, written as a run writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.analysis.summary import CampaignSummary
from basetype_benchmark.benchmark.campaign import CellRecord, PlannedCell
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results import (
    BenchmarkResult,
    QueryResult,
    Sample,
    VariantResult,
    query_result,
)
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.benchmark.samples_io import join_samples
from tests.records import make_campaign, make_cell, make_result, write_whole_cell

Variants = Sequence[Sequence[int]]
"""Latencies in ns: one list for each variant, in the order of the runs."""


@dataclass(frozen=True, kw_only=True)
class MadeCell:
    """One cell to write; a query maps to its latencies, or to a result of its own."""

    queries: Mapping[str, Variants | QueryResult]
    scenario: str = "P1"
    ram_bytes: int | None = None
    repetition: int = 1
    result: BenchmarkResult | None = None

    @property
    def cell(self) -> str:
        level = "" if self.ram_bytes is None else f".{self.ram_bytes}"
        return f"tiny-2d.{self.scenario}{level}.r{self.repetition}"


def log_normal(
    seed: int, *, runs: int = 30, variants: int = 1, median_ns: float = 1e6, sigma: float = 0.1
) -> list[list[int]]:
    """Latencies of one query in one repetition."""
    drawn = median_ns * np.random.default_rng(seed).lognormal(0, sigma, size=(variants, runs))
    return [[round(value) for value in row] for row in drawn]


def measured_query(query: str, variants: Variants, outcome: Outcome = Outcome.OK) -> QueryResult:
    samples = [
        Sample(query=query, variant=v, run=run, outcome=outcome, elapsed_ns=elapsed, rows=4)
        for v, runs in enumerate(variants, start=1)
        for run, elapsed in enumerate(runs, start=1)
    ]
    told = [
        VariantResult(number=v, parameters={}, expected_rows=4, outcome=outcome, reason=None)
        for v in range(1, len(variants) + 1)
    ]
    return query_result(query, f"name of {query}", told, samples)


def write_measured(folder: Path, cells: Sequence[MadeCell]) -> CampaignData:
    """Write a finished campaign of these cells and read it."""
    records = [_record(cell) for cell in cells]
    queries = dict.fromkeys(query for cell in cells for query in cell.queries)
    planned = [
        PlannedCell(
            cell=record.cell,
            profile="tiny-2d",
            scenario=record.result.scenario,
            repetition=record.repetition,
            ram_bytes=record.ram_bytes,
            fingerprint=record.fingerprint,
        )
        for record in records
    ]
    write_campaign(folder, replace(make_campaign(), queries=tuple(queries), cells=tuple(planned)))
    for record in records:
        write_whole_cell(folder, record)
    join_samples(folder, folder / "cells", [record.cell for record in records])
    return read_campaign_data(folder)


def summarise_made(folder: Path, *cells: MadeCell) -> CampaignSummary:
    """Write a campaign of these cells and sum it up."""
    return summarise_campaign(write_measured(folder, cells))


def _record(cell: MadeCell) -> CellRecord:
    queries = tuple(
        told if isinstance(told, QueryResult) else measured_query(query, told)
        for query, told in cell.queries.items()
    )
    made = cell.result or make_result(queries=queries)
    return replace(
        make_cell(cell.cell, replace(made, scenario=cell.scenario)),
        repetition=cell.repetition,
        ram_bytes=cell.ram_bytes,
    )
