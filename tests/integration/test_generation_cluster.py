"""Generation on a Dask cluster: real processes, killed and lost, and the same content."""

import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Client

from basetype_benchmark.cli.main import run_command
from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset, simulate_dataset
from basetype_benchmark.dataset.generation.dask_cluster import dask_cluster
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.storage import Storage, local_storage, open_storage
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.errors import HostError, UsageError
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.progress import SILENT, Progress, SilentProgress, Task
from tests.integration.dask_processes import Cluster, cluster
from tests.integration.generation import btb, ended, files_of, is_whole, parts_of, wait_for_parts

PROFILE = find_profile("tiny-1w")
NAME = "tiny-1w_seed42"
PATIENCE_S = 2.0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """What this process makes alone."""
    folder = tmp_path_factory.mktemp("undisturbed") / NAME
    return generate_dataset(PROFILE, 42, folder, workers=1)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that tests leave as it is."""
    with cluster(tmp_path_factory.mktemp("dask") / "whole", workers=2) as started:
        yield started


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster to kill something of."""
    with cluster(tmp_path / "dask", workers=2) as started:
        yield started


def simulate(storage: Storage, address: str, progress: Progress = SILENT) -> Manifest:
    return simulate_dataset(
        build_graph(PROFILE, 42),
        PROFILE,
        42,
        storage,
        executor=dask_cluster(address, patience_s=PATIENCE_S),
        progress=progress,
    )


class Strike(SilentProgress):
    """Does something when so many parts are made."""

    def __init__(self, parts: int, action: Callable[[], object]) -> None:
        self._left = parts
        self._action = action

    @contextmanager
    def task(self, name: str, total: float | None = None, unit: str = "") -> Iterator[Task]:
        yield self if unit == "days" else _Nothing()

    def advance(self, amount: float = 1) -> None:
        self._left -= 1
        if self._left == 0:
            self._action()


class _Nothing:
    def advance(self, amount: float = 1) -> None:
        """Ignore."""


def test_a_worker_killed_half_way_changes_nothing(
    mortal: Cluster, undisturbed: Dataset, tmp_path: Path
):
    folder = tmp_path / "out"
    parts_at_the_kill = []

    def kill_a_worker() -> None:
        mortal.workers[0].kill()
        mortal.workers[0].wait()
        parts_at_the_kill.append(len(parts_of(folder)))

    manifest = simulate(local_storage(folder), mortal.address, Strike(2, kill_a_worker))
    assert manifest == undisturbed.manifest
    assert files_of(folder) == files_of(undisturbed.folder)
    assert parts_at_the_kill[0] < len(parts_of(folder))
    assert mortal.workers[1].poll() is None


@pytest.mark.thorough
def test_a_lost_scheduler_is_one_line_and_what_is_written_is_kept(
    mortal: Cluster, undisturbed: Dataset, tmp_path: Path
):
    folder = tmp_path / "datasets" / NAME
    command = ("dataset", "generate", PROFILE.name, "--home", tmp_path)
    with btb(*command, "--scheduler", mortal.address) as process:
        wait_for_parts(process, folder, 2)
        mortal.scheduler.kill()
        code, told = ended(process)
    assert (code, len(told)) == (3, 1), told
    assert f"lost the Dask scheduler at {mortal.address}" in told[0]
    assert not is_whole(folder)
    assert parts_of(folder)
    assert run_command([*map(str, command)]) == 0
    assert open_dataset(folder).manifest == undisturbed.manifest


@pytest.mark.thorough
def test_ctrl_c_ends_the_command_and_leaves_the_cluster_free(two_workers: Cluster, tmp_path: Path):
    folder = tmp_path / "datasets" / NAME
    command = ("dataset", "generate", PROFILE.name, "--home", tmp_path)
    with btb(*command, "--scheduler", two_workers.address) as process:
        wait_for_parts(process, folder, 2)
        process.send_signal(signal.SIGINT)
        code, told = ended(process)
    assert (code, len(told)) == (130, 1), told
    assert not is_whole(folder)
    with Client(two_workers.address, set_as_default=False) as client:
        wait_until(
            "an idle cluster",
            lambda: "tasks are left" if any(client.processing().values()) else None,
            deadline_s=20,
        )


@pytest.mark.thorough
def test_a_cluster_that_loses_its_last_worker_is_one_line(mortal: Cluster, tmp_path: Path):
    def kill_all_workers() -> None:
        for worker in mortal.workers:
            worker.kill()

    with pytest.raises(HostError, match="no worker is left") as raised:
        simulate(local_storage(tmp_path / "out"), mortal.address, Strike(2, kill_all_workers))
    assert "\n" not in str(raised.value)


@pytest.mark.thorough
def test_a_killed_command_is_finished_by_the_same_while_its_tasks_still_run(
    two_workers: Cluster, undisturbed: Dataset, tmp_path: Path
):
    folder = tmp_path / "datasets" / NAME
    command = ("dataset", "generate", PROFILE.name, "--home", tmp_path)
    command = (*command, "--scheduler", two_workers.address)
    with btb(*command) as first:
        wait_for_parts(first, folder, 2)
        first.kill()
    assert not is_whole(folder)
    with btb(*command) as second:
        code, told = ended(second)
    assert code == 0, told
    assert verify_dataset(folder).fingerprint == undisturbed.fingerprint


def test_a_url_is_written_to_and_its_copy_is_a_dataset(
    two_workers: Cluster, undisturbed: Dataset, tmp_path: Path
):
    storage = open_storage(f"local://{tmp_path}/far away")  # by fsspec, which pyarrow does not know
    assert storage.local is None
    assert simulate(storage, two_workers.address) == undisturbed.manifest
    copy = tmp_path / "home" / "datasets" / NAME
    shutil.copytree(tmp_path / "far away", copy)
    assert files_of(copy) == files_of(undisturbed.folder)
    assert verify_dataset(copy).fingerprint == undisturbed.fingerprint


def test_a_relative_output_is_that_of_the_command_not_of_the_workers(
    two_workers: Cluster, undisturbed: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert simulate(open_storage("here"), two_workers.address) == undisturbed.manifest
    assert files_of(tmp_path / "here") == files_of(undisturbed.folder)


def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path: Path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(HostError, match=f"no Dask scheduler answers at {address}") as raised:
            simulate(local_storage(tmp_path / "out"), address)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("address", ["nonsense", "tcp://host", "host:8786", "", "tcp://host:port"])
def test_what_is_no_address_is_refused_at_once(address: str, tmp_path: Path):
    with pytest.raises(UsageError, match="give it as tcp://host:port"):
        simulate(local_storage(tmp_path / "out"), address)


def test_a_cluster_without_workers_is_one_line(tmp_path: Path):
    with (
        cluster(tmp_path / "dask", workers=0) as empty,
        pytest.raises(HostError, match="has no workers; start some: dask worker tcp://"),
    ):
        simulate(local_storage(tmp_path / "out"), empty.address)


@pytest.mark.parametrize(
    ("name", "text", "refusal"),
    [
        (
            "basetype_benchmark-0.0.1.dist-info/METADATA",
            "Name: basetype-benchmark\nVersion: 0.0.1\n",
            r"runs basetype-benchmark 0\.0\.1 with NumPy .*, not basetype-benchmark",
        ),
        ("basetype_benchmark/__init__.py", "", "has no basetype-benchmark"),
    ],
    ids=["another version", "none"],
)
def test_a_worker_that_has_something_else_installed_is_refused(
    name: str, text: str, refusal: str, tmp_path: Path
):
    path = tmp_path / "installed" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with cluster(tmp_path / "dask", workers=0) as strange:
        strange.add_workers(1, PYTHONPATH=str(tmp_path / "installed"))
        with pytest.raises(HostError, match=refusal) as raised:
            simulate(local_storage(tmp_path / "out"), strange.address)
    assert "\n" not in str(raised.value)
