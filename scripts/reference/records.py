"""The reference of the result files: every field, out of the schemas that ship with the package."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import pyarrow as pa

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.execution import ClientWork, Legs
from basetype_benchmark.benchmark.journal import Event, JournalEntry
from basetype_benchmark.benchmark.monitoring.reading_log import Moment
from basetype_benchmark.benchmark.monitoring.resource_use import MeterRecord
from basetype_benchmark.benchmark.monitoring.resources_io import RESOURCES_SCHEMA
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.benchmark.results import BenchmarkResult, Sample
from basetype_benchmark.benchmark.results_io import SCHEMA_SOURCES, load_schema
from basetype_benchmark.benchmark.samples_io import SAMPLES_SCHEMA
from basetype_benchmark.benchmark.sentinel import SentinelReading
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.ram import Strategy
from basetype_benchmark.infrastructure.host import HostFacts
from basetype_benchmark.report.disclosure.files import load_disclosure_schema
from scripts.reference.docstrings import attribute_docs, split_null
from scripts.reference.markdown import code, prose, table

PAGES = ("campaign", "cell", "environment", "gradient", "logs", "disclosure", "tables")
HEAD = ("field", "type", "unit", "meaning", "null when")
UNITS = {"ns": "nanosecond", "bytes": "byte", "s": "second", "j": "joule", "kwh": "kilowatt-hour"}
ENUMERATIONS: Mapping[str, type[StrEnum]] = {
    kind.__name__: kind for kind in (Outcome, CellOutcome, Mode, Strategy)
}
"""Those that a schema names; a test fails when one is missing."""

_TYPES = {
    "integer": "integer",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "date-time": "time",
    "object": "values by name",
}
_COLUMN_TYPES = {"int32": "integer", "int64": "integer", "double": "number", "string": "text"}
_READING_TEXTS = {
    "phase": "In which phase. None: between two phases",
    "moment": "Why it was taken: ``begin`` and ``end`` of the phase, ``timed`` in between.",
    "t_ns": "When, after the begin of the cell.",
}


def make_tables() -> Mapping[str, str]:
    """Make all tables of the pages, by their names."""
    schemas = {name: load_schema(name) for name in SCHEMA_SOURCES}
    told = {
        name for schema in schemas.values() for name in (schema["title"], *schema.get("$defs", {}))
    }
    return {
        **{f"{name}.json": record_tables(schema) for name, schema in schemas.items()},
        "disclosure.json": record_tables(load_disclosure_schema(), without=told),
        "samples.parquet": column_table(SAMPLES_SCHEMA, sample_texts()),
        "resources.parquet": column_table(RESOURCES_SCHEMA, reading_texts()),
        "journal.jsonl": record_table(JournalEntry),
        "events": member_table(Event),
        "sentinel.jsonl": record_table(SentinelReading),
        "moments": member_table(Moment),
        "host": record_table(HostFacts),
        "outcomes": member_table(Outcome),
        "outcomes of a cell": member_table(CellOutcome),
    }


def record_tables(schema: Mapping[str, Any], *, without: Container[str] = ()) -> str:
    """Give one table for each kind of record of a file, under the path that leads to it.

    Those `without` are left out: they are told elsewhere.
    """
    parts = []
    for name, paths in _records(schema).items():
        if name in without:
            continue
        record = schema["$defs"][name] if name else schema
        if name:
            parts.append(f"\n## {', '.join(code(path) for path in paths)}\n")
        description = prose(record.get("description", "").split("\n\n", maxsplit=1)[0])
        rows = [_field_row(schema, *field) for field in record["properties"].items()]
        parts.append(f"\n{description}\n\n{table(HEAD, rows)}")
    return "".join(parts).lstrip("\n")


def record_table(kind: type) -> str:
    """Give the fields of a record that has no schema of its own."""
    rows = []
    for name, text in attribute_docs(kind).items():
        meaning, null = split_null(text)
        rows.append((code(name), _unit(name), meaning, null))
    return table(("field", "unit", "meaning", "null when"), rows)


def member_table(kind: type[StrEnum]) -> str:
    """Give the members of an enumeration and what they mean."""
    docs = attribute_docs(kind)
    rows = [(code(member.value), prose(docs[member.name])) for member in kind]
    return table(("value", "meaning"), rows)


def column_table(schema: pa.Schema, texts: Mapping[str, str]) -> str:
    """Give the columns of a table of results."""
    rows = []
    for column in schema:
        meaning, null = split_null(texts[column.name])
        rows.append(
            (
                code(column.name),
                _COLUMN_TYPES[str(column.type)],
                _unit(column.name),
                meaning,
                (null or "it does not apply") if column.nullable else "never",
            )
        )
    return table(HEAD, rows)


def sample_texts() -> Mapping[str, str]:
    """Say what the columns of ``samples.parquet`` mean, by the records that they are made of."""
    sample = attribute_docs(Sample)
    parts = {**_texts_of_part(Legs, sample["legs"]), **_texts_of_part(ClientWork, sample["client"])}
    return {**attribute_docs(CellRecord), **attribute_docs(BenchmarkResult), **sample, **parts}


def reading_texts() -> Mapping[str, str]:
    """Say what the columns of ``resources.parquet`` mean."""
    cell = {"cell": attribute_docs(CellRecord)["cell"]}
    source = {"source": attribute_docs(MeterRecord)["source"]}
    return {**cell, **source, **_READING_TEXTS, **attribute_docs(Reading)}


def _texts_of_part(kind: type, text_of_whole: str) -> Mapping[str, str]:
    """Say of each field of a part that it is null where the whole part is."""
    _, null = split_null(text_of_whole)
    return {name: f"{text} None: {null}." for name, text in attribute_docs(kind).items()}


def _records(schema: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """Give every kind of record with the paths at which it stands, in the order of a reader."""
    found: dict[str, list[str]] = {"": [""]}
    pending = [("", "")]
    while pending:
        name, path = pending.pop(0)
        record = schema["$defs"][name] if name else schema
        for field, value in record["properties"].items():
            for target, suffix in _targets(value):
                if "properties" not in schema["$defs"][target]:
                    continue
                inner = f"{path}.{field}{suffix}".lstrip(".")
                if inner not in found.setdefault(target, []):
                    found[target].append(inner)
                    pending.append((target, inner))
    return found


def _targets(value: Mapping[str, Any], suffix: str = "") -> Iterator[tuple[str, str]]:
    if "$ref" in value:
        yield value["$ref"].rpartition("/")[2], suffix
    for option in value.get("anyOf", ()):
        yield from _targets(option, suffix)
    for item in (value.get("items"), *value.get("prefixItems", ())):
        if isinstance(item, Mapping):
            yield from _targets(item, f"{suffix}[]")


def _field_row(schema: Mapping[str, Any], name: str, value: Mapping[str, Any]) -> Sequence[str]:
    meaning, null = split_null(value.get("description", ""))
    is_nullable = any(option.get("type") == "null" for option in value.get("anyOf", ()))
    when = (null or "?") if is_nullable else "never"
    return code(name), _type(schema, value), _unit(name), meaning, when


def _type(schema: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    match value:
        case {"$ref": reference}:
            name = reference.rpartition("/")[2]
            return "record" if "properties" in schema["$defs"][name] else _choices(name)
        case {"anyOf": options}:
            return " or ".join(_type(schema, o) for o in options if o.get("type") != "null")
        case {"type": "array"}:
            return _list_type(schema, value)
        case {"enum": _} | {"const": _}:
            return ", ".join(code(str(v)) for v in value.get("enum", [value.get("const")]))
    return _TYPES[value.get("format", value.get("type"))]


def _list_type(schema: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    if "items" not in value:
        return f"{len(value['prefixItems'])} values"
    kind = _type(schema, value["items"])
    return {"record": "records", "integer": "integers", "text": "texts"}.get(kind, f"list: {kind}")


def _choices(name: str) -> str:
    return ", ".join(code(member.value) for member in ENUMERATIONS[name])


def _unit(name: str) -> str:
    return UNITS.get(name.rpartition("_")[2], "") if "_" in name else ""
