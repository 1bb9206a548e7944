"""O1 and O2 exports go into a real Oxigraph as they are, and nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from basetype_benchmark.dataset.chunks import chunks
from basetype_benchmark.dataset.export.exporter import export_dataset
from basetype_benchmark.dataset.export.manifest import ExportFormat
from basetype_benchmark.dataset.export.rdf import relation_name
from basetype_benchmark.dataset.partitions import series_partitions
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.local.local_service import LocalService
from tests.integration.exported import build_odd, build_tiny
from tests.toy import build_toy

pytestmark = pytest.mark.servers

PREFIX = "PREFIX btb: <https://basetype-benchmark.org/ns#>\n"


_MEDIA_TYPES = {".nt": "application/n-triples", ".ttl": "text/turtle"}


class Store:
    """The server as a user with an HTTP client sees it."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=120)

    def load(self, folder: Path) -> None:
        """Send every file of triples or Turtle, in its bytes."""
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _MEDIA_TYPES):
            with path.open("rb") as file:
                answer = self._client.post(
                    "/store?default",
                    content=file,
                    headers={"Content-Type": _MEDIA_TYPES[path.suffix]},
                )
            assert answer.is_success, answer.text

    def ask(self, query: str) -> list[dict[str, str]]:
        answer = self._client.post(
            "/query",
            content=(PREFIX + query).encode(),
            headers={
                "Content-Type": "application/sparql-query",
                "Accept": "application/sparql-results+json",
            },
        )
        assert answer.is_success, answer.text
        bindings = answer.json()["results"]["bindings"]
        return [{name: cell["value"] for name, cell in row.items()} for row in bindings]

    def number(self, query: str) -> int:
        (row,) = self.ask(query)
        return int(row["n"])

    def clear(self) -> None:
        answer = self._client.post("/update", data={"update": "CLEAR DEFAULT"})
        assert answer.is_success, answer.text

    def close(self) -> None:
        self.clear()
        self._client.close()


@pytest.fixture
def store(oxigraph_service: LocalService) -> Iterator[Store]:
    endpoint = oxigraph_service.endpoint
    store = Store(f"http://{endpoint.host}:{endpoint.port}")
    store.clear()
    yield store
    store.close()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_tiny(tmp_path_factory.mktemp("datasets"))


def count_types(store: Store) -> dict[str, int]:
    found = store.ask("SELECT ?type (COUNT(?s) AS ?n) { ?s a ?type } GROUP BY ?type")
    base = "https://basetype-benchmark.org/ns#"
    counts = {row["type"]: int(row["n"]) for row in found}
    return {kind[len(base) :]: n for kind, n in counts.items() if kind.startswith(base)}


def check_graph(store: Store, dataset: Dataset) -> None:
    stated = dataset.manifest.counts
    assert {kind: n for kind, n in count_types(store).items() if kind != "Chunk"} == stated.nodes
    for relation, count in stated.edges.items():
        predicate = f"btb:{relation_name(relation)}"
        assert store.number(f"SELECT (COUNT(*) AS ?n) {{ ?a {predicate} ?b }}") == count


def test_the_graph_holds_the_counts_of_the_dataset(
    tiny: Dataset, store: Store, tmp_path: Path
) -> None:
    store.load(export_dataset(tiny, ExportFormat.O2, tmp_path / "o2").folder)
    check_graph(store, tiny)
    assert "Chunk" not in count_types(store)


def test_the_chunks_hold_all_samples_of_the_dataset(
    tiny: Dataset, store: Store, tmp_path: Path
) -> None:
    made = export_dataset(tiny, ExportFormat.O1, tmp_path / "o1")
    store.load(made.folder)
    check_graph(store, tiny)
    assert count_types(store)["Chunk"] == made.manifest.counts.chunks
    samples = store.number("SELECT (SUM(?count) AS ?n) { ?c btb:sampleCount ?count }")
    assert samples == tiny.manifest.counts.samples
    homeless = "?c btb:chunkOf ?point FILTER NOT EXISTS { ?point a btb:Point }"
    assert store.number(f"SELECT (COUNT(*) AS ?n) {{ {homeless} }}") == 0


def test_a_chunk_reads_as_the_samples_of_its_point_and_day(store: Store, tmp_path: Path) -> None:
    toy = build_toy(tmp_path / "toy")
    store.load(export_dataset(toy, ExportFormat.O1, tmp_path / "o1").folder)
    rows = store.ask(
        """SELECT ?id ?day ?times ?values {
            ?chunk btb:chunkOf/btb:id ?id ; btb:day ?day ;
                btb:timestamps ?times ; btb:values ?values
        }"""
    )
    found = {
        (row["id"], row["day"]): [
            [float(text) for text in row[name].split(" ")] for name in ("times", "values")
        ]
        for row in rows
    }
    expected = {
        (row["point_id"], row["day"].isoformat()): [row["timestamps"], row["values"]]
        for partition in series_partitions(toy)
        for batch in chunks(toy.series_batches(partition.files))
        for row in batch.to_pylist()
    }
    assert found == expected


def test_any_text_comes_back(store: Store, tmp_path: Path) -> None:
    odd = build_odd(tmp_path)
    store.load(export_dataset(odd, ExportFormat.O2, tmp_path / "o2").folder)
    found = store.ask("SELECT ?id ?name { ?space a btb:Space ; btb:id ?id ; btb:name ?name }")
    expected = {(row["id"], row["name"]) for row in odd.nodes().to_pylist()}
    assert {(row["id"], row["name"]) for row in found} == expected


def test_a_store_that_reads_turtle_takes_the_brick_export(
    tiny: Dataset, store: Store, tmp_path: Path
) -> None:
    store.load(export_dataset(tiny, ExportFormat.BRICK, tmp_path / "brick").folder)
    brick = "PREFIX brick: <https://brickschema.org/schema/Brick#>"
    points = store.number(
        f"{brick} SELECT (COUNT(DISTINCT ?p) AS ?n) {{ ?owner brick:hasPoint ?p }}"
    )
    assert points == tiny.manifest.counts.nodes["Point"]
