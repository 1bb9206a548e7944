"""Drives campaigns that are killed, and says whether what came of them is what should have."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, read_journal
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, read_campaign, read_cell
from basetype_benchmark.benchmark.samples_io import SAMPLES_FILE, read_samples
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.integration.faults.zygote import PROFILE, SEED
from tests.toy import build_toy

_PROGRAM = (sys.executable, "-m", "tests.integration.faults.zygote")
_OF_THE_MOMENT = {
    *("started_at", "elapsed_ns", "latency", "resources", "samples_sha256", "readings_sha256"),
    *("loaded_in_cell", "caches_dropped", "size_bytes"),
}
"""What of a result differs between two runs that measured the same."""


SLOW = {"median_s": 0.05}
"""An engine whose cells take long enough to be caught in."""


class Zygote:
    """Starts campaigns in a child, one at a time; `said` is the error of the last one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.said = ""

    def start(self, home: Path, do: str, **more: Any) -> psutil.Process:
        self._write(json.dumps({"home": str(home), "do": do, **more}) + "\n")
        return psutil.Process(self._read()["pid"])

    def wait(self) -> int:
        """Wait for the child to end, and give its exit code; of a signal, its negative number."""
        self._write("\n")
        answer = self._read()
        self.said = answer["said"]
        return answer["code"]

    def run(self, home: Path, do: str, **more: Any) -> int:
        self.start(home, do, **more)
        return self.wait()

    def run_and_kill(self, home: Path, do: str, after_s: float, **more: Any) -> int:
        """Kill it with -9 so long after its start; it may have ended before."""
        child = self.start(home, do, **more)
        time.sleep(after_s)  # the moment is the point
        child.kill()  # the zygote has not waited for it, so the pid is still its own
        return self.wait()

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


@contextmanager
def open_zygote() -> Iterator[Zygote]:
    process = subprocess.Popen(_PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Zygote(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)
        assert process.stdout is not None
        process.stdout.close()


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The files of the cells that have their result, with what is in them."""

    files: dict[str, bytes]


def campaign_folder(home: Path) -> Path | None:
    """Give the one campaign of a home; None before its plan is written."""
    folders = list((home / "results").iterdir()) if (home / "results").is_dir() else []
    written = [folder for folder in folders if (folder / CAMPAIGN_FILE).exists()]
    return written[0] if written else None


def finished_cells(folder: Path) -> Finished:
    """Read every result there is; each must be whole and of the plan's fingerprint."""
    planned = {cell.cell: cell.fingerprint for cell in read_campaign(folder).cells}
    files = {path.name: path.read_bytes() for path in (folder / "cells").glob("*.json")}
    for name in files:
        record = read_cell(folder / "cells" / name)
        assert record.fingerprint == planned[record.cell]
    return Finished(files=files)


def check_kept(before: Finished, after: Finished) -> None:
    """See that no finished cell was lost or written again."""
    for name, content in before.files.items():
        assert after.files.get(name) == content, f"{name} was finished, and is lost or changed"


def content_of(folder: Path) -> list[Any]:
    """Give all that a campaign found but when and how fast; every planned cell once, in order.

    All of it must be right: what nothing befell and what failed alike would also be equal.
    """
    planned = [cell.cell for cell in read_campaign(folder).cells]
    cells = sorted(path.name for path in (folder / "cells").glob("*.json"))
    assert cells == sorted(f"{cell}.json" for cell in planned)
    assert all(read_cell(folder / "cells" / name).result.is_ok for name in cells)
    samples = read_samples(folder / SAMPLES_FILE).select(
        ["cell", "query", "variant", "run", "outcome", "rows"]
    )
    found = [
        _timeless(json.loads((folder / "cells" / f"{cell}.json").read_bytes())) for cell in planned
    ]
    return [found, samples.sort_by([(name, "ascending") for name in samples.column_names])]


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _timeless(v) for k, v in value.items() if k not in _OF_THE_MOMENT}
    if isinstance(value, list):
        return [_timeless(item) for item in value]
    return value


def make_home(folder: Path) -> Path:
    build_toy(Settings(home=folder).dataset_dir(PROFILE, SEED), profile=PROFILE, seed=SEED)
    return folder


def wait_for_cells(home: Path, count: int) -> Path:
    """Wait until so many cells have their result, and give the campaign's folder."""

    def why_not() -> str | None:
        folder = campaign_folder(home)
        found = [] if folder is None else list((folder / "cells").glob("*.json"))
        return None if len(found) >= count else f"{len(found)} cells"

    wait_until("cells", why_not, deadline_s=30)
    return campaign_folder(home)


def events(folder: Path) -> list[Event]:
    return [entry.event for entry in read_journal(folder / JOURNAL_FILE).entries]
