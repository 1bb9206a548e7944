import re
import subprocess
import sys
from pathlib import Path

import pytest

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.units import GIB, MIB, NS_PER_MS
from basetype_benchmark.workflows.campaigns.disk_watch import (
    DiskWatch,
    needed_bytes,
    reserve_bytes,
    why_no_room,
)
from basetype_benchmark.workflows.plans.estimate_cell import CellEstimate
from basetype_benchmark.workflows.plans.ranges import NOTHING, about
from tests.unit.workflows.purging.homes import add_store

INTERVAL_NS = 10 * NS_PER_MS
SOON_S = 10.0


def fill(place: Path, size: int) -> None:
    with (place / f"filler {size}").open("wb") as file:
        file.write(bytes(size))


def told(watch: DiskWatch) -> str | None:
    return None if watch.reason is not None else "nothing said yet"


@pytest.mark.root
def test_a_disk_that_fills_up_is_told_once_before_it_is_full(small_disk):
    place = small_disk("40m")  # of which 4 stay free
    heard = []
    with DiskWatch(place, interval_ns=INTERVAL_NS, interrupt=lambda: heard.append(1)) as watch:
        fill(place, 30 * MIB)
        looks = iter(range(20))
        wait_until("some looks", lambda: None if next(looks) == 10 else "more", deadline_s=SOON_S)
        assert (watch.reason, heard) == (None, [])
        fill(place, 7 * MIB)
        wait_until("the word", lambda: told(watch), deadline_s=SOON_S)
    assert heard == [1]
    # It may have looked while the file was being written.
    said = rf"3(\.\d+)? MiB are free on the disk that holds {place}, of the 4 MiB that stay free"
    assert re.fullmatch(said, str(watch.reason))


@pytest.mark.root
def test_when_hardly_anything_is_left_it_is_told_again(small_disk):
    place = small_disk("40m")
    heard = []
    with DiskWatch(place, interval_ns=INTERVAL_NS, interrupt=lambda: heard.append(1)) as watch:
        fill(place, 37 * MIB)
        wait_until("the word", lambda: told(watch), deadline_s=SOON_S)
        fill(place, int(2.5 * MIB))
        wait_until(
            "the second word", lambda: None if len(heard) == 2 else "once", deadline_s=SOON_S
        )
    assert re.match(r"3(\.\d+)? MiB are free", str(watch.reason))


def test_a_disk_with_room_is_not_spoken_of(tmp_path):
    heard = []
    with DiskWatch(tmp_path, interval_ns=INTERVAL_NS, interrupt=lambda: heard.append(1)) as watch:
        pass
    assert (watch.reason, heard) == (None, [])


def test_a_disk_that_does_not_tell_is_no_reason_to_stop(tmp_path):
    with DiskWatch(tmp_path / "none", interval_ns=INTERVAL_NS) as watch:
        pass
    assert watch.reason is None


CAMPAIGN = """
import signal, sys
from pathlib import Path
from basetype_benchmark.cli.invocation import _told_to_end_as_by_ctrl_c
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.workflows.campaigns.disk_watch import DiskWatch
if sys.argv[2] == "ignored":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
watch = DiskWatch(Path(sys.argv[1]), interval_ns=10_000_000)
try:
    with _told_to_end_as_by_ctrl_c(), watch:
        print("watching", flush=True)
        wait_until("the interrupt", lambda: "not yet", deadline_s=20)
except KeyboardInterrupt:
    print(f"paused: {watch.reason}")
"""


@pytest.mark.root
@pytest.mark.parametrize("ctrl_c", ["heard", "ignored"])
def test_the_main_thread_is_interrupted_also_where_ctrl_c_is_ignored(ctrl_c, small_disk):
    place = small_disk("40m")
    with subprocess.Popen(
        [sys.executable, "-c", CAMPAIGN, place, ctrl_c], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "watching\n"
        fill(place, 37 * MIB)
        said = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert re.match(r"paused: 3(\.\d+)? MiB are free", said)


@pytest.mark.root
def test_room_is_asked_for_before_anything_is_written(small_disk):
    place = small_disk("40m")
    assert why_no_room(place, 30 * MIB) is None
    assert why_no_room(place, 37 * MIB) == (
        f"40 MiB are free on the disk that holds {place}, about 37 MiB would be written, and "
        "4 MiB stay free"
    )


def test_what_stays_free_is_a_share_of_the_disk_within_bounds(tmp_path):
    assert 1 * MIB < reserve_bytes(tmp_path) <= 10 * GIB


def cell(*, loads: bool) -> CellEstimate:
    return CellEstimate(
        cell="tiny-2d.P1.r1",
        scenario="P1",
        loads=loads,
        load_s=NOTHING,
        warmup_s=NOTHING,
        runs_s=NOTHING,
        idle_s=NOTHING,
        disk_bytes=about(10 * MIB, 2),
        ram_bytes=NOTHING,
        measured_cells=0,
        rates_of="P1",
    )


def test_a_store_that_is_replaced_needs_only_what_it_grows_by(tmp_path):
    settings, scenario = Settings(home=tmp_path), SCENARIOS["P1"]
    assert needed_bytes(cell(loads=True), scenario, settings) == 10 * MIB
    store = add_store(settings, "P1", "postgresql")
    (store / "big").write_bytes(bytes(4 * MIB))
    assert 5 * MIB < needed_bytes(cell(loads=True), scenario, settings) < 6.1 * MIB
    (store / "bigger").write_bytes(bytes(9 * MIB))
    assert needed_bytes(cell(loads=True), scenario, settings) == 0
    assert needed_bytes(cell(loads=False), scenario, settings) == 0
