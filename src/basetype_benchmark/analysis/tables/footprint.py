"""Tables of what the cells took, and of what a year of each option costs."""

from __future__ import annotations

from dataclasses import asdict

import polars as pl

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.footprint import footprint_rows
from basetype_benchmark.analysis.footprint_cost import YearlyCost, yearly_cost
from basetype_benchmark.analysis.footprint_options import find_options
from basetype_benchmark.analysis.tables.table import (
    CELL,
    LEVEL,
    PROFILE,
    SCENARIO,
    Column,
    Row,
    Table,
    make_table,
)
from basetype_benchmark.config.prices import Prices

_NOT_READ = "None: a server was not read, or does not tell."

_FOOTPRINT_COLUMNS = (
    CELL,
    *LEVEL,
    Column(name="repetition", dtype=pl.Int64, meaning="Which time it was measured, from 1."),
    Column(name="outcome", dtype=pl.String, meaning="How the cell ended."),
    Column(name="phase", dtype=pl.String, meaning="``load`` or ``measure``."),
    Column(name="elapsed_s", dtype=pl.Float64, meaning="How long the phase was."),
    Column(name="cpu_s", dtype=pl.Float64, meaning=f"CPU time of all servers. {_NOT_READ}"),
    Column(
        name="limit_gib_hours",
        dtype=pl.Float64,
        meaning="The limit over that time, in GiB times hours. None: there was no limit.",
    ),
    Column(
        name="used_gib_hours",
        dtype=pl.Float64,
        meaning=f"What the servers held over that time, in GiB times hours. {_NOT_READ}",
    ),
    Column(name="read_bytes", dtype=pl.Int64, meaning=f"From block devices. {_NOT_READ}"),
    Column(name="written_bytes", dtype=pl.Int64, meaning=f"To block devices. {_NOT_READ}"),
    Column(
        name="package_energy_j",
        dtype=pl.Float64,
        meaning="What all processor packages of the host took, whoever caused it. None: it is not "
        "measurable there.",
    ),
    Column(
        name="is_whole",
        dtype=pl.Boolean,
        meaning="Whether every server could be read at both ends of the phase; if not, there was "
        "more.",
    ),
)

_NOT_MEASURED = "None: a part of it was not measured."

_COST_COLUMNS = (
    PROFILE,
    SCENARIO,
    Column(name="basis", dtype=pl.String, meaning="``least viable`` or ``plateau``."),
    Column(
        name="ram_bytes", dtype=pl.Int64, meaning="The level. None: not measured; `found` says why."
    ),
    Column(name="found", dtype=pl.String, meaning="How the level was found, or why it was not."),
    Column(
        name="disk_bytes",
        dtype=pl.Int64,
        meaning="All stores on disk after the load. None: not known.",
    ),
    Column(
        name="vcpus",
        dtype=pl.Int64,
        meaning="CPUs of the machine that it was measured on. None: not known.",
    ),
    Column(name="currency", dtype=pl.String, meaning="Of all costs, which are for a year."),
    *(
        Column(name=f"{name}_cost", dtype=pl.Float64, meaning=f"{text} {_NOT_MEASURED}")
        for name, text in {
            "memory": "RAM.",
            "cpu": "CPUs.",
            "disk": "Disk.",
            "total": "All three.",
        }.items()
    ),
    Column(
        name="energy_kwh", dtype=pl.Float64, meaning=f"For a year, an estimate. {_NOT_MEASURED}"
    ),
    Column(
        name="carbon_kg",
        dtype=pl.Float64,
        meaning=f"CO2 equivalent for a year, an estimate. {_NOT_MEASURED}",
    ),
)


def footprint_tables(data: CampaignData, prices: Prices) -> tuple[Table, ...]:
    """Give the tables ``footprint`` and ``costs``."""
    return (
        make_table(
            "footprint",
            "what all servers of a cell took in a phase",
            _FOOTPRINT_COLUMNS,
            lambda: map(asdict, footprint_rows(data)),
        ),
        make_table(
            "costs",
            "a year of a scenario at its least viable RAM, or at its plateau",
            _COST_COLUMNS,
            lambda: (_cost(yearly_cost(option, prices)) for option in find_options(data)),
        ),
    )


def _cost(cost: YearlyCost) -> Row:
    return {**asdict(cost), **asdict(cost.option)}
