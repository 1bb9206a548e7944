"""The systemd unit in the docs begins a campaign, ends it in order, and goes on with it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from basetype_benchmark.cli.invocation import INTERRUPTED
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.docs.blocks import DOCS

UNIT = DOCS / "examples" / "btb-campaign.service"
LOG = "log"
BTB = Path(sys.executable).parent / "btb"


def read_unit() -> Mapping[str, str]:
    """Give the settings of the unit's service by name, lines that go on joined."""
    text = re.sub(r"\\\n\s*", " ", UNIT.read_text(encoding="utf-8"))
    return dict(re.findall(r"^([A-Z]\w+)=(.*)$", text, re.MULTILINE))


def test_it_is_restarted_when_killed_and_when_something_was_missing_only() -> None:
    unit = read_unit()
    assert unit["Restart"] == "on-abnormal"
    assert unit["RestartForceExitStatus"] == "3"
    assert unit["SuccessExitStatus"] == str(INTERRUPTED)
    assert (unit["KillMode"], unit["OOMPolicy"]) == ("mixed", "continue")


@pytest.mark.thorough
@pytest.mark.servers
def test_the_unit_begins_a_campaign_and_goes_on_with_it_after_being_told_to_end(
    tmp_path: Path,
) -> None:
    subprocess.run([BTB, "dataset", "generate", "tiny-2d", "--home", tmp_path], check=True)
    results = tmp_path / "results"
    service = start(tmp_path)
    wait_until("a first cell", lambda: missing(results), deadline_s=300)
    service.send_signal(signal.SIGTERM)
    assert service.wait(300) == INTERRUPTED

    service = start(tmp_path)
    assert service.wait(300) == 0, (tmp_path / LOG).read_text(encoding="utf-8")
    [campaign] = results.iterdir()
    assert len(list((campaign / "cells").glob("*.json"))) == 3
    assert (campaign / "samples.parquet").exists()


def missing(results: Path) -> str | None:
    return None if list(results.glob("*/cells/*.json")) else "no result of a cell"


def start(home: Path) -> subprocess.Popen[bytes]:
    """Start what the unit starts, as systemd would, for a campaign of three small cells."""
    shell, flag, script = shlex.split(read_unit()["ExecStart"])
    run = "tiny-2d --scenarios D1 --queries Q1,Q6 --repeat 3 --runs 200"
    with (home / LOG).open("wb") as log:
        return subprocess.Popen(
            [shell, flag, script.replace("/opt/btb/.venv/bin/btb", str(BTB))],
            env={**os.environ, "BTB_HOME": str(home), "BTB_RUN": run},
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
