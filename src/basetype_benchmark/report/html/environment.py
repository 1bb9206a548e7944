"""On what machine, with which servers and settings; and how to read the figures."""

from __future__ import annotations

from collections.abc import Iterator

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.campaign import CampaignRecord, EnvironmentRecord
from basetype_benchmark.report.html.model import (
    Column,
    Folded,
    Links,
    Notes,
    Part,
    Section,
    Table,
    Value,
)
from basetype_benchmark.report.html.wording import missing, plural, ram_value
from basetype_benchmark.units import format_bytes

_FILES = (
    ("disclosure.md", "every setting with its reason, schemas, texts, versions, what was capped"),
    ("disclosure.json", "the same for programs"),
    ("samples.parquet", "every latency in nanoseconds"),
    ("resources.parquet", "every reading of memory, CPU and I/O"),
)


def environment_section(data: CampaignData) -> Section:
    """Say where and how it was measured, in short; the whole of it is in the files."""
    environment = data.environment
    parts: list[Part] = [Links(key="files", files=_FILES), _plan(data.campaign)]
    if environment is not None:
        parts += [_host(environment), _servers(environment), _settings(environment)]
    return Section(
        key="environment",
        title="Environment and settings",
        lead=("In short. All of it lies in the folder of the campaign, beside this page:",),
        parts=tuple(parts),
    )


def method_section() -> Section:
    """Say how to read the figures."""
    return Section(
        key="method",
        title="How to read the figures",
        lead=(),
        parts=(
            Notes(
                key="method-notes",
                items=(
                    "p50: half of the measured runs took less; p95: all but one in twenty did. The "
                    "clock runs from sending to the last row received and decoded.",
                    "n: answered measured runs. Warm-up runs are not measured.",
                    "Intervals are 95 %. With repetitions of a cell they say how figures differ "
                    "from one start of the servers to the next; with one cell, how runs differ "
                    "within it. Where there are too few runs for one, none is shown.",
                    "Geometric mean: of the medians of all queries that the scenario can express, "
                    "so that a query of a millisecond counts as much as one of a second. There is "
                    "none where a query failed.",
                    "RAM: the limit of all servers of a scenario together, held by the kernel. A "
                    "level passes when the data could be loaded and every query was answered "
                    "rightly, in every repetition.",
                    "The front: the levels shown to take less time than every other with as "
                    "little RAM or less. A difference is shown where the 95 % interval of the "
                    "ratio excludes 1; one wider than a factor of 100 shows nothing.",
                    "The fastest of a kind is chosen among its ways of storing, each with the most "
                    "RAM it worked with. An interval does not know that something was chosen: "
                    "where two ways are about as fast, it is too narrow.",
                    "△ marks a figure that is unstable, ✕ and other signs an outcome that is no "
                    "success; such never have a rank or a colour.",
                    "This is not an LDBC or TPC benchmark, and it was measured by those who "
                    "publish it unless they say otherwise.",
                ),
            ),
        ),
    )


def _plan(campaign: CampaignRecord) -> Table:
    rows = [
        (
            Value(text=planned.profile),
            Value(text=str(planned.protocol.warmup)),
            Value(text=str(planned.protocol.runs)),
            Value(text=str(planned.protocol.variants)),
            Value(text=f"{planned.protocol.timeout_s:g}"),
            Value(text=(planned.dataset_fingerprint or "not known")[:12]),
        )
        for planned in campaign.profiles
    ]
    return Table(
        key="protocol",
        caption=f"Datasets and protocol; seed {campaign.dataset_seed}, mode {campaign.mode.value}",
        columns=(
            Column(name="dataset"),
            Column(name="warm-up runs", is_number=True),
            Column(name="measured runs", is_number=True, hint="of each variant"),
            Column(name="variants", is_number=True, hint="parameter sets of a query"),
            Column(name="deadline", unit="s", is_number=True),
            Column(name="fingerprint"),
        ),
        rows=tuple(rows),
    )


def _host(environment: EnvironmentRecord) -> Table:
    code = environment.code
    commit = "not known" if code.commit is None else code.commit[:12]
    state = {True: " with changes", False: "", None: ""}[code.is_dirty]
    facts = [(name, _fact(name, value)) for name, value in environment.host.items()]
    facts += [("code", Value(text=f"btb {code.package}, commit {commit}{state}"))]
    return Table(
        key="host",
        caption="Machine and code",
        columns=(Column(name="what"), Column(name="value")),
        rows=tuple((Value(text=name.replace("_", " ")), value) for name, value in facts),
    )


def _fact(name: str, value: object) -> Value:
    if value is None:
        return missing("not known")
    if name.endswith("_bytes") and isinstance(value, int):
        return Value(text=format_bytes(value))
    if isinstance(value, bool):
        return Value(text="yes" if value else "no")
    return Value(text=str(value))


def _servers(environment: EnvironmentRecord) -> Table:
    rows = dict.fromkeys(
        (service.scenario, service.engine, service.version, service.provider)
        for service in environment.services
    )
    return Table(
        key="servers",
        caption="Servers as they ran",
        columns=tuple(Column(name=n) for n in ("scenario", "engine", "version", "where")),
        rows=tuple(tuple(Value(text=text) for text in row) for row in rows),
        choices=("scenario",),
    )


def _settings(environment: EnvironmentRecord) -> Folded:
    table = Table(
        key="settings",
        caption="Settings that differ from the default, and why",
        columns=(
            Column(name="engine"),
            Column(name="server RAM", is_number=True),
            Column(name="setting"),
            Column(name="value"),
            Column(name="reason"),
        ),
        rows=tuple(_setting_rows(environment)),
        choices=("engine",),
    )
    return Folded(title=f"Settings with reasons ({plural(len(table.rows), 'row')})", part=table)


def _setting_rows(environment: EnvironmentRecord) -> Iterator[tuple[Value, ...]]:
    """Give each setting once, however many scenarios it was the same for."""
    seen = set()
    for service in environment.services:
        for setting in service.settings:
            row = (service.engine, service.ram_bytes, setting.name, setting.value, setting.reason)
            if row in seen:
                continue
            seen.add(row)
            yield (
                Value(text=service.engine),
                ram_value(service.ram_bytes),
                *(Value(text=text) for text in row[2:] if isinstance(text, str)),
            )
