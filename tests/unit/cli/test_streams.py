"""Standard streams as they can be: closed, read by nobody, full, or short of signs."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.toy import build_toy
from tests.unit.cli.terminal import BTB, run_btb

LEAST_SIGNS = {"PYTHONIOENCODING": "ascii"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build_toy(tmp_path / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    return tmp_path


def test_output_that_nobody_reads_ends_a_command_as_it_ends_any_program() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = run_btb("queries", "--json", stdout=writing)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize("arguments", ["queries", "scenarios --json", "dataset profiles"])
def test_a_closed_output_is_nobodys_fault(arguments: str) -> None:
    command = f"exec {' '.join(BTB)} {arguments} >&-"
    ended = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 0
    assert "error" not in ended.stderr


def test_a_full_device_is_told_of(home: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run_btb("dataset", "info", "tiny-2d", "--home", str(home), stdout=full.fileno())
    assert ended.returncode == 3
    assert ended.stderr.startswith("error: No space left on device")


def test_signs_that_the_locale_lacks_are_escaped(home: Path) -> None:
    (home / "profiles").mkdir()
    (home / "profiles" / "own.yaml").write_text(
        "name: own\npurpose: Café ☕\nbuildings:\n"
        "  - {archetype: pavilion, floors: 1, spaces_per_floor: 4, tenants: 1}\n",
        encoding="utf-8",
    )
    command = ("dataset", "profiles", "--home", str(home))
    assert "Caf\\xe9" in run_btb(*command, environment=LEAST_SIGNS).stdout
    document = json.loads(run_btb(*command, "--json", environment=LEAST_SIGNS).stdout)
    assert document["scales"][-1]["purpose"] == "Café ☕"
