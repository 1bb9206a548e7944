"""Reads and writes result files: whole or not at all, and valid against the shipped schemas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import jsonschema
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    EnvironmentRecord,
)
from basetype_benchmark.benchmark.gradient import GradientRecord
from basetype_benchmark.benchmark.results import Sample
from basetype_benchmark.errors import CheckFailed

CAMPAIGN_FILE = "campaign.json"
ENVIRONMENT_FILE = "environment.json"
GRADIENT_FILE = "gradient.json"
SAMPLES_FILE = "samples.parquet"
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

SAMPLES_SCHEMA = pa.schema(
    [
        pa.field("cell", pa.string(), nullable=False),
        pa.field("scenario", pa.string(), nullable=False),
        pa.field("query", pa.string(), nullable=False),
        pa.field("variant", pa.int32(), nullable=False),
        pa.field("run", pa.int32(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("rows", pa.int64()),
        pa.field("elapsed_ns", pa.int64()),
        pa.field("graph_ns", pa.int64()),
        pa.field("transfer_ns", pa.int64()),
        pa.field("series_ns", pa.int64()),
        pa.field("fetch_ns", pa.int64()),
        pa.field("decode_ns", pa.int64()),
        pa.field("aggregate_ns", pa.int64()),
        pa.field("received_bytes", pa.int64()),
        pa.field("chunks", pa.int64()),
        pa.field("decoded_samples", pa.int64()),
    ]
)


def write_campaign(folder: Path, record: CampaignRecord) -> Path:
    """Write ``campaign.json``."""
    return _write_json(folder / CAMPAIGN_FILE, "campaign", _CAMPAIGN.dump_json(record))


def write_environment(folder: Path, record: EnvironmentRecord) -> Path:
    """Write ``environment.json``."""
    return _write_json(folder / ENVIRONMENT_FILE, "environment", _ENVIRONMENT.dump_json(record))


def write_gradient(folder: Path, record: GradientRecord) -> Path:
    """Write ``gradient.json``."""
    return _write_json(folder / GRADIENT_FILE, "gradient", _GRADIENT.dump_json(record))


def write_cell(folder: Path, record: CellRecord) -> Path:
    """Write ``cells/<cell>.json``; when this returns, a crash cannot lose the result any more."""
    return _write_json(folder / CELLS_DIR / f"{record.cell}.json", "cell", _CELL.dump_json(record))


def write_samples(folder: Path, records: Iterable[CellRecord]) -> Path:
    """Write ``samples.parquet``: every sample of these cells, latencies unrounded."""
    rows = [
        _sample_row(record, sample)
        for record in records
        for query in record.result.queries
        for sample in query.samples
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=SAMPLES_SCHEMA), sink, compression="zstd")
    path = folder / SAMPLES_FILE
    write_atomically(path, sink.getvalue().to_pybytes())
    return path


def read_cell(path: Path) -> CellRecord:
    """Read one cell's result.

    Raises:
        CheckFailed: the file is torn, or is not a result of this version.
    """
    return _read(path, _CELL)


def read_campaign(folder: Path) -> CampaignRecord:
    """Read the plan of a campaign.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    return _read(folder / CAMPAIGN_FILE, _CAMPAIGN)


def read_environment(folder: Path) -> EnvironmentRecord:
    """Read the environment of a campaign.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    return _read(folder / ENVIRONMENT_FILE, _ENVIRONMENT)


def read_gradient(folder: Path) -> GradientRecord:
    """Read the decisions and findings of a gradient.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    return _read(folder / GRADIENT_FILE, _GRADIENT)


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


def _read(path: Path, adapter: TypeAdapter[_Record]) -> _Record:
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


def _sample_row(record: CellRecord, sample: Sample) -> dict[str, str | int | None]:
    """Give one row; what it leaves out is null."""
    return {
        "cell": record.cell,
        "scenario": record.result.scenario,
        "query": sample.query,
        "variant": sample.variant,
        "run": sample.run,
        "outcome": sample.outcome.value,
        "rows": sample.rows,
        "elapsed_ns": sample.elapsed_ns,
        **({} if sample.legs is None else asdict(sample.legs)),
        **({} if sample.client is None else asdict(sample.client)),
    }
