"""The records that stand beside the results of a campaign: its plan and its environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import ConfigDict

from basetype_benchmark.benchmark.fingerprint import CodeVersion
from basetype_benchmark.benchmark.gradient import GradientPlanRecord
from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.benchmark.strict import STRICT
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.protocol import Protocol

SchemaVersion = Literal[1]
SCHEMA_VERSION: SchemaVersion = 1
"""Version of these files; another one is refused, when read and by the shipped schemas."""


@dataclass(frozen=True, kw_only=True)
class CellRecord:
    """The content of ``cells/<cell>.json``: one cell's result and what it was measured under."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: SchemaVersion = SCHEMA_VERSION
    """Version of this file."""
    cell: str
    """Id of the cell, as in the plan and in the names of its files."""
    repetition: int
    """Which time its scenario is loaded and measured, from 1."""
    ram_bytes: int | None
    """Limit of all its servers together. None: there was no limit."""
    fingerprint: str
    """Digest of all that decides what is measured: code, dataset, queries, protocol, RAM, where the
    servers run, kind of machine. Cells that differ in it are not the same measurement."""
    loaded_in_cell: str | None = None
    """The cell that loaded the stores which this one found: itself, or one of another level. None:
    each cell loads its own and measures at once."""
    caches_dropped: bool | None = None
    """Whether no page of those stores' files was cached when the servers were started for the
    measurement. None: each cell loads its own, or it was never known."""
    result: BenchmarkResult
    """What was measured."""
    samples_sha256: str = ""
    """Digest of ``cells/<cell>.samples.parquet``, in hexadecimal."""
    readings_sha256: str = ""
    """Digest of ``cells/<cell>.resources.parquet``, in hexadecimal."""


@dataclass(frozen=True, kw_only=True)
class PlannedCell:
    """One cell of the plan as written down."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    cell: str
    """Id: ``<profile>.<scenario>[.<RAM>].r<repetition>``."""
    profile: str
    """Which dataset it is measured on."""
    scenario: str
    """Which scenario."""
    repetition: int
    """Which time its scenario is loaded and measured, from 1."""
    ram_bytes: int | None
    """Limit of all its servers together. None: there was no limit."""
    fingerprint: str | None
    """The one that its result must carry. None: the dataset of its profile is not there yet, so
    that what will be measured is not known."""


@dataclass(frozen=True, kw_only=True)
class PlannedProfile:
    """One dataset of the plan, and how it is measured."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    profile: str
    """Scale and duration: ``small-1w``."""
    source: str
    """The dataset that it is cut out of where it is not there; itself: it must be there."""
    protocol: Protocol
    """Warm-up, runs, variants, deadline."""
    dataset_fingerprint: str | None = None
    """Digest of the dataset's content. None: it is not there and verified yet."""
    is_extracted: bool = False
    """Whether it was cut out of a bigger one for the campaign, and is removed after its use."""


@dataclass(frozen=True, kw_only=True)
class SkippedPart:
    """What a campaign leaves out, and why."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    what: str
    """In words: a profile, a scenario, a level."""
    why: str
    """The reason, in words."""


@dataclass(frozen=True, kw_only=True)
class CampaignRecord:
    """The content of ``campaign.json``: what was planned, on which data, by which code, where."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: SchemaVersion = SCHEMA_VERSION
    """Version of this file."""
    campaign: str
    """Its name, which is that of its folder."""
    created_at: datetime
    """When it was planned, in UTC."""
    mode: Mode
    """How its cells were chosen."""
    dataset_seed: int
    """Seed of all its datasets."""
    profiles: tuple[PlannedProfile, ...]
    """The datasets, in the order in which they are measured."""
    queries: tuple[str, ...]
    """Ids of the queries asked."""
    code: CodeVersion
    """The code that planned it."""
    provider: str
    """What was asked for with ``--provider``."""
    places: dict[str, str]
    """By engine where its server runs: ``local``, ``docker`` with the image, or ``external`` with
    the address."""
    host_class: str
    """The machine in words: what of it decides whether results compare."""
    graph_share: float | None = None
    """The graph server's part of the RAM where a scenario has two servers. None: no RAM limits."""
    keeps_exports: bool = False
    """Whether datasets that were cut out for it stay after their use."""
    gradient: GradientPlanRecord | None = None
    """The plan of the gradient. None: the campaign is none."""
    cells: tuple[PlannedCell, ...]
    """The plan: every cell; of a gradient those decided on so far."""
    skipped: tuple[SkippedPart, ...] = ()
    """What was asked for, or could be, and is left out."""


@dataclass(frozen=True, kw_only=True)
class SettingRecord:
    """One server setting that differs from the default, and why."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    """As the server calls it."""
    value: str
    """As it was given to the server."""
    reason: str
    """Why it is not the default."""


@dataclass(frozen=True, kw_only=True)
class ServiceRecord:
    """One server as it ran for a scenario."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    """Id of the scenario."""
    engine: str
    """Id of the engine."""
    provider: str
    """Where it ran: ``local``, ``docker`` or ``external``."""
    version: str
    """What the server says it is."""
    ram_bytes: int | None = None
    """The limit that the kernel held this server to. None: there was no limit."""
    image: str | None = None
    """Name of its container's image. None: it ran in no container of ours."""
    image_id: str | None = None
    """Digest of that image as Docker has it. None: it ran in no container of ours."""
    cold_start: bool | None = None
    """Whether no page of its store was cached at any of its starts. None: no container under a
    limit; of other servers, each cell says so in ``caches_dropped``."""
    settings: tuple[SettingRecord, ...]
    """What differs from the server's defaults; empty for an external server, whose settings are not
    ours."""


@dataclass(frozen=True, kw_only=True)
class EnvironmentRecord:
    """The content of ``environment.json``: on what the campaign ran."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: SchemaVersion = SCHEMA_VERSION
    """Version of this file."""
    code: CodeVersion
    """The code that ran."""
    host: dict[str, str | int | float | bool | None]
    """Facts of the machine by name; null where it does not tell."""
    services: tuple[ServiceRecord, ...]
    """Every server, once for each scenario and limit."""
