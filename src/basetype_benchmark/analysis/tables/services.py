"""Tables of what it ran on: servers, their settings with reasons, and the host."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.tables.table import (
    ENGINE,
    SCENARIO,
    Column,
    Row,
    Table,
    columns_of,
    make_table,
)
from basetype_benchmark.benchmark.campaign import ServiceRecord, SettingRecord

_RAM = columns_of(ServiceRecord, {"ram_bytes": pl.Int64})

_SERVICE_COLUMNS = (
    SCENARIO,
    ENGINE,
    *_RAM,
    *columns_of(ServiceRecord, {"provider": pl.String, "version": pl.String}),
    Column(
        name="place",
        dtype=pl.String,
        meaning="``local``, ``docker`` with the image, or ``external`` with the address.",
    ),
)

_SETTING_COLUMNS = (
    SCENARIO,
    ENGINE,
    *_RAM,
    *columns_of(SettingRecord, {"name": pl.String, "value": pl.String, "reason": pl.String}),
)

_HOST_COLUMNS = (
    Column(name="fact", dtype=pl.String, meaning="What is told, with its unit in the name."),
    Column(name="value", dtype=pl.String, meaning="As text. None: the machine does not tell."),
)


def environment_tables(data: CampaignData) -> tuple[Table, ...]:
    """Give the tables ``services``, ``settings`` and ``host``."""
    return (
        make_table(
            "services",
            "a server as it ran for a scenario at a limit",
            _SERVICE_COLUMNS,
            lambda: (_service(data, service) for service in _services(data)),
        ),
        make_table(
            "settings",
            "a setting of such a server that is not the default",
            _SETTING_COLUMNS,
            lambda: _settings(data),
        ),
        make_table("host", "a fact of the machine", _HOST_COLUMNS, lambda: _host(data)),
    )


def _services(data: CampaignData) -> tuple[ServiceRecord, ...]:
    return () if data.environment is None else data.environment.services


def _service(data: CampaignData, service: ServiceRecord) -> Row:
    return {
        "scenario": service.scenario,
        "engine": service.engine,
        "ram_bytes": service.ram_bytes,
        "provider": service.provider,
        "version": service.version,
        "place": data.campaign.places.get(service.engine),
    }


def _settings(data: CampaignData) -> Iterator[Row]:
    for service in _services(data):
        for setting in service.settings:
            yield {
                "scenario": service.scenario,
                "engine": service.engine,
                "ram_bytes": service.ram_bytes,
                "name": setting.name,
                "value": setting.value,
                "reason": setting.reason,
            }


def _host(data: CampaignData) -> Iterator[Row]:
    host = {} if data.environment is None else data.environment.host
    for fact, value in host.items():
        yield {"fact": fact, "value": None if value is None else str(value)}
