"""What befalls a campaign from outside: it says so in one line, goes on, and loses nothing."""

import fcntl
import json
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, read_journal
from basetype_benchmark.benchmark.results_io import read_cell
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.integration.faults.campaigns import (
    SLOW,
    Zygote,
    campaign_folder,
    check_kept,
    content_of,
    events,
    finished_cells,
    make_home,
    open_zygote,
    wait_for_cells,
)
from tests.integration.faults.zygote import INTERRUPTED, REPETITIONS

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def whole(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What a campaign finds that nothing befalls."""
    other = make_home(tmp_path_factory.mktemp("whole"))
    assert zygote.run(other, "run") == 0
    return content_of(campaign_folder(other))


@pytest.mark.parametrize("tear", ["cut", "garbage", "binary", "empty line", "gone"])
def test_a_corrupted_tail_of_the_journal_costs_nothing(
    tear: str, zygote: Zygote, home: Path, whole: list[object]
) -> None:
    child = zygote.start(home, "run", nature=SLOW)
    folder = wait_for_cells(home, 1)
    child.kill()
    zygote.wait()
    kept = finished_cells(folder)
    journal = folder / JOURNAL_FILE
    content = journal.read_bytes()
    {
        "cut": lambda: journal.write_bytes(content[:-17]),
        "garbage": lambda: journal.write_bytes(content + b'{"at":"2026-01-01", "eve'),
        "binary": lambda: journal.write_bytes(content + bytes(range(256)) * 20),
        "empty line": lambda: journal.write_bytes(content + b"\n\n\0\0\0"),
        "gone": journal.unlink,
    }[tear]()
    assert zygote.run(home, "resume", name=folder.name) == 0
    check_kept(kept, finished_cells(folder))
    assert content_of(folder) == whole
    assert events(folder)[-1] is Event.COMPLETED
    assert read_journal(folder / JOURNAL_FILE).torn_lines == 0
    assert (folder / "set_aside").exists() is (tear != "gone")


@pytest.mark.parametrize("victim", ["result", "samples", "resources", "fingerprint"])
def test_a_result_that_is_not_what_was_written_is_set_aside_and_measured_again(
    victim: str, zygote: Zygote, home: Path, whole: list[object]
) -> None:
    assert zygote.run(home, "run") == 0
    folder = campaign_folder(home)
    cell = sorted((folder / "cells").glob("*.json"))[1].stem
    result = folder / "cells" / f"{cell}.json"
    before = finished_cells(folder).files
    if victim == "fingerprint":
        document = json.loads(result.read_bytes())
        document["fingerprint"] = "0" * 16
        result.write_text(json.dumps(document))
    else:
        names = {"result": result.name} | {
            table: f"{cell}.{table}.parquet" for table in ("samples", "resources")
        }
        torn = folder / "cells" / names[victim]
        torn.write_bytes(torn.read_bytes()[:-9])
    assert zygote.run(home, "resume", name=folder.name) == 0
    assert (folder / "set_aside" / f"{cell}.1" / result.name).exists()
    assert Event.SET_ASIDE in events(folder)
    after = finished_cells(folder).files
    assert {name for name in before if after[name] != before[name]} == {result.name}
    assert content_of(folder) == whole


def test_an_engine_that_is_killed_costs_its_cell_and_is_run_again_when_wanted(
    zygote: Zygote, home: Path, whole: list[object]
) -> None:
    zygote.start(home, "run", nature=SLOW)
    folder = wait_for_cells(home, 1)
    kill_server(home)
    assert zygote.wait() == 0
    found = [read_cell(path).result for path in sorted((folder / "cells").glob("*.json"))]
    assert len(found) == REPETITIONS
    failed = [result for result in found if not result.is_ok]
    assert len(failed) == 1
    assert any(words in str(failed[0].reason) for words in ("went away", "killed by signal 9"))
    assert zygote.run(home, "resume", name=folder.name) == 0
    assert sum(read_cell(p).result.is_ok for p in (folder / "cells").glob("*.json")) == 3
    assert zygote.run(home, "resume", name=folder.name, retries_failed=True) == 0
    assert content_of(folder) == whole


def kill_server(home: Path) -> None:
    """Kill the engine that runs in this home, as soon as there is one."""

    def why_not() -> str | None:
        for process in psutil.process_iter():
            try:
                command = process.cmdline()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            if str(home / "engines") in " ".join(command) and "--median-s" in command:
                process.kill()
                return None
        return "no server"

    wait_until("the server", why_not, deadline_s=30)


@pytest.mark.root
def test_a_full_disk_ends_it_in_one_line_and_room_lets_it_go_on(
    zygote: Zygote,
    tmp_path: Path,
    small_disk: Callable[[str], Path],
    whole: list[object],
) -> None:
    disk = small_disk("400m")
    home = disk / "home"
    shutil.copytree(make_home(tmp_path / "made"), home)
    ballast = disk / "ballast"
    zygote.start(home, "run", nature=SLOW)
    folder = wait_for_cells(home, 1)
    fill(ballast)
    assert zygote.wait() == 3
    kept = finished_cells(folder)
    assert 1 <= len(kept.files) < REPETITIONS
    assert zygote.said.startswith("DiskFull: ")
    # That it was paused is noted, unless even for that line there was no room.
    assert events(folder)[-1] in (Event.PAUSED, Event.CELL_STARTED, Event.CELL_FINISHED)
    ballast.unlink()
    assert zygote.run(home, "resume", name=folder.name) == 0
    check_kept(kept, finished_cells(folder))
    assert content_of(folder) == whole


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 10, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def test_two_runs_of_one_campaign_at_a_time_are_refused(zygote: Zygote, home: Path) -> None:
    with open_zygote() as other:
        child = zygote.start(home, "run", nature={"median_s": 0.5})
        folder = wait_for_cells(home, 1)
        assert other.run(home, "resume", name=folder.name) == 3
        refusal = f"{home}, to measure in it, is in use by process {child.pid}"
        assert refusal in other.said
        assert other.run(home, "run") == 3
        assert refusal in other.said
        child.send_signal(signal.SIGINT)
    assert zygote.wait() == INTERRUPTED
    assert list((home / "results").iterdir()) == [folder]  # the refused one has left nothing


def test_a_lock_is_not_held_by_the_dead(zygote: Zygote, home: Path) -> None:
    child = zygote.start(home, "run", nature=SLOW)
    folder = wait_for_cells(home, 1)
    child.kill()
    zygote.wait()
    with (folder / "campaign.lock").open("r+") as file:
        assert file.read().strip() == str(child.pid)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_ctrl_c_once_finishes_the_query_and_stops_cleanly(
    zygote: Zygote, home: Path, whole: list[object]
) -> None:
    child = zygote.start(home, "run", nature=SLOW)
    folder = wait_for_cells(home, 1)
    child.send_signal(signal.SIGINT)
    assert zygote.wait() == INTERRUPTED
    assert events(folder)[-1] is Event.STOPPED
    assert servers(home) == []
    assert zygote.run(home, "resume") == 0
    assert content_of(folder) == whole


def servers(home: Path) -> list[int]:
    listed = subprocess.run(
        ["pgrep", "-f", f"{home / 'engines'}.*--median-s"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(pid) for pid in listed.stdout.split()]
