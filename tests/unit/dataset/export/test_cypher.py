"""The Cypher scripts agree with the files they load; no server here reads them."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from basetype_benchmark.dataset.export.exporter import export_dataset
from basetype_benchmark.dataset.export.manifest import ExportFormat
from basetype_benchmark.dataset.reader import Dataset
from tests.toy import build_toy
from tests.unit.dataset.export.files import read_data

DIALECTS = ("memgraph", "neo4j")
_FILE = re.compile(r'"/import/([^"]+)"|\'file:///([^\']+)\'')
_TARGET = re.compile(
    r"CREATE \(:(\w+)|CREATE \(a\)-\[:(\w+)|CREATE \(p\)-\[:HAS_CHUNK\]->\(:(Chunk)"
)
_CALL = re.compile(r"(?:(toInteger|toFloat|toBoolean|split|date)\()?row\.(\w+)")
_READERS: dict[str, Callable[[str], object]] = {
    "": str,
    "toInteger": int,
    "toFloat": float,
    "toBoolean": {"true": True, "false": False}.__getitem__,
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) or pytest.fail(text),
    "split": lambda text: all(text.split(";")) or pytest.fail(text),
}


@dataclass(frozen=True, kw_only=True)
class Load:
    """One statement of a script that reads a file, and how it reads each column."""

    file: str
    target: str
    columns: dict[str, str]


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


def read_loads(script: str) -> list[Load]:
    loads = []
    for statement in script.split(";\n"):
        if file := _FILE.search(statement):
            target = _TARGET.search(statement)
            assert target, statement
            calls = {column: function for function, column in _CALL.findall(statement)}
            loads.append(
                Load(
                    file=file[1] or file[2],
                    target=next(filter(None, target.groups())),
                    columns=calls,
                )
            )
    return loads


def read_csv(folder: Path, name: str) -> list[dict[str, str]]:
    text = read_data(folder, name.removesuffix(".gz")).decode()
    csv.field_size_limit(1 << 24)
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("export_format", [ExportFormat.M1, ExportFormat.M2])
def test_each_file_is_loaded_once_and_each_of_its_columns_is_read_as_what_it_is(
    toy: Dataset, export_format: ExportFormat, dialect: str, gzip: bool, tmp_path: Path
) -> None:
    made = export_dataset(toy, export_format, tmp_path / "export", gzip=gzip)
    loads = read_loads((made.folder / f"load.{dialect}.cypher").read_text("utf-8"))
    data = {file.name: file.rows for file in made.manifest.files if file.rows is not None}
    assert sorted(load.file for load in loads) == sorted(data)
    counted: dict[str, int] = {}
    for load in loads:
        rows = read_csv(made.folder, load.file)
        assert len(rows) == data[load.file]
        assert set(load.columns) == set(rows[0])
        counted[load.target] = counted.get(load.target, 0) + len(rows)
        for column, function in load.columns.items():
            for row in rows:
                if row[column]:
                    _READERS[function if column not in ("timestamps", "values") else ""](
                        row[column]
                    )
    counts = made.manifest.counts
    chunks = {} if counts.chunks is None else {"Chunk": counts.chunks}
    assert counted == counts.nodes | counts.edges | chunks


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nodes_are_there_and_indexed_before_relationships_look_for_them(
    toy: Dataset, dialect: str, tmp_path: Path
) -> None:
    made = export_dataset(toy, ExportFormat.M1, tmp_path / "export")
    script = (made.folder / f"load.{dialect}.cypher").read_text("utf-8")
    nodes, indexes = script.rindex("/nodes/"), script.index("CREATE INDEX")
    relationships, chunks = script.index("/relationships/"), script.index("/chunks/")
    assert nodes < indexes < relationships < chunks
    for label in made.manifest.counts.nodes:
        assert re.search(rf"INDEX (ON |FOR \(n):{label}\b", script), label


def test_the_lists_of_a_chunk_are_as_long_as_it_says(toy: Dataset, tmp_path: Path) -> None:
    made = export_dataset(toy, ExportFormat.M1, tmp_path / "export")
    samples = 0
    for path in (made.folder / "chunks").glob("*/*.csv"):
        for row in read_csv(made.folder, path.relative_to(made.folder).as_posix()):
            numbers = [list(map(float, row[c].split(" "))) for c in ("timestamps", "values")]
            assert [len(found) for found in numbers] == [int(row["n"])] * 2
            samples += int(row["n"])
    assert samples == toy.manifest.counts.samples


def test_scalar_properties_are_columns_of_their_own(tiny: Dataset, tmp_path: Path) -> None:
    made = export_dataset(tiny, ExportFormat.M2, tmp_path / "export")
    spaces = {row["id"]: row for row in read_csv(made.folder, "nodes/Space.csv")}
    for node in tiny.nodes().to_pylist():
        if node["type"] == "Space":
            properties = json.loads(node["properties"])
            row = spaces[node["id"]]
            assert float(row["area_m2"]) == properties["area_m2"]
            assert int(row["capacity"]) == properties["capacity"]
