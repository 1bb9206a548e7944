"""A Dask cluster of real processes on this machine: a scheduler, and workers one by one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

from basetype_benchmark.infrastructure.waiting import wait_until

_PATIENCE_S = 60.0
_HERE = ("--host", "127.0.0.1", "--no-dashboard")


class Cluster:
    """Processes of a cluster, ended by whoever opened it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start(
            "scheduler", *_HERE, "--port", "0", "--scheduler-file", str(self._file)
        )

    @property
    def address(self) -> str:
        """Of the scheduler, which is waited for."""
        wait_until(
            "the scheduler",
            lambda: None if self._file.exists() and self._file.read_text().endswith("}") else "no",
            deadline_s=_PATIENCE_S,
        )
        return str(json.loads(self._file.read_text())["address"])

    def add_workers(self, count: int, **environment: str) -> None:
        """Start workers that nobody starts again when they die, and wait for them."""
        address = self.address
        for _ in range(count):
            file = self._folder / f"worker{len(self.workers)}"
            self.workers.append(
                self._start(
                    "worker",
                    address,
                    *_HERE,
                    *("--no-nanny", "--nthreads", "1", "--local-directory", str(file)),
                    **environment,
                )
            )
        wait_for_workers(address, len(self.workers))

    def end(self) -> None:
        """Kill every process."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait(_PATIENCE_S)

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env={**os.environ, **environment},
                start_new_session=True,
            )


def wait_for_workers(address: str, count: int) -> None:
    """Wait until so many workers have told the scheduler of themselves."""
    with Client(address, timeout=_PATIENCE_S, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=_PATIENCE_S)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Start a cluster; whatever the test does, nothing of it is left."""
    folder.mkdir()
    started = Cluster(folder)
    try:
        if workers:
            started.add_workers(workers)
        yield started
    finally:
        started.end()
