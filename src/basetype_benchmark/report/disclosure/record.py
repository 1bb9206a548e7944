"""The content of ``disclosure.json``: all that somebody needs to judge a campaign, or repeat it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import ConfigDict

from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    EnvironmentRecord,
    SkippedPart,
)
from basetype_benchmark.benchmark.monitoring.resource_use import MeterRecord
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results import LoadResult
from basetype_benchmark.benchmark.strict import STRICT


@dataclass(frozen=True, kw_only=True)
class DisclosedDataset:
    """One dataset. What only its own files tell is null where they were gone when this was
    written.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    profile: str
    """Its name."""
    seed: int
    """What it was generated from, with the profile."""
    fingerprint: str | None
    """Digest of its content. None: none of its cells was begun."""
    generator_version: str | None
    """Of the generator that made it. None: its files were gone."""
    format_version: int | None
    """Of its files. None: its files were gone."""
    nodes: int | None
    """Nodes of the graph. None: its files were gone."""
    edges: int | None
    """Relations of the graph. None: its files were gone."""
    samples: int | None
    """Samples of the series. None: its files were gone."""


@dataclass(frozen=True, kw_only=True)
class DisclosedStore:
    """How one store of a scenario is made ready."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    """Id of the scenario."""
    engine: str
    """Id of the engine."""
    model: str
    """Storage model: ``relational``, ``rdf``, ..."""
    statements: tuple[str, ...]
    """Schema, keys, indexes and statistics: what the loader sends beside the data, in order."""


@dataclass(frozen=True, kw_only=True)
class DisclosedValue:
    """One value that is sent beside a text."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    place: str
    """What stands for it in the text."""
    type: str
    """The protocol's word for how it is written."""
    value: str
    """The value, as text."""


@dataclass(frozen=True, kw_only=True)
class DisclosedMessage:
    """One request to a server."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    leg: str
    """Which part of the answer it is for: ``graph``, ``series``, ``chunks``."""
    engine: str
    """Id of the engine."""
    when: str | None
    """In which case it is sent. None: always."""
    command: str
    """What carries the text."""
    text: str
    """The text as it is sent."""
    values: tuple[DisclosedValue, ...]
    """What is sent beside it."""


@dataclass(frozen=True, kw_only=True)
class DisclosedQuery:
    """What a scenario is sent for a query, with the first set of parameters."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    """Id of the scenario."""
    query: str
    """Id of the query."""
    execution: str
    """Who has a part in the answer: ``native``, ``federated``, ``client``."""
    messages: tuple[DisclosedMessage, ...]
    """All that is sent, in order."""
    application: str | None
    """What the application does with the answers. None: nothing."""


@dataclass(frozen=True, kw_only=True)
class DisclosedParameters:
    """One set of parameters of a query on one dataset; the same on every scenario."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    profile: str
    """Name of the dataset."""
    query: str
    """Id of the query."""
    variant: int
    """Number of the set."""
    parameters: dict[str, str]
    """Values by name, as text."""
    expected_rows: int
    """Rows of the right answer."""
    expected_sha256: str
    """Digest of the right answer."""


@dataclass(frozen=True, kw_only=True)
class DisclosedCell:
    """One cell that was run: what is not in its samples and readings, and who read those."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    cell: str
    """Its name."""
    outcome: CellOutcome
    """How it ended."""
    reason: str | None
    """Why, in words. None: it was completed."""
    started_at: datetime
    """When, by the clock of the wall."""
    elapsed_ns: int
    """How long it took."""
    loaded_in_cell: str | None
    """The cell that loaded the stores it was measured on. None: it loaded and measured at once."""
    caches_dropped: bool | None
    """Whether no page of the stores was cached when the servers were started to be measured. None:
    they were not started anew."""
    load: LoadResult | None
    """Its load. None: there was none, or it failed."""
    meters: tuple[MeterRecord, ...]
    """What was read from where, and under which limit."""


@dataclass(frozen=True, kw_only=True)
class DisclosureRecord:
    """The content of ``disclosure.json``."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: Literal[1] = 1
    """Version of this file."""
    campaign: CampaignRecord
    """The plan: profiles, protocol, scenarios, levels, code and machine."""
    environment: EnvironmentRecord | None
    """Hardware, system, servers, images, and every setting with its reason. None: nothing ran."""
    datasets: tuple[DisclosedDataset, ...]
    """The data."""
    stores: tuple[DisclosedStore, ...]
    """How each store is made ready."""
    queries: tuple[DisclosedQuery, ...]
    """What is sent for each query."""
    parameters: tuple[DisclosedParameters, ...]
    """Every set of parameters that was asked with."""
    cells: tuple[DisclosedCell, ...]
    """The cells that were run."""
    left_out: tuple[SkippedPart, ...]
    """What was capped, skipped, or cannot be expressed, and why."""
    not_measured: tuple[str, ...]
    """What no figure of the campaign says anything of."""
