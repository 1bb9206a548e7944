"""A quick campaign on every engine that runs here, killed again and again with real servers."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.results_io import read_campaign, read_cell
from tests.integration.faults.campaigns import campaign_folder, check_kept, finished_cells
from tests.toy import build_toy

pytestmark = pytest.mark.servers

BTB = (sys.executable, "-m", "basetype_benchmark")
KILLS = 10
DEADLINE_S = 300.0
FAST = ("--runs", "1", "--warmup", "0", "--variants", "1")


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*BTB, *arguments, "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(home: Path, *arguments: str) -> str:
    process = start(home, *arguments)
    said, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0, said
    return said


def kill_in(home: Path, seconds: float, *arguments: str) -> None:
    process = start(home, *arguments)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def test_a_quick_campaign_killed_at_random_ends_complete_and_right(tmp_path: Path) -> None:
    build_toy(tmp_path / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    moments = random.Random(20)
    begin = time.perf_counter()
    for _ in range(KILLS):
        folder = campaign_folder(tmp_path)
        command = ("run", "tiny-2d", *FAST) if folder is None else ("resume", folder.name)
        kept = None if folder is None else finished_cells(folder)
        kill_in(tmp_path, moments.uniform(1.0, 4.0), *command)
        if kept is not None and folder is not None:
            check_kept(kept, finished_cells(folder))
    folder = campaign_folder(tmp_path)
    assert folder is not None, f"no plan was written in {time.perf_counter() - begin:.0f} s"
    finish(tmp_path, "resume", folder.name)
    planned = [cell.cell for cell in read_campaign(folder).cells]
    assert sorted(path.stem for path in (folder / "cells").glob("*.json")) == sorted(planned)
    assert all(read_cell(folder / "cells" / f"{cell}.json").result.is_ok for cell in planned)
    shown = json.loads(finish(tmp_path, "campaigns", "show", folder.name, "--json", "--no-follow"))
    assert shown["state"] == "complete"
