"""Generation that is killed, interrupted or out of space can be finished; till then it says so."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from basetype_benchmark.cli.main import run_command
from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.listing import list_datasets
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.errors import DatasetError
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.integration.generation import (
    PATIENCE_S,
    btb,
    ended,
    files_of,
    is_whole,
    kill,
    parts_of,
    session_of,
    wait_for_end_of_session,
    wait_for_parts,
    workers_of,
)

PROFILE = "tiny-1w"
NAME = "tiny-1w_seed42"
MOST_PARTS_AHEAD = 5
LONGEST_START_S = 2.0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """What nobody interrupted."""
    folder = tmp_path_factory.mktemp("undisturbed") / NAME
    return generate_dataset(find_profile(PROFILE), 42, folder, workers=1)


def kill_group(process: subprocess.Popen[str], _: random.Random) -> None:
    os.killpg(process.pid, signal.SIGKILL)


def kill_command(process: subprocess.Popen[str], _: random.Random) -> None:
    process.kill()


def kill_worker(process: subprocess.Popen[str], rng: random.Random) -> None:
    wait_until(
        "a worker",
        lambda: None if workers_of(process) or process.poll() is not None else "none",
        deadline_s=PATIENCE_S,
        poll_s=0.001,
    )
    for pid in rng.sample(workers_of(process), k=1) if workers_of(process) else ():
        kill(pid)


@pytest.mark.parametrize(
    ("workers", "strike", "times"),
    [
        pytest.param(2, kill_group, 4, marks=pytest.mark.thorough),
        pytest.param(2, kill_command, 4, marks=pytest.mark.thorough),
        (2, kill_worker, 2),
        pytest.param(1, kill_command, 3, marks=pytest.mark.thorough),
    ],
    ids=["the whole group", "the command alone", "one worker", "the only process"],
)
def test_killed_at_any_moment_it_passes_for_nothing_and_is_finished_later(
    workers: int,
    strike: Callable[[subprocess.Popen[str], random.Random], None],
    times: int,
    undisturbed: Dataset,
    tmp_path: Path,
):
    rng = random.Random(f"{strike.__name__} {workers}")
    folder = tmp_path / "datasets" / NAME
    command = ("dataset", "generate", PROFILE, "--workers", str(workers), "--home", tmp_path)
    struck = 0
    while struck < times:
        with btb(*command) as process:
            wait_for_a_moment(process, folder, rng)
            strike(process, rng)
            code, told = ended(process)
            wait_for_end_of_session(process)
        assert code in (0, 3, -signal.SIGKILL), told
        if is_whole(folder):  # too late
            check_finished(folder, undisturbed)
            folder.rename(tmp_path / f"whole before strike {struck}")
            continue
        struck += 1
        assert code != 0
        assert not any("Traceback" in line for line in told)
        check_incomplete(folder, tmp_path)
    assert run_command([*map(str, command)]) == 0
    check_finished(folder, undisturbed)


def wait_for_a_moment(process: subprocess.Popen[str], folder: Path, rng: random.Random) -> None:
    """Wait for some parts to be written and a bit more, or but a bit after the start."""
    if rng.random() < 0.75:
        wait_for_parts(process, folder, len(parts_of(folder)) + rng.randrange(MOST_PARTS_AHEAD))
        end = time.monotonic() + rng.uniform(0, 0.1)
    else:
        end = time.monotonic() + rng.uniform(0, LONGEST_START_S)
    wait_until(
        "the moment",
        lambda: None if time.monotonic() >= end or process.poll() is not None else "not yet",
        deadline_s=PATIENCE_S,
        poll_s=0.001,
    )


def check_incomplete(folder: Path, home: Path) -> None:
    """See that what is there, if anything, says that it is incomplete."""
    if not folder.exists():
        return
    with pytest.raises(DatasetError, match="incomplete"):
        open_dataset(folder)
    for entry in list_datasets(home / "datasets"):
        assert not entry.is_complete
        assert "incomplete" in str(entry.problem)


def check_finished(folder: Path, undisturbed: Dataset) -> None:
    assert open_dataset(folder).manifest == undisturbed.manifest
    assert files_of(folder) == files_of(undisturbed.folder)


def test_killed_extraction_passes_for_nothing_and_is_finished_later(
    undisturbed: Dataset, tmp_path: Path
):
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / NAME).symlink_to(undisturbed.folder)
    folder = tmp_path / "datasets" / "tiny-2d_seed42"
    command = ("dataset", "extract", PROFILE, "tiny-2d", "--home", tmp_path)
    with btb(*command) as process:
        wait_for_parts(process, folder, 1)
        process.kill()
        code, _ = ended(process)
    assert code == -signal.SIGKILL
    with pytest.raises(DatasetError, match="incomplete"):
        open_dataset(folder)
    assert run_command([*map(str, command)]) == 0
    assert verify_dataset(folder).fingerprint == open_dataset(folder).fingerprint


def to_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Tell all that the command has started, as a terminal does."""
    os.killpg(process.pid, number)


def to_command(process: subprocess.Popen[str], number: signal.Signals) -> None:
    process.send_signal(number)


def prepares_workers(process: subprocess.Popen[str], _: Path) -> bool:
    """Whether the process that workers are forked from is importing what they need."""
    return any(
        "numpy" in maps_of(pid) for pid in session_of(process) if pid != process.pid
    ) and not workers_of(process)


def begins_workers(process: subprocess.Popen[str], _: Path) -> bool:
    return bool(workers_of(process))


def has_written_a_part(_: subprocess.Popen[str], folder: Path) -> bool:
    return bool(parts_of(folder))


def maps_of(pid: int) -> str:
    """Files that a process has loaded."""
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_for(
    moment: Callable[[subprocess.Popen[str], Path], bool],
    process: subprocess.Popen[str],
    folder: Path,
) -> None:
    wait_until(
        moment.__name__,
        lambda: None if moment(process, folder) else "not yet",
        deadline_s=PATIENCE_S,
        poll_s=0.001,
    )


@pytest.mark.parametrize(
    ("send", "number", "moment"),
    [
        (to_group, signal.SIGINT, prepares_workers),
        (to_group, signal.SIGINT, begins_workers),
        (to_group, signal.SIGINT, has_written_a_part),
        (to_command, signal.SIGTERM, has_written_a_part),
        (to_group, signal.SIGHUP, begins_workers),
        (to_group, signal.SIGHUP, has_written_a_part),
    ],
)
def test_told_to_end_it_ends_cleanly_with_one_line(
    send: Callable[[subprocess.Popen[str], signal.Signals], None],
    number: signal.Signals,
    moment: Callable[[subprocess.Popen[str], Path], bool],
    tmp_path: Path,
):
    folder = tmp_path / "datasets" / NAME
    with btb("dataset", "generate", PROFILE, "--workers", "2", "--home", tmp_path) as process:
        wait_for(moment, process, folder)
        send(process, number)
        code, told = ended(process)
        wait_for_end_of_session(process)
    assert (code, len(told)) == (130, 1), told
    assert "interrupted" in told[0]
    assert not is_whole(folder)


def test_a_closed_terminal_ends_it_cleanly_though_nothing_can_be_told(tmp_path: Path):
    folder = tmp_path / "datasets" / NAME
    ours, its = os.openpty()
    with btb(
        *("dataset", "generate", PROFILE, "--workers", "2", "--home", tmp_path), terminal=its
    ) as process:
        os.close(its)
        wait_for(has_written_a_part, process, folder)
        os.close(ours)
        assert process.wait(PATIENCE_S) == 130
        wait_for_end_of_session(process)
    assert not is_whole(folder)


def press_again(process: subprocess.Popen[str]) -> str | None:
    if process.poll() is not None:
        return None
    to_group(process, signal.SIGINT)
    return "it goes on"


def test_hammering_ctrl_c_shows_no_stack_trace(tmp_path: Path):
    folder = tmp_path / "datasets" / NAME
    with btb("dataset", "generate", PROFILE, "--workers", "2", "--home", tmp_path) as process:
        wait_for(has_written_a_part, process, folder)
        wait_until("its end", lambda: press_again(process), deadline_s=PATIENCE_S, poll_s=0.02)
        _, told = ended(process)
        wait_for_end_of_session(process)
    assert len(told) == 1, told
    assert not is_whole(folder)


@pytest.mark.root
def test_on_a_full_disk_nothing_is_lost_and_more_space_lets_it_finish(
    undisturbed: Dataset, small_disk: Callable[[str], Path]
):
    home = small_disk("3m")  # half of what it takes
    folder = home / "datasets" / NAME
    command = ("dataset", "generate", PROFILE, "--workers", "2", "--home", home)
    with btb(*command) as process:
        code, told = ended(process)
        wait_for_end_of_session(process)
    assert code == 3
    assert [line for line in told if line.startswith("error")] == told[-1:]
    assert f"the disk that holds {folder}" in told[-1]
    check_incomplete(folder, home)
    written = {path: path.stat().st_mtime_ns for path in parts_of(folder)}
    assert len(written) > 2
    subprocess.run(["mount", "-o", "remount,size=30m", home], check=True)
    assert run_command([*map(str, command)]) == 0
    check_finished(folder, undisturbed)
    assert {path: path.stat().st_mtime_ns for path in written} == written


def test_a_second_generation_of_the_same_dataset_is_refused(
    undisturbed: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "datasets" / NAME
    command = ("dataset", "generate", PROFILE, "--workers", "1", "--home", tmp_path)
    with btb(*command) as first:
        wait_for_parts(first, folder, 1)
        assert run_command([*map(str, command)]) == 2
        code, told = ended(first)
    assert code == 0, told
    refusal = capsys.readouterr().err.splitlines()
    assert len(refusal) == 1
    assert "another process is writing" in refusal[0]
    check_finished(folder, undisturbed)


def test_who_reads_while_it_is_made_anew_sees_it_whole_or_is_told(
    undisturbed: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "datasets" / NAME
    shutil.copytree(undisturbed.folder, folder)
    reading = ["dataset", "verify", PROFILE, "--home", str(tmp_path)]
    codes = set()
    with btb("dataset", "generate", PROFILE, "--force", "--home", tmp_path) as process:
        while process.poll() is None:
            exit_code = run_command(reading)
            told = capsys.readouterr()
            codes.add(exit_code)
            assert exit_code in (0, 2), told.err
            assert "Traceback" not in told.err
            assert len(told.err.splitlines()) == 1
        code, ended_told = ended(process)
    assert code == 0, ended_told
    assert 2 in codes
    assert run_command(reading) == 0
    check_finished(folder, undisturbed)
