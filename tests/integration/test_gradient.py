"""A gradient as a user runs it: the command line, real servers, real limits."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import run

import pytest

from basetype_benchmark.benchmark.results_io import read_campaign, read_cell, read_gradient
from basetype_benchmark.infrastructure.cgroups.local_limits import find_limit_support
from basetype_benchmark.units import GIB, MIB
from tests.toy import build_toy

pytestmark = pytest.mark.servers

DEADLINE_S = 300.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose tiny-2d is the toy building; in CI limits are there."""
    support = find_limit_support()
    if support.why_not is not None:
        pytest.skip(f"needs RAM limits for child processes: {support.why_not}")
    tmp_path.chmod(0o755)
    build_toy(tmp_path / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    return tmp_path


def btb(home: Path, *arguments: str) -> tuple[int, str, str]:
    done = run(
        [sys.executable, "-m", "basetype_benchmark", *arguments, "--home", str(home)],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def gradient(home: Path, scenarios: str, levels: str, *more: str) -> tuple[int, str, str]:
    options = ("--scenarios", scenarios, "--levels", levels, "--queries", "Q3,Q5", *more)
    return btb(home, "run", "tiny-2d", "--mode", "gradient", "--provider", "local", *options)


def only_campaign(home: Path) -> Path:
    [folder] = (home / "results").iterdir()
    return folder


def test_disk_and_memory_are_measured_at_each_level_with_settings_of_their_own(home: Path) -> None:
    code, out, err = gradient(home, "P1,F1", "0.25,0.5")
    assert code == 0, err
    assert "Time by RAM level" in out
    folder = only_campaign(home)
    ids = [f"tiny-2d.{s}.{level}.r1" for s in ("P1", "F1") for level in ("0.25g", "0.5g")]
    assert [cell.cell for cell in read_campaign(folder).cells] == ids
    p1_low, p1_high, f1_low, f1_high = (read_cell(folder / "cells" / f"{i}.json") for i in ids)
    assert p1_low.loaded_in_cell == p1_high.loaded_in_cell == ids[0]
    assert p1_low.caches_dropped
    assert p1_low.result.load is not None
    assert p1_high.result.load is None
    assert f1_low.result.load is not None
    assert f1_high.result.load is not None
    environment = json.loads((folder / "environment.json").read_bytes())
    buffers = {
        service["ram_bytes"]: setting["value"]
        for service in environment["services"]
        for setting in service["settings"]
        if setting["name"] == "shared_buffers"
    }
    assert buffers == {256 * MIB: "64MB", 512 * MIB: "128MB"}
    assert [s.findings.least.passed_at for s in read_gradient(folder).scenarios] == [256 * MIB] * 2


def test_a_plan_starts_nothing(home: Path) -> None:
    code, out, _ = gradient(home, "P1,O2", "0.25,9999", "--bisect", "--plan", "--json")
    assert code == 0
    document = json.loads(out)
    assert [s["levels_bytes"] for s in document["gradient"]["scenarios"]] == [[GIB // 4]] * 2
    assert document["skipped_bytes"] == {"P1": [9999 * GIB], "O2": [9999 * GIB]}
    assert not (home / "results").exists()
    assert not (home / "engines").exists()
