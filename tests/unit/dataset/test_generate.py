"""Generation: determinism, interruption."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import psutil
import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.manifest import GENERATOR_VERSION, MANIFEST_NAME, read_manifest
from basetype_benchmark.dataset.parts import part_path
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.storage import local_storage
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.dataset.writer import only_writer
from basetype_benchmark.errors import DatasetError, DiskFull, HostError
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.progress import SilentProgress, Task

PATIENCE_S = 60.0

# What tiny-2d with seed 42 is. When the generator changes on purpose, datasets made before and
# after are not the same any more: raise GENERATOR_VERSION and put here both, with the fingerprint
# that the failing test shows. A change that was to keep the data as they are must not touch it.
GOLDEN = ("1", "3fa22966d7618351964739ba5f3175c831019ea2")


def test_the_dataset_is_the_one_published(tiny: Dataset):
    assert (GENERATOR_VERSION, tiny.fingerprint) == GOLDEN


def test_two_workers_make_what_one_makes(tiny: Dataset, tmp_path: Path):
    again = generate_dataset(find_profile("tiny-2d"), 42, tmp_path / "two", workers=2)
    assert again.fingerprint == tiny.fingerprint
    assert again.manifest.counts == tiny.manifest.counts


def test_another_seed_makes_another_dataset(tiny: Dataset, tmp_path: Path):
    other = generate_dataset(find_profile("tiny-2d"), 43, tmp_path / "other", workers=1)
    assert other.fingerprint != tiny.fingerprint


def test_every_point_has_a_sample_every_day(points: pl.DataFrame, samples: pl.DataFrame):
    days = samples.group_by("point_id").agg(pl.col("day").n_unique())
    assert set(days["point_id"]) == set(points["id"])
    assert set(days["day"]) == {2}


def test_manifest_counts_what_is_there(tiny: Dataset, samples: pl.DataFrame):
    assert tiny.manifest.counts.samples == samples.height
    assert tiny.manifest.size_bytes == sum(
        path.stat().st_size for path in tiny.folder.rglob("*.parquet")
    )


def test_complete_dataset_is_not_overwritten_unasked(tiny: Dataset):
    with pytest.raises(DatasetError, match="already holds a complete dataset"):
        generate_dataset(find_profile("tiny-2d"), 42, tiny.folder, workers=1)


class _Interrupted(SilentProgress):
    """Presses Ctrl-C when the first part is done."""

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        yield _CtrlC()


class _CtrlC:
    def advance(self, amount: float = 1) -> None:
        raise KeyboardInterrupt


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted_generation_leaves_an_incomplete_dataset(
    workers: int, tiny: Dataset, tmp_path: Path
):
    folder = tmp_path / "stopped"
    profile = find_profile("tiny-2d")
    with pytest.raises(KeyboardInterrupt):
        generate_dataset(profile, 42, folder, workers=workers, progress=_Interrupted())
    assert list(folder.rglob("part-0.parquet"))
    with pytest.raises(DatasetError, match="did not finish"):
        read_manifest(folder)
    again = generate_dataset(profile, 42, folder, workers=1)
    assert again.fingerprint == tiny.fingerprint


def test_stray_files_of_an_interrupted_run_are_cleared(tiny: Dataset, tmp_path: Path):
    folder = tmp_path / "stopped"
    stray = part_path(folder, "b07", date(2024, 1, 1))
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half")
    assert generate_dataset(find_profile("tiny-2d"), 42, folder, workers=1).fingerprint
    assert not stray.exists()


@pytest.mark.root
@pytest.mark.parametrize("workers", [1, 2])
def test_full_disk_is_one_line_and_leaves_no_manifest(
    workers: int, small_disk: Callable[[str], Path]
):
    folder = small_disk("400k") / "tiny-2d"  # half of what tiny-2d takes
    with pytest.raises(DiskFull, match=r"the disk that holds .* is full") as raised:
        generate_dataset(find_profile("tiny-2d"), 42, folder, workers=workers)
    assert "\n" not in str(raised.value)
    assert not (folder / MANIFEST_NAME).exists()


class _WorkerKiller(SilentProgress):
    """Kills every worker process when the first part is done."""

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        yield self

    def advance(self, amount: float = 1) -> None:
        for child in psutil.Process().children():
            if "forkserver" in " ".join(child.cmdline()):  # not a database server of other tests
                for worker in child.children():
                    worker.kill()


def test_killed_worker_is_a_host_error_and_what_it_wrote_is_kept(week: Dataset, tmp_path: Path):
    folder = tmp_path / "dead"
    profile = find_profile("tiny-1w")  # long enough that at the first part, some is left to make
    with pytest.raises(HostError, match="fewer than 2 --workers"):
        generate_dataset(profile, 42, folder, workers=2, progress=_WorkerKiller())
    assert not (folder / MANIFEST_NAME).exists()
    written = {path: path.stat().st_mtime_ns for path in folder.rglob("part-0.parquet")}
    assert written
    assert generate_dataset(profile, 42, folder, workers=1).fingerprint == week.fingerprint
    assert {path: path.stat().st_mtime_ns for path in written} == written


def test_parts_of_another_seed_are_made_again(tmp_path: Path):
    folder = tmp_path / "reused"
    profile = find_profile("tiny-2d")
    other = generate_dataset(profile, 43, tmp_path / "other", workers=1)
    generate_dataset(profile, 42, folder, workers=1)
    (folder / MANIFEST_NAME).unlink()
    assert generate_dataset(profile, 43, folder, workers=1).fingerprint == other.fingerprint


def test_torn_part_is_made_again(tiny: Dataset, tmp_path: Path):
    folder = tmp_path / "torn"
    shutil.copytree(tiny.folder, folder)
    (folder / MANIFEST_NAME).unlink()
    torn = next(folder.rglob("part-0.parquet"))
    torn.write_bytes(torn.read_bytes()[:-9])
    again = generate_dataset(find_profile("tiny-2d"), 42, folder, workers=1)
    assert again.fingerprint == tiny.fingerprint
    assert verify_dataset(folder).fingerprint == tiny.fingerprint


def test_second_writer_of_a_folder_is_refused(tiny: Dataset, tmp_path: Path):
    storage = local_storage(tmp_path / "shared")
    with only_writer(storage), pytest.raises(DatasetError, match="another process is writing"):
        generate_dataset(find_profile("tiny-2d"), 42, tmp_path / "shared", workers=1)
    again = generate_dataset(find_profile("tiny-2d"), 42, tmp_path / "shared", workers=1)
    assert again.fingerprint == tiny.fingerprint


def test_workers_end_when_their_parent_is_killed(tmp_path: Path):
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from basetype_benchmark.config.profiles import find_profile\n"
        "from basetype_benchmark.dataset.generation import generate_dataset\n"
        "if __name__ == '__main__':\n"
        "    generate_dataset(find_profile('small-1w'), 42, Path(sys.argv[1]), workers=2)\n"
    )
    path = tmp_path / "main.py"
    path.write_text(script)
    folder = tmp_path / "orphaned"
    parent = subprocess.Popen([sys.executable, str(path), str(folder)])
    try:
        wait_until(
            "a part",
            lambda: None if any(folder.glob("timeseries/*/*/*.parquet")) else "none is written",
            deadline_s=PATIENCE_S,
        )
        children = [child.pid for child in psutil.Process(parent.pid).children(recursive=True)]
        assert len(children) >= 3  # a fork server and two workers
    finally:
        parent.kill()
        parent.wait()
    wait_until(
        "the end of the workers",
        lambda: "some are alive" if any(map(_is_alive, children)) else None,
        deadline_s=PATIENCE_S,
    )
    assert not (folder / MANIFEST_NAME).exists()


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
