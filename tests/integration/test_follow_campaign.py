"""A campaign that runs is seen on its terminal, and from others; its states change as it does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.waiting import wait_until
from basetype_benchmark.workflows.campaigns.live_status import LIVE_FILE
from basetype_benchmark.workflows.campaigns.status import CampaignStatus, State
from basetype_benchmark.workflows.campaigns.status_reader import list_campaigns
from tests.emulated_terminal import COLUMNS, on_terminal
from tests.integration.probe import processes_of
from tests.toy import build_toy
from tests.unit.cli.terminal import BTB, run_btb

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
LONG = ("0.02", "2000", "2")
"""A median of 20 ms, and more runs than any test waits for."""
SHORT = ("0.005", "40", "2")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    build_toy(Settings(home=home).dataset_dir("toy-2d", 42), profile="toy-2d", seed=42)
    yield home
    for process in processes_of(home):  # the server of a campaign that was killed
        process.kill()


def campaign(home: Path, *nature: str) -> list[str]:
    return [sys.executable, "-m", "tests.integration.mock_campaign", str(home), *nature]


def follow(home: Path, *options: str) -> list[str]:
    return [*BTB, "campaigns", "show", *options, "--home", str(home)]


def ask(home: Path) -> dict[str, Any]:
    """The state of the only campaign, as ``btb`` tells it to programs."""
    ended = run_btb("campaigns", "list", "--json", "--home", str(home))
    assert ended.returncode == 0, ended.stderr
    [document] = json.loads(ended.stdout)
    return document


def look(home: Path) -> CampaignStatus | None:
    """The same as this process reads it; None before there is one."""
    found = [c for c in list_campaigns(Settings(home=home)) if isinstance(c, CampaignStatus)]
    return found[0] if found else None


def wait_for_query(home: Path) -> CampaignStatus:
    """Wait until a query is executed, and a process from outside can see it."""
    found: list[CampaignStatus] = []

    def why_not() -> str | None:
        status = look(home)
        live = None if status is None else status.live
        if status is None or live is None or live.query is None or not live.memory:
            return f"there is {live}"
        found.append(status)
        return None

    wait_until("a query", why_not, deadline_s=PATIENCE_S)
    return found[0]


def only_folder(home: Path) -> Path:
    [folder] = (home / "results").iterdir()
    return folder


def test_a_run_is_seen_on_its_terminal_followed_from_another_and_stopped(home: Path) -> None:
    notified = home / "notified"
    told = f'echo "$BTB_EVENT $BTB_CELLS_DONE $BTB_CELLS_FAILED $BTB_CAMPAIGN" > {notified}'
    with on_terminal(campaign(home, *LONG, told), cwd=ROOT) as run:
        shown = run.wait_for("measure ")
        assert_drawn(shown)
        assert any("toy-2d.X1.r1: Mock engine" in line for line in shown)
        wait_for_query(home)
        state = ask(home)
        assert (state["state"], state["pid"]) == ("running", run.pid)
        assert state["live"]["cell"] == "toy-2d.X1.r1"
        assert state["live"]["phase"] == "measure"
        assert state["live"]["query"] in ("Q3", "Q5")
        assert state["live"]["memory"][0]["memory_bytes"] > 0
        assert (state["done"], state["left"]) == (0, 2)
        look_and_leave(home, run.pid)
        run.press("\x03")
        assert run.wait_for_end() == 130
        folder = only_folder(home)
        assert f"go on with: btb resume {folder.name}" in run.lines()
        assert not any("━" in line for line in run.lines())  # the view is gone
    state = ask(home)
    assert (state["state"], state["pid"], state["live"]) == ("stopped", None, None)
    assert notified.read_text() == f"stopped 0 0 {folder.name}\n"
    assert not (folder / LIVE_FILE).exists()
    log = (folder / "btb.log").read_text()
    assert "cell toy-2d.X1.r1 begins" in log
    assert "campaign stopped" in log
    assert log.count("\n") < 40  # no line for each query


def look_and_leave(home: Path, pid: int) -> None:
    """Follow from another terminal: it moves, keys do nothing, and q and Ctrl-C leave."""
    for leave in ("q", "\x03"):
        with on_terminal(follow(home), cwd=ROOT) as terminal:
            before = count(terminal.wait_for("executions"))
            terminal.press("xyz\r\x1b[A")
            assert "xyz" not in "".join(terminal.lines())
            wait_until(
                "progress",
                lambda: None if count(terminal.lines()) > before else "it stands still",  # noqa: B023 - called at once
                deadline_s=PATIENCE_S,
            )
            assert_drawn(terminal.lines())
            terminal.press(leave)
            assert terminal.wait_for_end() == 0
            assert f"goes on in process {pid}" in terminal.lines()[-1]


def assert_drawn(shown: list[str]) -> None:
    words = "\n".join(shown)
    for expected in ("toy-2d · quick", "running", "0 of 2", "2 left", "toy-2d.X1.r1", "MiB"):
        assert expected in words, words
    assert max(map(len, shown)) <= COLUMNS


def count(shown: list[str]) -> int:
    """How many executions are done, by the screen."""
    for line in shown:
        done, found, _ = line.partition(" of ")
        if found and "executions" in line:
            return int("".join(c for c in done.rpartition("  ")[2] if c.isdigit()))
    return -1


def test_one_that_is_followed_to_its_end_is_shown_with_all_its_cells(home: Path) -> None:
    with on_terminal(campaign(home, *SHORT), cwd=ROOT) as run:
        run.wait_for("queries")
        with on_terminal(follow(home), cwd=ROOT) as terminal:
            terminal.wait_for("running")
            assert terminal.wait_for_end() == 0
            shown = terminal.lines()
        assert run.wait_for_end() == 0
    assert "complete" in shown[0]
    assert [line.split()[0] for line in shown if "✓ completed" in line] == [
        "toy-2d.X1.r1",
        "toy-2d.X1.r2",
    ]
    assert "2 of 2 cells" in "\n".join(run.lines())
    assert not any("━" in line for line in run.lines())  # the view is gone


def test_one_that_is_killed_is_interrupted(home: Path) -> None:
    process = subprocess.Popen(campaign(home, *LONG), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    with process:
        running = wait_for_query(home)
        assert (running.state, running.pid) == (State.RUNNING, process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(PATIENCE_S)
    killed = look(home)
    assert killed is not None
    assert (killed.state, killed.pid, killed.live) == (State.INTERRUPTED, None, None)
    assert (killed.done, killed.failed, killed.left) == (0, 0, 2)
    assert killed.spent_s > 0
    ended = run_btb("campaigns", "show", "--follow", "--home", str(home))
    assert ended.returncode == 0
    assert "interrupted" in ended.stdout
    assert f"go on with: btb resume {only_folder(home).name}" in ended.stderr
