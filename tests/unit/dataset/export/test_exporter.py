"""Every format: the same bytes each time, counted against the dataset, whole or not there."""

import csv
import io
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from basetype_benchmark.dataset.export.exporter import Export, export_dataset
from basetype_benchmark.dataset.export.manifest import ExportFormat, read_export
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.storage import local_storage
from basetype_benchmark.dataset.writer import only_writer
from basetype_benchmark.errors import DatasetError, DiskFull, UsageError
from basetype_benchmark.progress import SILENT, Task
from tests.toy import build_toy
from tests.unit.dataset.export.files import describe_folder, read_data, read_folder

FORMATS = tuple(ExportFormat)
WITH_SERIES = (ExportFormat.P1, ExportFormat.P2, ExportFormat.M1, ExportFormat.O1)

each_format = pytest.mark.parametrize("export_format", FORMATS)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture(scope="module")
def tiny_export(
    tiny: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[ExportFormat], Export]:
    """Exports of tiny-2d, each made once; the tests do not change them."""
    parent = tmp_path_factory.mktemp("exports")
    return lambda export_format: export_dataset(tiny, export_format, parent / export_format)


@each_format
def test_a_toy_building_is_written_as_it_was(
    toy: Dataset, export_format: ExportFormat, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    made = export_dataset(toy, export_format, tmp_path / "export")
    golden(f"exports/{export_format}.txt", describe_folder(made.folder))


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzip"])
@each_format
def test_the_same_dataset_gives_the_same_bytes(
    toy: Dataset, export_format: ExportFormat, gzip: bool, tmp_path: Path
) -> None:
    first = export_dataset(toy, export_format, tmp_path / "first", gzip=gzip)
    second = export_dataset(toy, export_format, tmp_path / "second", gzip=gzip)
    assert first.is_new
    assert second.is_new
    assert read_folder(first.folder) == read_folder(second.folder)


@each_format
def test_compressed_data_are_the_same_data(
    toy: Dataset, export_format: ExportFormat, tmp_path: Path
) -> None:
    plain = export_dataset(toy, export_format, tmp_path / "plain")
    packed = export_dataset(toy, export_format, tmp_path / "packed", gzip=True)
    assert packed.manifest.counts == plain.manifest.counts
    data = [file for file in plain.manifest.files if file.rows is not None]
    assert data
    for file in data:
        assert read_data(packed.folder, file.name) == (plain.folder / file.name).read_bytes()
    names = {file.name for file in packed.manifest.files}
    assert names >= {f"{file.name}.gz" for file in data}


@each_format
def test_the_manifest_lists_the_files_and_the_counts_of_the_dataset(
    tiny: Dataset, tiny_export: Callable[[ExportFormat], Export], export_format: ExportFormat
) -> None:
    made = tiny_export(export_format)
    found, stated = made.manifest.counts, tiny.manifest.counts
    assert (found.nodes, found.edges) == (stated.nodes, stated.edges)
    assert found.samples == (stated.samples if export_format in WITH_SERIES else None)
    has_chunks = export_format in (ExportFormat.M1, ExportFormat.O1)
    assert found.chunks == (2 * stated.nodes["Point"] if has_chunks else None)
    lying = {name: len(content) for name, content in read_folder(made.folder).items()}
    del lying["export.json"]
    assert {file.name: file.size_bytes for file in made.manifest.files} == lying


def csv_rows(text: str) -> list[list[str]]:
    _, *rows = csv.reader(io.StringIO(text))
    return rows


def count_csv_rows(folder: Path, pattern: str) -> int:
    return sum(len(csv_rows(path.read_text("utf-8"))) for path in folder.glob(pattern))


def test_the_tables_hold_every_node_relation_and_sample(
    tiny: Dataset, tiny_export: Callable[[ExportFormat], Export]
) -> None:
    stated = tiny.manifest.counts
    for export_format in (ExportFormat.P1, ExportFormat.P2):
        folder = tiny_export(export_format).folder
        assert count_csv_rows(folder, "sample/*/*.csv") == stated.samples
    p1, p2 = tiny_export(ExportFormat.P1).folder, tiny_export(ExportFormat.P2).folder
    for kind, count in stated.nodes.items():
        assert count_csv_rows(p1, f"{kind.lower()}.csv") == count
    assert count_csv_rows(p2, "entity.csv") == sum(stated.nodes.values())


def test_the_property_graph_holds_every_node_relation_and_chunk(
    tiny: Dataset, tiny_export: Callable[[ExportFormat], Export]
) -> None:
    stated = tiny.manifest.counts
    for export_format in (ExportFormat.M1, ExportFormat.M2):
        folder = tiny_export(export_format).folder
        for label, count in stated.nodes.items():
            assert count_csv_rows(folder, f"nodes/{label}.csv") == count
        for relation, count in stated.edges.items():
            assert count_csv_rows(folder, f"relationships/{relation}_*.csv") == count
    assert not (tiny_export(ExportFormat.M2).folder / "chunks").exists()
    chunks = [
        row
        for path in (tiny_export(ExportFormat.M1).folder / "chunks").glob("*/*.csv")
        for row in csv_rows(path.read_text("utf-8"))
    ]
    assert len(chunks) == 2 * stated.nodes["Point"]
    assert sum(int(row[2]) for row in chunks) == stated.samples


def test_the_triples_hold_every_node_relation_and_chunk(
    tiny: Dataset, tiny_export: Callable[[ExportFormat], Export]
) -> None:
    stated = tiny.manifest.counts
    folder = tiny_export(ExportFormat.O1).folder
    predicates: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for line in (folder / "graph.nt").read_text("utf-8").splitlines():
        _, predicate, value = line.split(" ", 2)
        predicates[predicate] += 1
        types[value.removesuffix(" .")] += predicate.endswith("#type>")
    base = "<https://basetype-benchmark.org/ns#"
    assert {kind: types[f"{base}{kind}>"] for kind in stated.nodes} == stated.nodes
    assert predicates[f"{base}hasPoint>"] == stated.edges["HAS_POINT"]
    assert predicates[f"{base}feeds>"] == stated.edges["FEEDS"]
    chunks = "".join(path.read_text("utf-8") for path in (folder / "chunks").glob("*/*.nt"))
    assert chunks.count("#chunkOf>") == 2 * stated.nodes["Point"]
    graph_only = tiny_export(ExportFormat.O2).folder
    assert (graph_only / "graph.nt").read_bytes() == (folder / "graph.nt").read_bytes()


@each_format
def test_an_export_that_is_there_is_not_made_again(
    toy: Dataset, export_format: ExportFormat, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    export_dataset(toy, export_format, folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    again = export_dataset(toy, export_format, folder)
    assert not again.is_new
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert export_dataset(toy, export_format, folder, overwrite=True).is_new


def cut_a_file(folder: Path) -> None:
    (folder / "graph.nt").write_bytes(b"")


def remove_a_file(folder: Path) -> None:
    (folder / "graph.nt").unlink()


def age(folder: Path) -> None:
    path = folder / "export.json"
    path.write_text(path.read_text().replace('"export_version": 1', '"export_version": 0'))


def swap_the_dataset(folder: Path) -> None:
    path = folder / "export.json"
    path.write_text(path.read_text().replace('"fingerprint": "', '"fingerprint": "0'))


@pytest.mark.parametrize("change", [cut_a_file, remove_a_file, age, swap_the_dataset])
def test_an_export_that_is_damaged_or_outdated_is_made_again(
    toy: Dataset, change: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    whole = read_folder(export_dataset(toy, ExportFormat.O2, folder).folder)
    change(folder)
    assert export_dataset(toy, ExportFormat.O2, folder).is_new
    assert read_folder(folder) == whole


def test_another_format_or_compression_replaces_what_is_there(toy: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    export_dataset(toy, ExportFormat.P1, folder)
    export_dataset(toy, ExportFormat.O2, folder)
    assert set(read_folder(folder)) == {"export.json", "graph.nt"}
    assert export_dataset(toy, ExportFormat.O2, folder, gzip=True).is_new
    assert set(read_folder(folder)) == {"export.json", "graph.nt.gz"}


def test_a_folder_that_is_no_export_is_refused_and_kept(toy: Dataset, tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work")
    for place in (mine.parent, mine):
        with pytest.raises(UsageError, match="it is not an export") as caught:
            export_dataset(toy, ExportFormat.O2, place, overwrite=True)
        assert "\n" not in str(caught.value)
    assert read_folder(tmp_path) == {"mine/thesis.txt": b"years of work"}


def test_an_empty_folder_is_taken(toy: Dataset, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    assert export_dataset(toy, ExportFormat.O2, tmp_path / "export").is_new


class Stop:
    """A `Progress` that does something once all data are written, before the manifest is."""

    def __init__(self, action: Callable[[], None]) -> None:
        self.action = action

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        inner: AbstractContextManager[Task] = SILENT.task(name, total, unit)
        with inner as task:
            yield task
        self.action()

    def note(self, message: str) -> None:
        pass


@each_format
def test_an_interrupted_export_leaves_nothing(
    toy: Dataset, export_format: ExportFormat, tmp_path: Path
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "export"
    with pytest.raises(KeyboardInterrupt):
        export_dataset(toy, export_format, folder, progress=Stop(interrupt))
    assert list(tmp_path.iterdir()) == []
    assert export_dataset(toy, export_format, folder).is_new


def kill_myself(dataset_folder: str, folder: str) -> None:
    """Export in a process of its own, which is killed before the manifest is written."""
    kill = Stop(lambda: os.kill(os.getpid(), signal.SIGKILL))
    export_dataset(open_dataset(Path(dataset_folder)), ExportFormat.P1, Path(folder), progress=kill)


def test_a_killed_export_does_not_pass_for_one_and_is_cleared_away_by_the_next(
    toy: Dataset, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    call = f"from {__name__} import kill_myself; kill_myself({str(toy.folder)!r}, {str(folder)!r})"
    killed = subprocess.run([sys.executable, "-c", call], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir()] == [".export.partial"]
    assert read_export(folder) is None
    assert export_dataset(toy, ExportFormat.P1, folder).is_new
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


@pytest.mark.root
@each_format
def test_a_full_disk_is_told_as_one_and_left_empty(
    tiny: Dataset, export_format: ExportFormat, small_disk: Callable[[str], Path]
) -> None:
    disk = small_disk("300k")
    with pytest.raises(DiskFull, match="is full") as caught:
        export_dataset(tiny, export_format, disk / "export")
    assert "\n" not in str(caught.value)
    assert list(disk.iterdir()) == []


def test_two_exports_do_not_write_to_one_place(toy: Dataset, tmp_path: Path) -> None:
    with (
        only_writer(local_storage(tmp_path)),
        pytest.raises(DatasetError, match="another process is writing"),
    ):
        export_dataset(toy, ExportFormat.O2, tmp_path / "export")


def damage_series(dataset: Dataset) -> Dataset:
    path = dataset.series_files()[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    return dataset


def lose_series(dataset: Dataset) -> Dataset:
    dataset.series_files()[0].unlink()
    return dataset


def lose_a_point(dataset: Dataset) -> Dataset:
    path = dataset.folder / "nodes.parquet"
    nodes = pl.read_parquet(path)
    nodes.filter(pl.col("id") != nodes.filter(pl.col("type") == "Point")["id"][0]).write_parquet(
        path
    )
    return dataset


def add_a_node(dataset: Dataset) -> Dataset:
    path = dataset.folder / "nodes.parquet"
    nodes = pl.read_parquet(path)
    extra = nodes.filter(pl.col("type") == "Tenant").head(1).with_columns(id=pl.lit("z99"))
    pl.concat([nodes, extra]).write_parquet(path)
    return dataset


@pytest.mark.parametrize(
    ("export_format", "damage"),
    [
        *((f, damage) for f in WITH_SERIES for damage in (damage_series, lose_series)),
        *((f, damage) for f in FORMATS for damage in (lose_a_point, add_a_node)),
    ],
)
def test_a_damaged_dataset_is_refused_and_nothing_is_left(
    toy: Dataset,
    export_format: ExportFormat,
    damage: Callable[[Dataset], Dataset],
    tmp_path: Path,
) -> None:
    copy = shutil.copytree(toy.folder, tmp_path / "dataset")
    damaged = damage(replace(toy, folder=Path(copy)))
    place = tmp_path / "exports"
    with pytest.raises(DatasetError) as caught:
        export_dataset(damaged, export_format, place / "export")
    assert "\n" not in str(caught.value)
    assert not place.exists() or list(place.iterdir()) == []
