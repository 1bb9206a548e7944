"""P2 in a real PostgreSQL: what its documents hold, and that its counts miss nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import DAY, EDGE_SCHEMA, EPOCH, NODE_SCHEMA, Relation
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import write_dataset
from basetype_benchmark.errors import CountMismatch
from basetype_benchmark.infrastructure.clients.postgres_client import PostgresConnection, connect
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.loaders.base import check_counts
from basetype_benchmark.loaders.postgres.document import DOCUMENTS
from basetype_benchmark.loaders.postgres.graph_and_series import PostgresLoader
from basetype_benchmark.progress import SILENT
from tests.integration.exported import build_odd
from tests.toy import build_toy

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture
def loader(postgres_service: Service) -> Iterator[PostgresLoader]:
    loader = PostgresLoader(postgres_service, DOCUMENTS)
    loader.clear()
    yield loader
    loader.clear()


@pytest.fixture
def connection(postgres_service: Service) -> Iterator[PostgresConnection]:
    with connect(postgres_service.endpoint, statement_timeout_s=30) as connection:
        yield connection


def test_a_load_names_its_phases_and_what_they_wrote(loader: PostgresLoader, toy: Dataset) -> None:
    load = loader.load(toy, SILENT)
    counts = toy.manifest.counts
    assert {phase.name: phase.items for phase in load.phases} == {
        "graph schema": None,
        "graph": sum(counts.nodes.values()),
        "graph keys and indexes": None,
        "series schema": None,
        "series": counts.samples,
        "series index": None,
        "statistics": None,
    }
    assert load.size_bytes is not None
    assert load.size_bytes > 0
    check_counts("P2", loader.count(), counts)


def test_nothing_but_id_type_and_document_is_a_column(
    loader: PostgresLoader, toy: Dataset, connection: PostgresConnection
) -> None:
    loader.load(toy, SILENT)
    columns = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'btb' AND table_name = 'entity' ORDER BY ordinal_position"
    ).fetchall()
    assert columns == [("id", "text"), ("type", "text"), ("doc", "jsonb")]
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'btb' AND tablename !~ '^sample'"
    ).fetchall()
    assert tables == [("entity",)]


def test_any_text_is_stored_to_the_letter(
    loader: PostgresLoader, connection: PostgresConnection, tmp_path: Path
) -> None:
    odd = build_odd(tmp_path)
    loader.load(odd, SILENT)
    found = connection.execute("SELECT id, doc ->> 'name' FROM entity").fetchall()
    assert dict(found) == {row["id"]: row["name"] for row in odd.nodes().to_pylist()}


def test_two_media_between_the_same_ends_are_two_relations(
    loader: PostgresLoader, tmp_path: Path
) -> None:
    dataset = write_feeds(tmp_path / "dataset", ["air", "electricity", "chilled_water"])
    loader.load(dataset, SILENT)
    assert loader.count().edges == dict.fromkeys(Relation, 0) | {Relation.FEEDS: 3}


def test_a_relation_without_a_medium_is_counted(loader: PostgresLoader, tmp_path: Path) -> None:
    dataset = write_feeds(tmp_path / "dataset", [None])
    loader.load(dataset, SILENT)
    check_counts("P2", loader.count(), dataset.manifest.counts)


LOSSES: dict[str, Callable[[PostgresConnection], object]] = {
    "edges HAS_PART": lambda connection: connection.execute(
        "UPDATE entity SET doc = doc #- '{has_part,0}' WHERE id = 'b01.f02.s02.rack1'"
    ),
    "nodes Tenant": lambda connection: connection.execute(
        "DELETE FROM entity WHERE id = 'b01.t02'"
    ),
    "samples": lambda connection: connection.execute(
        "DELETE FROM sample WHERE point_id = 'b01.ahu1.fan1.run'"
    ),
}


@pytest.mark.parametrize("told", LOSSES)
def test_what_is_lost_is_told(
    loader: PostgresLoader, toy: Dataset, connection: PostgresConnection, told: str
) -> None:
    loader.load(toy, SILENT)
    LOSSES[told](connection)
    with pytest.raises(CountMismatch, match=told):
        check_counts("P2", loader.count(), toy.manifest.counts)


def test_a_target_is_found_from_its_source_and_back_by_an_index(
    loader: PostgresLoader, toy: Dataset, connection: PostgresConnection
) -> None:
    """The planner may prefer a scan of so small a table; here it is asked whether it has to."""
    loader.load(toy, SILENT)
    connection.execute("SET enable_seqscan = off")
    back = plan(connection, """SELECT id FROM entity WHERE doc @> '{"serves": ["b01.f01.s01"]}'""")
    assert "entity_doc_idx" in back
    there = plan(
        connection,
        "SELECT target.id FROM entity AS source JOIN entity AS target ON target.id = ANY "
        "(ARRAY(SELECT jsonb_array_elements_text(source.doc -> 'serves'))) "
        "WHERE source.id = 'b01.ahu1'",
    )
    assert there.count("entity_pkey") == 2


def plan(connection: PostgresConnection, query: str) -> str:
    rows = connection.execute(f"EXPLAIN {query}".encode()).fetchall()
    return "\n".join(line for (line,) in rows)


def write_feeds(folder: Path, media: list[str | None]) -> Dataset:
    """Two pieces of equipment, the first feeding the second with each of the media."""
    nodes = [{"id": name, "type": "Equipment", "name": name} for name in ("b01.a", "b01.b")]
    edges = [
        {"src_id": "b01.a", "dst_id": "b01.b", "rel_type": "FEEDS", "medium": medium}
        for medium in media
    ]
    return write_dataset(
        folder,
        profile="feeds-2d",
        seed=0,
        start=EPOCH,
        end=EPOCH + 2 * DAY,
        graph=Graph(
            nodes=pa.Table.from_pylist(nodes, schema=NODE_SCHEMA),
            edges=pa.Table.from_pylist(edges, schema=EDGE_SCHEMA),
            ghosts=(),
        ),
        series=(),
    )
