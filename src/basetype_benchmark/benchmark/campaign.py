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
    """The content of ``cells/<cell>.json``: one cell's result and what it was measured under.

    `ram_bytes` is the limit of all its servers together. `loaded_in_cell` names the cell that
    loaded the stores it found: itself, or one of a level below; None where each cell loads its own
    and measures at once. `caches_dropped` says of such stores whether the page cache of their
    files was empty when the server was started for the measurement. The digests are those of the
    tables beside it, ``<cell>.samples.parquet`` and ``<cell>.resources.parquet``.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: SchemaVersion = SCHEMA_VERSION
    cell: str
    repetition: int
    ram_bytes: int | None
    fingerprint: str
    loaded_in_cell: str | None = None
    caches_dropped: bool | None = None
    result: BenchmarkResult
    samples_sha256: str = ""
    readings_sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedCell:
    """One cell of the plan as written down; the fingerprint is the one its result must carry.

    It is None before the dataset of its profile is there: what is measured is not known before.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    cell: str
    profile: str
    scenario: str
    repetition: int
    ram_bytes: int | None
    fingerprint: str | None


@dataclass(frozen=True, kw_only=True)
class PlannedProfile:
    """One dataset of the plan, and how it is measured.

    `dataset_fingerprint` is None before it is there and verified. One that `is_extracted` was cut
    out for the campaign, and is removed after its use.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    profile: str
    protocol: Protocol
    dataset_fingerprint: str | None = None
    is_extracted: bool = False


@dataclass(frozen=True, kw_only=True)
class SkippedPart:
    """What a campaign leaves out, in words, and why."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class CampaignRecord:
    """The content of ``campaign.json``: what was planned, on which data, by which code, and where.

    `master` is the dataset out of which those of the profiles that are not there are cut. `places`
    says by engine where its server runs: ``local``, ``docker`` with the image, or ``external`` with
    the address. `host_class` is the machine in words. `graph_share` is the graph server's part of
    the RAM where a scenario has two servers; None without RAM limits. With a `gradient`, `cells`
    are those decided on so far.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: SchemaVersion = SCHEMA_VERSION
    campaign: str
    created_at: datetime
    mode: Mode
    master: str
    dataset_seed: int
    profiles: tuple[PlannedProfile, ...]
    queries: tuple[str, ...]
    code: CodeVersion
    provider: str
    places: dict[str, str]
    host_class: str
    graph_share: float | None = None
    keeps_exports: bool = False
    gradient: GradientPlanRecord | None = None
    cells: tuple[PlannedCell, ...]
    skipped: tuple[SkippedPart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SettingRecord:
    """One server setting that differs from the default, and why."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ServiceRecord:
    """One server as it ran for a scenario, under a limit of `ram_bytes` where there was one."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    scenario: str
    engine: str
    provider: str
    version: str
    ram_bytes: int | None = None
    settings: tuple[SettingRecord, ...]


@dataclass(frozen=True, kw_only=True)
class EnvironmentRecord:
    """The content of ``environment.json``. `host` maps a fact's name, unit included, to it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    schema_version: SchemaVersion = SCHEMA_VERSION
    code: CodeVersion
    host: dict[str, str | int | float | bool | None]
    services: tuple[ServiceRecord, ...]
