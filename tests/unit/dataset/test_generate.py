"""Generation: determinism, interruption."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset import generate, parts
from basetype_benchmark.dataset.generate import generate_dataset
from basetype_benchmark.dataset.manifest import MANIFEST_NAME, read_manifest
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError, DiskFull, HostError
from basetype_benchmark.progress import SilentProgress, Task

_SCRIPT = """
import sys
from pathlib import Path
from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generate import generate_dataset
print(generate_dataset(find_profile("tiny-2d"), 42, Path(sys.argv[1]), workers=1).fingerprint)
"""


# What tiny-2d with seed 42 is. When the generator changes on purpose, datasets made before and
# after are not the same any more: raise the version in pyproject.toml (a manifest carries it as
# `generator_version`), and put here the fingerprint that the failing test shows. A change that was
# to keep the data as they are must not touch it.
GOLDEN_FINGERPRINT = "886a3527999203a3b66882c2e17c179f6f3dfc79"


def test_the_dataset_is_the_one_published(tiny: Dataset):
    assert tiny.fingerprint == GOLDEN_FINGERPRINT


def test_two_workers_make_what_one_makes(tiny: Dataset, tmp_path: Path):
    again = generate_dataset(find_profile("tiny-2d"), 42, tmp_path / "two", workers=2)
    assert again.fingerprint == tiny.fingerprint
    assert again.manifest.counts == tiny.manifest.counts


def test_another_process_with_other_hashes_makes_the_same(tiny: Dataset, tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path / "other")],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == tiny.fingerprint


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
    with pytest.raises(DatasetError, match="incomplete"):
        read_manifest(folder)
    again = generate_dataset(profile, 42, folder, workers=1)
    assert again.fingerprint == tiny.fingerprint


def test_stray_files_of_an_interrupted_run_are_cleared(tiny: Dataset, tmp_path: Path):
    folder = tmp_path / "stopped"
    stray = parts.part_path(folder, "b07", date(2024, 1, 1))
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


def test_killed_worker_is_a_host_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(generate, "_work", _die)
    with pytest.raises(HostError, match="fewer than 2 --workers"):
        generate_dataset(find_profile("tiny-2d"), 42, tmp_path / "dead", workers=2)
    assert not (tmp_path / "dead" / MANIFEST_NAME).exists()


def _die(job: object) -> None:
    os._exit(9)


def test_workers_end_when_their_parent_is_killed(tmp_path: Path):
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from basetype_benchmark.config.profiles import find_profile\n"
        "from basetype_benchmark.dataset.generate import generate_dataset\n"
        "if __name__ == '__main__':\n"
        "    generate_dataset(find_profile('small-1w'), 42, Path(sys.argv[1]), workers=2)\n"
    )
    path = tmp_path / "main.py"
    path.write_text(script)
    folder = tmp_path / "orphaned"
    parent = subprocess.Popen([sys.executable, str(path), str(folder)])
    try:
        _wait_for(lambda: any(folder.glob("timeseries/*/*/*.parquet")))
        children = _children_of(parent.pid)
        assert children
    finally:
        parent.kill()
        parent.wait()
    _wait_for(lambda: not any(_is_alive(child) for child in children))
    assert not (folder / MANIFEST_NAME).exists()


def _wait_for(condition: Callable[[], bool], deadline_s: float = 60) -> None:
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(0.05)


def _children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
