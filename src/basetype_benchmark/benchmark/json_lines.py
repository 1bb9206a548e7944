"""Files of one JSON record a line that are only ever added to, by one writer at a time.

A line that a crash or a full disk tore is passed over when the file is read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from basetype_benchmark.atomic_files import naming_write_errors, write_atomically

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
    read = _read_lines(path, adapter)
    records = tuple(record for _, record in read if record is not None)
    return records, len(read) - len(records)


def drop_torn_lines(path: Path, adapter: TypeAdapter[_Record]) -> bytes:
    """Leave the whole lines in the file, and give the others; nobody may write to it meanwhile.

    Raises:
        DiskFull, HostError: it could not be written.
    """
    read = _read_lines(path, adapter)
    torn = [line for line, record in read if record is None]
    if torn:
        whole = [line for line, record in read if record is not None]
        write_atomically(path, b"".join(line + b"\n" for line in whole))
    return b"".join(line + b"\n" for line in torn)


def _read_lines(path: Path, adapter: TypeAdapter[_Record]) -> list[tuple[bytes, _Record | None]]:
    """Give every line that is not blank with its record, None where it is torn."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return []
    return [(line, _read_line(line, adapter)) for line in lines if line.strip()]


def _read_line(line: bytes, adapter: TypeAdapter[_Record]) -> _Record | None:
    try:
        return adapter.validate_json(line)
    except ValidationError:
        return None


def _ends_torn(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if not size:
            return False
        file.seek(size - 1)
        return file.read(1) != b"\n"
