"""P1 and P2 exports go into a real PostgreSQL with their own scripts, and nothing is lost."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from basetype_benchmark.dataset.export.exporter import export_dataset
from basetype_benchmark.dataset.export.manifest import ExportFormat
from basetype_benchmark.dataset.export.relational.layout import (
    JUNCTIONS,
    NODE_TABLES,
    RELATION_COLUMNS,
)
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.services.postgres_cluster import find_postgres_binaries
from tests.integration.exported import build_odd, build_tiny
from tests.toy import build_toy

pytestmark = pytest.mark.servers

DATABASE = "export"
Load = Callable[[Path], "psycopg.Connection[Any]"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_tiny(tmp_path_factory.mktemp("datasets"))


@pytest.fixture
def load(postgres_service: LocalService) -> Iterator[Load]:
    """Runs ``load.sql`` of a folder as a user would, in an empty database, and connects to that."""
    endpoint = postgres_service.endpoint
    place = ["-h", endpoint.host, "-p", str(endpoint.port), "-U", endpoint.user]
    connections: list[psycopg.Connection[Any]] = []

    def connect(database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=endpoint.host,
            port=endpoint.port,
            user=endpoint.user,
            dbname=database,
            autocommit=True,
        )

    def run(folder: Path) -> psycopg.Connection[Any]:
        done = subprocess.run(
            [
                find_postgres_binaries() / "psql",
                "-X",
                "-q",
                *place,
                "-d",
                DATABASE,
                "-f",
                "load.sql",
            ],
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        connections.append(connect(DATABASE))
        return connections[0]

    with connect(endpoint.database) as admin:
        admin.execute(f"CREATE DATABASE {DATABASE}")
        try:
            yield run
        finally:
            for connection in connections:
                connection.close()
            admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def rows(connection: "psycopg.Connection[Any]", query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query.encode()).fetchall()


def number(connection: "psycopg.Connection[Any]", query: str) -> int:
    ((found,),) = rows(connection, query)
    return int(found)


def samples_of(dataset: Dataset) -> list[tuple[Any, ...]]:
    return sorted(
        (row["point_id"], row["time"], row["value"])
        for batch in dataset.series_batches()
        for row in batch.to_pylist()
    )


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzip"])
def test_the_relational_tables_hold_the_counts_of_the_dataset(
    tiny: Dataset, load: Load, gzip: bool, tmp_path: Path
) -> None:
    connection = load(export_dataset(tiny, ExportFormat.P1, tmp_path / "p1", gzip=gzip).folder)
    stated = tiny.manifest.counts
    tables = {table.type: table.table for table in NODE_TABLES}
    nodes = {kind: number(connection, f"SELECT count(*) FROM {tables[kind]}") for kind in NodeType}
    assert {kind: count for kind, count in nodes.items() if count} == stated.nodes
    found: dict[str, int] = {}
    for junction in JUNCTIONS:
        count = number(connection, f"SELECT count(*) FROM {junction.table}")
        found[junction.relation] = found.get(junction.relation, 0) + count
    for column in RELATION_COLUMNS:
        count = number(connection, f"SELECT count({column.column}) FROM {tables[column.holder]}")
        found[column.relation] = found.get(column.relation, 0) + count
    assert found == stated.edges
    assert number(connection, "SELECT count(*) FROM sample") == stated.samples
    assert number(connection, "SELECT count(*) FROM ONLY sample") == 0
    assert (
        number(connection, "SELECT count(DISTINCT point_id) FROM sample") == stated.nodes["Point"]
    )


def test_the_documents_hold_the_counts_of_the_dataset(
    tiny: Dataset, load: Load, tmp_path: Path
) -> None:
    connection = load(export_dataset(tiny, ExportFormat.P2, tmp_path / "p2").folder)
    stated = tiny.manifest.counts
    by_type = rows(connection, "SELECT type, count(*) FROM entity GROUP BY type")
    assert dict(by_type) == stated.nodes
    for relation, expected in stated.edges.items():
        key = relation.lower()
        pairs = f"SELECT jsonb_array_elements_text(doc->'{key}') FROM entity WHERE doc ? '{key}'"
        assert number(connection, f"SELECT count(*) FROM ({pairs}) pair") == expected
    assert number(connection, "SELECT count(*) FROM sample") == stated.samples


@pytest.mark.parametrize("export_format", [ExportFormat.P1, ExportFormat.P2])
def test_every_sample_is_there_to_the_last_digit(
    export_format: ExportFormat, load: Load, tmp_path: Path
) -> None:
    toy = build_toy(tmp_path / "toy")
    connection = load(export_dataset(toy, export_format, tmp_path / "export").folder)
    found = rows(connection, "SELECT point_id, time, value FROM sample")
    assert sorted(found) == samples_of(toy)


def test_any_text_comes_back_from_the_relational_tables(load: Load, tmp_path: Path) -> None:
    odd = build_odd(tmp_path)
    connection = load(export_dataset(odd, ExportFormat.P1, tmp_path / "p1").folder)
    found = rows(connection, "SELECT id, name, properties FROM space")
    expected = odd.nodes().to_pylist()
    assert sorted(found, key=str) == sorted(
        ((row["id"], row["name"], read_json(row["properties"])) for row in expected), key=str
    )


def test_any_text_comes_back_from_the_documents(load: Load, tmp_path: Path) -> None:
    odd = build_odd(tmp_path)
    connection = load(export_dataset(odd, ExportFormat.P2, tmp_path / "p2").folder)
    found = dict(rows(connection, "SELECT id, doc FROM entity"))
    for row in odd.nodes().to_pylist():
        document = found.pop(row["id"])
        assert document["name"] == row["name"]
        assert document.get("properties") == read_json(row["properties"])
    assert found == {}


def read_json(text: str | None) -> Any:
    return None if text is None else json.loads(text)
