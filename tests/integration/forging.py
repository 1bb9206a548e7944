"""Changes one number of a campaign's files at a time, as a careful forger would."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basetype_benchmark.benchmark.checksums import CHECKSUMS_FILE
from basetype_benchmark.benchmark.results_io import CELLS_DIR

GROSS = 1_000_003  # times a thousand and more: what is only bounded is noticed at the latest

_LISTS = {"queries": "query", "sources": "source", "resources": "source", "meters": "source"}
_CLASSES = {"harness": "harness", "host": "host", "oxigraph": "engine", "postgresql": "engine"}


@dataclass(frozen=True)
class Number:
    """One number in a file; `kind` is its path without the indexes of lists.

    The path of a line of ``.jsonl`` begins with the number of the line.
    """

    file: str
    path: tuple[str | int, ...]
    kind: str

    @property
    def name(self) -> str:
        """The last name in its path."""
        return next(str(part) for part in reversed(self.path) if isinstance(part, str))


def numbers_in(folder: Path, file: str) -> list[Number]:
    """Find every number of a JSON or JSONL file; a flag is none."""
    return [
        Number(file, path, f"{_file_kind(file)}: {kind}")
        for path, kind in _walk(read_document(folder / file), (), "")
    ]


def _walk(
    value: Any, path: tuple[str | int, ...], kind: str
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _walk(inner, (*path, name), f"{kind}.{name}".lstrip("."))
        case list():
            for index, inner in enumerate(value):
                yield from _walk(inner, (*path, index), f"{kind}{_label(path, inner)}")
        case int() | float() if not isinstance(value, bool):
            yield path, kind


def _label(path: tuple[str | int, ...], item: Any) -> str:
    """Tell sources apart by their class: what of one is recomputed, may be bounded of another."""
    key = _LISTS.get(str(path[-1])) if path else None
    if key != "source" or not isinstance(item, dict):
        return ""
    return f"[{_CLASSES.get(item['source'], item['source'])}]"


def _file_kind(file: str) -> str:
    return "cell" if file.startswith(f"{CELLS_DIR}/") else file


def read_document(path: Path) -> Any:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    return json.loads(path.read_bytes())


def write_document(path: Path, document: Any) -> None:
    if path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(line)}\n" for line in document))
    else:
        path.write_text(json.dumps(document, indent=2))


def value_of(folder: Path, number: Number) -> float:
    value: Any = read_document(folder / number.file)
    for part in number.path:
        value = value[part]
    assert isinstance(value, int | float)
    return value


def change(folder: Path, number: Number, *, gross: bool) -> None:
    """Change the number in its file, by a little or by a lot, and the digest of the file."""
    document = read_document(folder / number.file)
    place = document
    for part in number.path[:-1]:
        place = place[part]
    place[number.path[-1]] = changed(place[number.path[-1]], gross=gross)
    write_document(folder / number.file, document)
    correct_digest(folder, number.file)


def changed(value: float, *, gross: bool) -> float:
    if gross:
        return (abs(value) + 1) * GROSS
    return value + 1 if isinstance(value, int) else value * (1 + 1e-9) + 1e-12


def change_sample(folder: Path, cell: str, row: int, column: str, *, joined: bool) -> None:
    """Change a number in a table of a cell, its digest in the cell, and those of all files.

    With `joined`, also in the table of all cells.
    """
    table_name = f"{CELLS_DIR}/{cell}.samples.parquet"
    table = pq.read_table(folder / table_name)
    old = table.slice(row, 1).to_pylist()[0]
    _set(folder / table_name, table, row, column, old[column] + 1)
    document = read_document(folder / CELLS_DIR / f"{cell}.json")
    document["samples_sha256"] = digest(folder / table_name)
    write_document(folder / CELLS_DIR / f"{cell}.json", document)
    touched = [table_name, f"{CELLS_DIR}/{cell}.json"]
    if joined:
        whole = pq.read_table(folder / "samples.parquet")
        index = next(i for i, found in enumerate(whole.to_pylist()) if found == old)
        _set(folder / "samples.parquet", whole, index, column, old[column] + 1)
        touched.append("samples.parquet")
    for file in touched:
        correct_digest(folder, file)


def _set(path: Path, table: pa.Table, row: int, column: str, value: int) -> None:
    place = table.column_names.index(column)
    values = table.column(column).to_pylist()
    values[row] = value
    field = table.schema.field(column)
    pq.write_table(table.set_column(place, field, pa.array(values, field.type)), path)


def correct_digest(folder: Path, file: str) -> None:
    sums = folder / CHECKSUMS_FILE
    line = re.compile(rf"^[0-9a-f]{{64}}  {re.escape(file)}$", re.MULTILINE)
    text, count = line.subn(f"{digest(folder / file)}  {file}", sums.read_text())
    assert count == 1, file
    sums.write_text(text)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
