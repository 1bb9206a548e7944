"""Tells the world that a campaign has ended: a command of the user's own is run."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.workflows.campaigns.observer import NoObserver
from basetype_benchmark.workflows.campaigns.status_reader import StatusReader

DEADLINE_S = 30.0
_LONGEST_WORDS = 200


@dataclass(frozen=True, kw_only=True)
class CampaignEnd:
    """How a run of a campaign ended; `folder` is None where it ended before there was one.

    `done` counts the cells that were completed with right answers only, `failed` the others that
    have a result.
    """

    event: Event
    folder: Path | None
    done: int
    failed: int

    @property
    def variables(self) -> dict[str, str]:
        """What the command finds in its environment."""
        return {
            "BTB_CAMPAIGN": "" if self.folder is None else self.folder.name,
            "BTB_EVENT": self.event.value,
            "BTB_FOLDER": "" if self.folder is None else str(self.folder),
            "BTB_CELLS_DONE": str(self.done),
            "BTB_CELLS_FAILED": str(self.failed),
        }


def notify(command: str, end: CampaignEnd, *, deadline_s: float = DEADLINE_S) -> str | None:
    """Run a line of the shell, with the end of a campaign in its environment.

    Gives what went wrong, in one line; None when the command ended with code 0. One that takes
    longer than `deadline_s` is killed with all that it started in its group.
    """
    assignments = [f"{name}={value}" for name, value in end.variables.items()]
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                ["env", *assignments, "/bin/sh", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:  # no shell here, or a zero byte in the command
            return f"the notification could not be run: {error}"
        try:
            code = process.wait(deadline_s)
        except subprocess.TimeoutExpired:
            return f"the notification did not end within {deadline_s:g} s and was killed"
        finally:
            _end(process)
        words = _last_words(said)
    return f"the notification ended with code {code}{words}" if code else None


class NotifiedCampaign(NoObserver):
    """An observer that runs `command` when its context is left, whatever the run came to.

    `warn` is told when that went wrong. Without a command nothing is run.
    """

    def __init__(self, command: str | None, results_dir: Path, warn: Callable[[str], None]) -> None:
        self._command = command
        self._results_dir = results_dir
        self._warn = warn
        self._folder: Path | None = None
        self._event: Event | None = None

    def opened(self, record: CampaignRecord, finished: Mapping[str, CellOutcome]) -> None:
        """Hear which campaign it is."""
        self._folder = self._results_dir / record.campaign

    def closed(self, event: Event) -> None:
        """Hear how the run ended."""
        self._event = event

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._command is None:
            return
        is_interrupt = kind is not None and issubclass(kind, KeyboardInterrupt)
        unheard = Event.STOPPED if is_interrupt else Event.FAILED if kind else Event.COMPLETED
        problem = notify(self._command, self._end(self._event or unheard))
        if problem is not None:
            self._warn(problem)

    def _end(self, event: Event) -> CampaignEnd:
        done = failed = 0
        if self._folder is not None:
            with suppress(CheckFailed):  # nothing to count in what cannot be read any more
                status = StatusReader(self._folder).read()
                done, failed = status.done, status.failed
        return CampaignEnd(event=event, folder=self._folder, done=done, failed=failed)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is still at work, after the deadline or an interrupt."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1].strip()[:_LONGEST_WORDS]}" if lines else ""
