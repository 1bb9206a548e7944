"""Files of one JSON record a line that are only ever added to, by one writer at a time.

A line that a crash or a full disk tore is passed over when the file is read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from basetype_benchmark.atomic_files import naming_write_errors

_Record = TypeVar("_Record")


def append_record(path: Path, adapter: TypeAdapter[_Record], record: _Record) -> None:
    """Add a line, without what is None; when this returns, a crash cannot lose it any more.

    Raises:
        DiskFull, HostError: it could not be written.
    """
    line = adapter.dump_json(record, exclude_none=True) + b"\n"
    with naming_write_errors(path.parent), path.open("ab+") as file:
        if _ends_torn(path):
            line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read_records(path: Path, adapter: TypeAdapter[_Record]) -> tuple[tuple[_Record, ...], int]:
    """Read the records, and how many lines are torn; also while another process adds to them.

    A missing file is empty.
    """
    records, torn = [], 0
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        lines = []
    for line in lines:
        if not line.strip():
            continue
        try:
            records.append(adapter.validate_json(line))
        except ValidationError:
            torn += 1
    return tuple(records), torn


def _ends_torn(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if not size:
            return False
        file.seek(size - 1)
        return file.read(1) != b"\n"
