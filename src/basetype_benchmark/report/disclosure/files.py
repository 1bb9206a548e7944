"""Writes and reads ``disclosure.json``, and writes ``disclosure.md`` beside it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import orjson
from pydantic import TypeAdapter

from basetype_benchmark.atomic_files import write_atomically
from basetype_benchmark.benchmark.results_io import read_record
from basetype_benchmark.report.disclosure.page import render_disclosure
from basetype_benchmark.report.disclosure.record import DisclosureRecord

DISCLOSURE_FILE = "disclosure.json"
DISCLOSURE_PAGE = "disclosure.md"

DISCLOSURE: TypeAdapter[DisclosureRecord] = TypeAdapter(DisclosureRecord)


@cache
def load_disclosure_schema() -> dict[str, Any]:
    """Read the JSON Schema that ships with the package."""
    schema: dict[str, Any] = orjson.loads((files(__package__) / "schema.json").read_bytes())
    return schema


def write_disclosure_files(folder: Path, record: DisclosureRecord) -> tuple[Path, Path]:
    """Write both files into the folder of the campaign.

    Raises:
        DiskFull: there is no space left.
    """
    document = orjson.loads(DISCLOSURE.dump_json(record))
    jsonschema.Draft202012Validator(load_disclosure_schema()).validate(document)
    content = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write_atomically(folder / DISCLOSURE_FILE, content)
    write_atomically(folder / DISCLOSURE_PAGE, render_disclosure(record).encode())
    return folder / DISCLOSURE_FILE, folder / DISCLOSURE_PAGE


def read_disclosure(folder: Path) -> DisclosureRecord:
    """Read ``disclosure.json``.

    Raises:
        CheckFailed: the file is missing, torn, or not of this version.
    """
    return read_record(folder / DISCLOSURE_FILE, DISCLOSURE)
