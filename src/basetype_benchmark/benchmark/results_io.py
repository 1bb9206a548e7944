"""Reads and writes result files: whole or not at all, and valid against the shipped schemas."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import jsonschema
import orjson
from pydantic import TypeAdapter, ValidationError

from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    EnvironmentRecord,
)
from basetype_benchmark.benchmark.gradient import GradientRecord
from basetype_benchmark.benchmark.monitoring.resources_io import readings_path
from basetype_benchmark.benchmark.samples_io import samples_path, write_cell_samples
from basetype_benchmark.benchmark.tables_io import digest_file
from basetype_benchmark.errors import CheckFailed

CAMPAIGN_FILE = "campaign.json"
ENVIRONMENT_FILE = "environment.json"
GRADIENT_FILE = "gradient.json"
CELLS_DIR = "cells"

_Record = TypeVar("_Record")

_CELL: TypeAdapter[CellRecord] = TypeAdapter(CellRecord)
_CAMPAIGN: TypeAdapter[CampaignRecord] = TypeAdapter(CampaignRecord)
_ENVIRONMENT: TypeAdapter[EnvironmentRecord] = TypeAdapter(EnvironmentRecord)
_GRADIENT: TypeAdapter[GradientRecord] = TypeAdapter(GradientRecord)

SCHEMA_SOURCES: dict[str, TypeAdapter[Any]] = {
    "cell": _CELL,
    "campaign": _CAMPAIGN,
    "environment": _ENVIRONMENT,
    "gradient": _GRADIENT,
}
"""The record each shipped schema ``schemas/<name>.json`` describes."""


def write_campaign(folder: Path, record: CampaignRecord) -> Path:
    """Write ``campaign.json``."""
    return _write_json(folder / CAMPAIGN_FILE, "campaign", _CAMPAIGN.dump_json(record))


def write_environment(folder: Path, record: EnvironmentRecord) -> Path:
    """Write ``environment.json``."""
    return _write_json(folder / ENVIRONMENT_FILE, "environment", _ENVIRONMENT.dump_json(record))


def write_gradient(folder: Path, record: GradientRecord) -> Path:
    """Write ``gradient.json``."""
    return _write_json(folder / GRADIENT_FILE, "gradient", _GRADIENT.dump_json(record))


def cell_path(folder: Path, cell: str) -> Path:
    """Where the result of a cell stands in the folder of its campaign."""
    return folder / CELLS_DIR / f"{cell}.json"


def write_cell(folder: Path, record: CellRecord) -> CellRecord:
    """Write ``cells/<cell>.json``, with the digests of the tables written beside it before.

    When this returns, a crash cannot lose the result any more. Gives the record as it was written.

    Raises:
        DiskFull: it could not be written.
    """
    cells = folder / CELLS_DIR
    whole = replace(
        record,
        samples_sha256=write_cell_samples(cells, record),
        readings_sha256=digest_file(readings_path(cells, record.cell)),
    )
    _write_json(cell_path(folder, record.cell), "cell", _CELL.dump_json(whole))
    return whole


def read_cell(path: Path) -> CellRecord:
    """Read one cell's result, without its samples.

    Raises:
        CheckFailed: the file or a table beside it is missing or torn, or is not of this version.
    """
    record = read_record(path, _CELL)
    if record.cell != path.stem:
        raise CheckFailed(f"{path} holds the result of another cell, {record.cell}")
    for table, digest in (
        (samples_path(path.parent, record.cell), record.samples_sha256),
        (readings_path(path.parent, record.cell), record.readings_sha256),
    ):
        if digest_file(table) != digest:
            raise CheckFailed(f"{table} is not what was written with {path.name}")
    return record


def read_campaign(folder: Path) -> CampaignRecord:
    """Read the plan of a campaign.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    return read_record(folder / CAMPAIGN_FILE, _CAMPAIGN)


def read_environment(folder: Path) -> EnvironmentRecord:
    """Read the environment of a campaign.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    return read_record(folder / ENVIRONMENT_FILE, _ENVIRONMENT)


def read_gradient(folder: Path) -> GradientRecord:
    """Read the decisions and findings of a gradient.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    return read_record(folder / GRADIENT_FILE, _GRADIENT)


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Read one of the JSON Schemas that ship with the package."""
    path = files("basetype_benchmark.benchmark") / "schemas" / f"{name}.json"
    schema: dict[str, Any] = orjson.loads(path.read_bytes())
    return schema


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(load_schema(name))


def _write_json(path: Path, schema: str, content: bytes) -> Path:
    document = orjson.loads(content)
    _validator(schema).validate(document)
    write_atomically(path, orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
    return path


def read_record(path: Path, adapter: TypeAdapter[_Record]) -> _Record:
    """Read a JSON file of a campaign.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    try:
        return adapter.validate_json(path.read_bytes())
    except OSError as error:
        raise CheckFailed(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "file"
        raise CheckFailed(
            f"{path} is torn or not a result of this version: {where}: {first['msg']}"
        ) from error
