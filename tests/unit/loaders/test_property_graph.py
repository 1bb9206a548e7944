from collections import Counter
from datetime import date

import pytest

from basetype_benchmark.dataset.chunks import chunks
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.loaders.property_graph import (
    COUNT_NODES,
    COUNT_RELATIONSHIPS,
    chunk_batches,
    chunk_lists,
    create_nodes,
    create_relationships,
    node_batches,
    relationship_batches,
    row_lists,
)
from tests.toy import build_toy

EPOCH_DAY = date(1970, 1, 1)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.mark.parametrize("rows", [1, 3, 10_000])
def test_batches_hold_every_node_and_relationship_once(toy: Dataset, rows: int) -> None:
    nodes: Counter[str] = Counter()
    for batch in node_batches(toy, rows=rows):
        assert 0 < batch.rows.num_rows <= rows
        nodes[batch.label.value] += len(row_lists(batch.rows))
    edges: Counter[str] = Counter()
    for found in relationship_batches(toy, rows=rows):
        assert 0 < found.rows.num_rows <= rows
        edges[found.relation.value] += len(row_lists(found.rows))
    assert nodes == toy.manifest.counts.nodes
    assert edges == toy.manifest.counts.edges


@pytest.mark.parametrize("samples", [1, 30, 1_000_000])
def test_chunks_are_whole_whatever_the_size_of_a_batch(toy: Dataset, samples: int) -> None:
    whole = [
        [
            row["point_id"],
            (row["day"] - EPOCH_DAY).days * 86_400,
            row["n"],
            row["timestamps"],
            row["values"],
        ]
        for batch in chunks(toy.series_batches())
        for row in batch.to_pylist()
    ]
    batches = [chunk_lists(batch) for batch in chunk_batches(toy, samples=samples)]
    assert [row for batch in batches for row in batch] == whole
    assert all(len(b) == 1 or sum(row[2] for row in b) <= samples for b in batches)


def test_the_statements_name_every_column_by_its_place(toy: Dataset) -> None:
    for batch in node_batches(toy, rows=10):
        names = batch.rows.column_names
        text = create_nodes(batch)
        assert text.startswith(f"UNWIND $rows AS r CREATE (:{batch.label} {{`id`: r[0], ")
        assert all(f"`{name}`: r[{place}]" in text for place, name in enumerate(names))
    for found in relationship_batches(toy, rows=10):
        text = create_relationships(found)
        assert found.rows.column_names[:2] == ["src_id", "dst_id"]
        assert "src_id" not in text
        assert all(f"`{name}`: r[" in text for name in found.rows.column_names[2:])
        assert f"(a:{found.source} {{id: r[0]}}), (b:{found.target} {{id: r[1]}})" in text


def test_every_label_and_type_of_the_manifest_can_be_counted(toy: Dataset) -> None:
    assert toy.manifest.counts.nodes.keys() <= COUNT_NODES.keys()
    assert toy.manifest.counts.edges.keys() <= COUNT_RELATIONSHIPS.keys()
