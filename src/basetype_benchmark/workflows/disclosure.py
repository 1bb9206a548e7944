"""Collects the full disclosure of a campaign out of what it has written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.benchmark.campaign import CellRecord, PlannedProfile, SkippedPart
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results import QueryResult, StoreResult
from basetype_benchmark.config.dataset_names import dataset_name
from basetype_benchmark.config.ram import format_ram
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario, Side
from basetype_benchmark.dataset.manifest import Manifest, read_manifest
from basetype_benchmark.errors import CheckFailed, DatasetError, UsageError
from basetype_benchmark.loaders.store_statements import store_statements
from basetype_benchmark.queries.catalog import (
    Parameters,
    ParameterType,
    Question,
    load_questions,
)
from basetype_benchmark.report.disclosure.files import read_disclosure, write_disclosure_files
from basetype_benchmark.report.disclosure.record import (
    DisclosedCell,
    DisclosedDataset,
    DisclosedMessage,
    DisclosedParameters,
    DisclosedQuery,
    DisclosedStore,
    DisclosedValue,
    DisclosureRecord,
)
from basetype_benchmark.workflows.sent import SentPart, describe_sent

NOT_MEASURED = (
    "updates and deletions: the data is loaded once and only read",
    "several clients at a time: one connection, one query after the other",
    "durability: no server is killed to see what is lost",
    "the network: client and server are on one machine, unless a server is at a URL",
    "energy, where the cells give none: no meter of the processor could be read",
    "what the kernel, the container daemon and other programs used, beside the figures of the host",
    "money, except where a report computes it from a price list that is given with it",
)
"""True of every campaign of this version."""


def write_disclosure(folder: Path, *, datasets_dir: Path | None = None) -> Path:
    """Write ``disclosure.json`` and ``disclosure.md`` into the folder of a campaign.

    What a campaign is at that moment is disclosed, finished or not; it can be written again at any
    time. Versions of generator and format are taken from `datasets_dir` where the dataset is still
    there, else from the disclosure before.

    Raises:
        CheckFailed: a file of the campaign is torn, or not of this version.
        DiskFull: there is no space left.
    """
    record = collect_disclosure(read_campaign_data(folder), datasets_dir)
    return write_disclosure_files(folder, record)[0]


def collect_disclosure(data: CampaignData, datasets_dir: Path | None = None) -> DisclosureRecord:
    """Collect the disclosure of a campaign.

    Raises:
        CheckFailed: a result is not one of its plan.
    """
    return DisclosureRecord(
        campaign=data.campaign,
        environment=data.environment,
        datasets=tuple(_describe_datasets(data, datasets_dir)),
        stores=tuple(_describe_stores(data)),
        queries=tuple(_describe_queries(data)),
        parameters=tuple(_describe_parameters(data)),
        cells=tuple(map(_describe_cell, data.cells)),
        left_out=tuple(_describe_left_out(data)),
        not_measured=NOT_MEASURED,
    )


def _describe_datasets(data: CampaignData, datasets_dir: Path | None) -> Iterator[DisclosedDataset]:
    before = _read_before(data.folder)
    for planned in data.campaign.profiles:
        manifest = _read_manifest(datasets_dir, planned.profile, data)
        if manifest is None and planned.is_extracted:
            # What is cut out has the versions of what it is cut out of.
            manifest = _read_manifest(datasets_dir, planned.source, data)
        versions = manifest or before.get(planned.dataset_fingerprint or "")
        yield DisclosedDataset(
            profile=planned.profile,
            seed=data.campaign.dataset_seed,
            fingerprint=planned.dataset_fingerprint,
            generator_version=None if versions is None else versions.generator_version,
            format_version=None if versions is None else versions.format_version,
            nodes=_loaded(data, planned, "nodes"),
            edges=_loaded(data, planned, "edges"),
            samples=_loaded(data, planned, "samples"),
        )


def _loaded(data: CampaignData, planned: PlannedProfile, part: str) -> int | None:
    """Give a count as found in the stores, which is that of the manifest."""
    counts = (
        getattr(store, part)
        for record in data.cells
        if record.result.profile == planned.profile and record.result.load is not None
        for store in record.result.load.stores
    )
    return next((count for count in counts if count is not None), None)


def _read_before(folder: Path) -> Mapping[str, DisclosedDataset]:
    try:
        datasets = read_disclosure(folder).datasets
    except CheckFailed:
        return {}
    return {data.fingerprint: data for data in datasets if data.fingerprint is not None}


def _read_manifest(datasets_dir: Path | None, profile: str, data: CampaignData) -> Manifest | None:
    if datasets_dir is None:
        return None
    try:
        return read_manifest(datasets_dir / dataset_name(profile, data.campaign.dataset_seed))
    except DatasetError:
        return None


def _describe_stores(data: CampaignData) -> Iterator[DisclosedStore]:
    loaded = _loaded_stores(data)
    for scenario in _scenarios(data):
        for side in _sides(scenario):
            version = loaded.get((scenario.id, side.engine), "")
            yield DisclosedStore(
                scenario=scenario.id,
                engine=side.engine,
                model=side.model.value,
                statements=store_statements(side, has_timescaledb=_has_timescaledb(version)),
            )


def _loaded_stores(data: CampaignData) -> Mapping[tuple[str, str], str]:
    stores: list[tuple[str, StoreResult]] = [
        (record.result.scenario, store)
        for record in data.cells
        if record.result.load is not None
        for store in record.result.load.stores
    ]
    return {(scenario, store.engine): store.version for scenario, store in stores}


def _has_timescaledb(version: str) -> bool:
    return "TimescaleDB" in version and "no TimescaleDB" not in version


def _describe_queries(data: CampaignData) -> Iterator[DisclosedQuery]:
    """Give the texts of this code; none of a query that had another contract when it was asked."""
    questions = load_questions()
    for scenario in _scenarios(data):
        for question_id in data.campaign.queries:
            found = _first_asked(data, scenario, question_id)
            question = questions.get(question_id)
            if found is not None and question is not None:
                record, query = found
                parameters = parse_parameters(question, query.variants[0].parameters)
                sent = _describe_query(question, scenario, parameters, _timeout_s(data, record))
                if sent is not None:
                    yield sent


def _describe_query(
    question: Question, scenario: Scenario, parameters: Parameters, timeout_s: float
) -> DisclosedQuery | None:
    try:
        sent = describe_sent(question, scenario, parameters, timeout_s)
    except UsageError:
        return None
    return DisclosedQuery(
        scenario=scenario.id,
        query=question.id,
        execution=sent.execution.value,
        messages=tuple(message for part in sent.parts for message in _messages(part)),
        application=sent.application,
    )


def _messages(part: SentPart) -> Iterator[DisclosedMessage]:
    for message in part.messages:
        yield DisclosedMessage(
            leg=part.leg,
            engine=part.engine,
            when=part.when,
            command=message.command,
            text=message.text,
            values=tuple(
                DisclosedValue(place=value.place, type=value.type, value=str(value.value))
                for value in message.values
            ),
        )


def parse_parameters(question: Question, texts: Mapping[str, str]) -> Parameters:
    """Read parameters as they stand in a result.

    Raises:
        CheckFailed: one that should be a time is none.
    """
    types = {parameter.name: parameter.type for parameter in question.parameters}
    try:
        return {
            name: datetime.fromisoformat(text)
            if types.get(name) is ParameterType.TIMESTAMP
            else text
            for name, text in texts.items()
        }
    except ValueError as error:
        raise CheckFailed(f"a parameter of {question.id} is no time: {error}") from error


def _first_asked(
    data: CampaignData, scenario: Scenario, question_id: str
) -> tuple[CellRecord, QueryResult] | None:
    return next(
        (
            (record, query)
            for record in data.cells
            if record.result.scenario == scenario.id
            for query in record.result.queries
            if query.query == question_id and query.variants
        ),
        None,
    )


def _timeout_s(data: CampaignData, record: CellRecord) -> float:
    protocols = {profile.profile: profile.protocol for profile in data.campaign.profiles}
    if record.result.profile not in protocols:
        raise CheckFailed(f"{record.cell} is of {record.result.profile}, which is not in the plan")
    return protocols[record.result.profile].timeout_s


def _describe_parameters(data: CampaignData) -> Iterator[DisclosedParameters]:
    told: set[tuple[str, str, int]] = set()
    for record in data.cells:
        for query in record.result.queries:
            for variant in query.variants:
                key = (record.result.profile, query.query, variant.number)
                if key not in told:
                    told.add(key)
                    yield DisclosedParameters(
                        profile=record.result.profile,
                        query=query.query,
                        variant=variant.number,
                        parameters=variant.parameters,
                        expected_rows=variant.expected_rows,
                        expected_sha256=variant.expected_sha256,
                    )


def _describe_cell(record: CellRecord) -> DisclosedCell:
    result = record.result
    return DisclosedCell(
        cell=record.cell,
        outcome=result.outcome,
        reason=result.reason,
        started_at=result.started_at,
        elapsed_ns=result.elapsed_ns,
        loaded_in_cell=record.loaded_in_cell,
        caches_dropped=record.caches_dropped,
        load=result.load,
        meters=() if result.resources is None else result.resources.meters,
    )


def _describe_left_out(data: CampaignData) -> Iterator[SkippedPart]:
    yield from data.campaign.skipped
    for made in () if data.gradient is None else data.gradient.decisions:
        if made.kind == "skip" and made.ram_bytes is not None:
            what = f"{made.scenario} at {format_ram(made.ram_bytes)}"
            yield SkippedPart(what=what, why=made.reason)
    cannot = {
        f"{record.result.scenario} {query.query}": query.reason or ""
        for record in data.cells
        for query in record.result.queries
        if query.outcome is Outcome.UNSUPPORTED
    }
    for what, why in cannot.items():
        yield SkippedPart(what=what, why=why)


def _scenarios(data: CampaignData) -> list[Scenario]:
    """Give the scenarios of the plan that this version knows, in its order."""
    ids = dict.fromkeys(cell.scenario for cell in data.campaign.cells)
    return [SCENARIOS[scenario] for scenario in ids if scenario in SCENARIOS]


def _sides(scenario: Scenario) -> list[Side]:
    return [scenario.graph] if scenario.series is None else [scenario.graph, scenario.series]
