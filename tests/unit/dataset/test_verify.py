"""Verification finds what is wrong with a dataset, and where."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from basetype_benchmark.dataset.manifest import MANIFEST_NAME
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.errors import DatasetError


def first_part(dataset: Dataset) -> Path:
    return dataset.series_files()[0]


def rewrite(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path, use_dictionary=["point_id"])


def read(path: Path) -> pa.Table:
    return pq.ParquetFile(path, read_dictionary=["point_id"]).read()


def test_sound_dataset_passes(tiny: Dataset):
    report = verify_dataset(tiny.folder)
    assert report.fingerprint == tiny.fingerprint
    assert report.counts == tiny.manifest.counts
    assert report.parts == 4
    assert report.points_with_samples == tiny.manifest.counts.nodes["Point"]


def test_other_parquet_layout_passes(tiny_copy: Dataset):
    for path in tiny_copy.series_files():
        table = read(path)
        half = table.num_rows // 2
        pq.write_table(table.slice(0, half), path, compression="snappy", row_group_size=1000)
        pq.write_table(table.slice(half), path.with_name("part-1.parquet"), compression="none")
    assert verify_dataset(tiny_copy.folder).fingerprint == tiny_copy.fingerprint


def test_truncated_file_is_named(tiny_copy: Dataset):
    path = first_part(tiny_copy)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DatasetError, match="damaged") as raised:
        verify_dataset(tiny_copy.folder)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_flipped_byte_is_found_and_named(tiny_copy: Dataset):
    path = first_part(tiny_copy)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)
    with pytest.raises(DatasetError) as raised:
        verify_dataset(tiny_copy.folder)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("name", ["nodes.parquet", "edges.parquet"])
def test_damaged_graph_is_named(name: str, tiny_copy: Dataset):
    (tiny_copy.folder / name).write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(DatasetError, match=name):
        verify_dataset(tiny_copy.folder)


def test_missing_part_is_named(tiny_copy: Dataset):
    path = first_part(tiny_copy)
    path.unlink()
    with pytest.raises(DatasetError, match="is missing") as raised:
        verify_dataset(tiny_copy.folder)
    assert str(path) in str(raised.value)


def test_changed_value_is_found(tiny_copy: Dataset):
    path = first_part(tiny_copy)
    table = read(path)
    changed = table.set_column(2, table.schema.field(2), pc.add(table.column("value"), 1e-6))
    rewrite(path, changed)
    with pytest.raises(DatasetError, match="fingerprint"):
        verify_dataset(tiny_copy.folder)


def test_unsorted_samples_are_found(tiny_copy: Dataset):
    path = first_part(tiny_copy)
    table = read(path)
    rewrite(path, table.take(list(reversed(range(table.num_rows)))))
    with pytest.raises(DatasetError, match="not sorted"):
        verify_dataset(tiny_copy.folder)


def test_lost_sample_is_found(tiny_copy: Dataset):
    path = first_part(tiny_copy)
    rewrite(path, read(path).slice(1))
    with pytest.raises(
        DatasetError, match=f"samples {tiny_copy.manifest.counts.samples - 1} instead of"
    ):
        verify_dataset(tiny_copy.folder)


def test_samples_of_another_day_are_found(tiny_copy: Dataset):
    first, second = tiny_copy.series_files()[:2]
    second.write_bytes(first.read_bytes())
    with pytest.raises(DatasetError, match="other days"):
        verify_dataset(tiny_copy.folder)


def test_samples_of_no_point_are_found(tiny_copy: Dataset):
    path = tiny_copy.folder / "nodes.parquet"
    nodes = pq.read_table(path)
    point = tiny_copy.nodes().filter(pc.equal(nodes.column("point_type"), "energy_total"))
    gone = point.column("id")[0].as_py()
    pq.write_table(nodes.filter(pc.not_equal(nodes.column("id"), gone)), path)
    edges_path = tiny_copy.folder / "edges.parquet"
    edges = pq.read_table(edges_path)
    pq.write_table(edges.filter(pc.not_equal(edges.column("dst_id"), gone)), edges_path)
    with pytest.raises(DatasetError, match="which is no point") as raised:
        verify_dataset(tiny_copy.folder)
    assert repr(gone) in str(raised.value)


def test_relation_to_nothing_is_found(tiny_copy: Dataset):
    path = tiny_copy.folder / "nodes.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(DatasetError, match="nodes that do not exist"):
        verify_dataset(tiny_copy.folder)


def test_incomplete_dataset_is_refused(tiny_copy: Dataset):
    (tiny_copy.folder / MANIFEST_NAME).unlink()
    with pytest.raises(DatasetError, match="incomplete"):
        verify_dataset(tiny_copy.folder)
