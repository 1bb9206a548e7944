"""Renders the card of published results; the same campaign gives the same text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.failure import find_failure
from basetype_benchmark.benchmark.fingerprint import CodeVersion
from basetype_benchmark.benchmark.gradient import ScenarioFindings
from basetype_benchmark.benchmark.monitoring.resources_io import RESOURCES_SCHEMA
from basetype_benchmark.benchmark.samples_io import SAMPLES_SCHEMA
from basetype_benchmark.config.hub import DATA_LICENCE, DATA_LICENCE_URL
from basetype_benchmark.config.ram import format_limit
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.units import (
    NS_PER_MS,
    NS_PER_S,
    format_bytes,
    format_duration,
    format_number,
)

_TABLES = (("samples", SAMPLES_SCHEMA), ("resources", RESOURCES_SCHEMA))


@dataclass(frozen=True, kw_only=True)
class CellLine:
    """One cell as the card tells it; a dash stands for what it has not."""

    cell: str
    scenario: str
    ram: str
    outcome: str
    latency: str
    load: str
    size: str


@dataclass(frozen=True, kw_only=True)
class LevelLine:
    """What a gradient found of one scenario."""

    scenario: str
    least: str
    plateau: str


def render_card(
    data: CampaignData,
    repository: str,
    *,
    samples: int,
    has_report: bool,
    written_by: CodeVersion,
) -> bytes:
    """Write the text of ``README.md``, with the front matter that the Hub reads.

    `samples` is the number of rows of ``samples.parquet``; `written_by` is the code that runs: it
    may be another than the campaign's.
    """
    environment = Environment(
        loader=PackageLoader(__package__ or ""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # what is rendered is Markdown
    )
    text = environment.get_template("README.md.j2").render(
        campaign=data.campaign,
        host=None if data.environment is None else data.environment.host,
        versions=_versions(data),
        repository=repository,
        licence=DATA_LICENCE,
        licence_url=DATA_LICENCE_URL,
        samples=samples,
        has_report=has_report,
        written_by=written_by,
        cells=[_describe_cell(record) for record in data.cells],
        levels=[_describe_level(f) for f in _findings(data)],
        titles={scenario.id: scenario.title for scenario in SCENARIOS.values()},
        tables=[(name, [(f.name, _feature(f.type)) for f in schema]) for name, schema in _TABLES],
        scenarios=list(dict.fromkeys(cell.scenario for cell in data.campaign.cells)),
    )
    return text.encode()


def _describe_cell(record: CellRecord) -> CellLine:
    result = record.result
    failure, mean = find_failure(result), result.geometric_mean_p50_ns
    load = result.load
    return CellLine(
        cell=record.cell,
        scenario=result.scenario,
        ram=format_limit(record.ram_bytes),
        outcome="ok" if failure is None else failure.words,
        latency="-" if mean is None else format_number(mean / NS_PER_MS),
        load="-" if load is None else format_duration(load.elapsed_ns / NS_PER_S),
        size="-" if load is None or load.size_bytes is None else format_bytes(load.size_bytes),
    )


def _findings(data: CampaignData) -> Sequence[ScenarioFindings]:
    return () if data.gradient is None else data.gradient.scenarios


def _describe_level(found: ScenarioFindings) -> LevelLine:
    return LevelLine(
        scenario=found.scenario,
        least=str(found.findings.least),
        plateau=found.findings.plateau_words,
    )


def _versions(data: CampaignData) -> list[str]:
    """Name every server once."""
    services = () if data.environment is None else data.environment.services
    return list(dict.fromkeys(f"{s.version} ({s.provider})" for s in services))


def _feature(kind: pa.DataType) -> str:
    """Give the Hub's word for a type."""
    return "string" if pa.types.is_string(kind) else str(kind)
