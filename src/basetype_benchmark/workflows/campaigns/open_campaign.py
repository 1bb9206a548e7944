"""A campaign while it runs: locked, its journal written, its results kept as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    PlannedCell,
    ServiceRecord,
)
from basetype_benchmark.benchmark.checksums import drop_checksums, write_checksums
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, Journal
from basetype_benchmark.benchmark.monitoring.reading_log import ReadingLog
from basetype_benchmark.benchmark.monitoring.resources_io import (
    join_readings,
    write_cell_readings,
)
from basetype_benchmark.benchmark.results_io import (
    CELLS_DIR,
    ENVIRONMENT_FILE,
    read_environment,
    write_campaign,
    write_cell,
    write_environment,
)
from basetype_benchmark.benchmark.samples_io import join_samples, without_samples
from basetype_benchmark.benchmark.sentinel import add_sentinel_reading
from basetype_benchmark.errors import CheckFailed, DiskFull, HostError
from basetype_benchmark.infrastructure.local.data_lock import DataLock
from basetype_benchmark.infrastructure.sentinel import measure_sentinel
from basetype_benchmark.interrupts import first_interrupt_deferred, interrupts_deferred
from basetype_benchmark.progress import Progress
from basetype_benchmark.workflows.campaigns.aside import set_aside, set_torn_lines_aside
from basetype_benchmark.workflows.campaigns.bench import Bench
from basetype_benchmark.workflows.campaigns.cell_watch import CellWatch
from basetype_benchmark.workflows.campaigns.description import write_description
from basetype_benchmark.workflows.campaigns.disk_room import DiskRoom, paused
from basetype_benchmark.workflows.campaigns.disk_watch import DiskWatch
from basetype_benchmark.workflows.campaigns.environment import describe_environment
from basetype_benchmark.workflows.campaigns.finished_cells import FinishedCells
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.campaigns.kept_store import KeptStore, run_on_store
from basetype_benchmark.workflows.campaigns.lock_files import LOCK_FILE, MEASURING_LOCK
from basetype_benchmark.workflows.campaigns.records import cell_record, planned_cell
from basetype_benchmark.workflows.plans.plan import Cell, Plan


@dataclass(kw_only=True)
class StoreCourse:
    """What the cell before has left loaded, for the next one of the same scenario."""

    kept: KeptStore | None = None


class OpenCampaign:
    """The one writer of a campaign's folder."""

    def __init__(self, record: CampaignRecord, harness: Harness, room: DiskRoom) -> None:
        self.path = harness.settings.results_dir / record.campaign
        self.record = record
        self.cells: list[CellRecord] = []
        self.is_complete = False
        self._home = harness.settings.home
        self._datasets_dir = harness.settings.datasets_dir
        self._room = room
        self._progress = harness.progress
        self._observer = harness.observer
        self._journal = Journal(self.path / JOURNAL_FILE)
        self._finished = FinishedCells(self.path, self._journal, harness.progress, harness.retries)
        self._services: list[ServiceRecord] = _read_services(self.path, harness.progress)

    def update(self, record: CampaignRecord) -> None:
        """Write down a plan that has changed."""
        self.record = record
        write_campaign(self.path, record)
        self._observer.opened(record, self._finished.outcomes(record))

    def plan_cells(self, planned: Sequence[PlannedCell]) -> None:
        """Add cells to the plan, or what they must carry to those that are in it."""
        fresh = {cell.cell: cell for cell in planned}
        cells = {cell.cell: cell for cell in self.record.cells} | fresh
        if tuple(cells.values()) != self.record.cells:
            self.update(replace(self.record, cells=tuple(cells.values())))

    def know_part(self, plan: Plan, bench: Bench) -> None:
        """Note what the dataset of a profile is, and so what its cells must carry.

        Raises:
            CheckFailed: it is another one than what was measured before.
        """
        self._require_same_data(plan.profile, bench.dataset.fingerprint)
        known = {cell.id: planned_cell(bench, cell) for cell in plan.cells}
        profiles = [
            replace(planned, dataset_fingerprint=bench.dataset.fingerprint)
            if planned.profile == plan.profile
            else planned
            for planned in self.record.profiles
        ]
        cells = [known.get(planned.cell, planned) for planned in self.record.cells]
        self.update(replace(self.record, profiles=tuple(profiles), cells=tuple(cells)))
        self._watch_machine()

    def _require_same_data(self, profile: str, fingerprint: str) -> None:
        for planned in self.record.profiles:
            if planned.profile != profile or planned.dataset_fingerprint in (None, fingerprint):
                continue
            raise CheckFailed(
                f"{self.record.campaign} cannot go on here: the dataset {profile} is {fingerprint} "
                f"and was {planned.dataset_fingerprint}; its results would not compare. Bring back "
                "the one that it was begun with, or measure all of it again: btb resume "
                f"{self.record.campaign} --redo"
            )

    def is_done(self, plan: Plan) -> bool:
        """Whether every cell of a profile has its result; takes them up if so."""
        ids = {cell.id for cell in plan.cells}
        planned = [cell for cell in self.record.cells if cell.cell in ids]
        found = [self._finished.find(cell) for cell in planned]
        if None in found:
            return False
        self.cells += [record for record in found if record is not None]
        return True

    def find(self, planned: PlannedCell) -> CellRecord | None:
        """Take up the valid result that a cell has, samples included; None if it has none."""
        found = self._finished.find(planned)
        if found is None:
            return None
        self.cells.append(found)
        self._progress.note(f"{planned.cell}: has its result")
        return self._finished.with_samples(found)

    def run(self, bench: Bench, cell: Cell, course: StoreCourse) -> CellRecord:
        """Give the result of a cell: the one that it has, else that of running it now.

        Raises:
            DiskFull: it could not be written.
        """
        planned = planned_cell(bench, cell)
        found = self.find(planned)
        if found is not None:
            return found
        self._progress.note(f"{cell.id}: {cell.scenario.title}")
        self._room.require(cell)
        self._journal.add(Event.CELL_STARTED, cell=cell.id)
        self._observer.cell_started(cell.id)
        with ExitStack() as measured:
            # What is measured whole is not lost to a Ctrl-C while its servers are stopped.
            watch = CellWatch(
                on_reading=self._observer.cell_read,
                on_measured=lambda: measured.enter_context(first_interrupt_deferred(self._tell)),
            )
            run = run_on_store(bench, cell, self._services, course.kept, watch)
            course.kept = run.kept
            record = cell_record(planned, run)
            self._room.require_after(record)
            self._add(record, watch.log)
        return record

    def _tell(self) -> None:
        self._progress.note("writing the result of this cell, then stopping")

    def complete(self) -> None:
        """Write what is made of all cells, and last of all what stands for "complete".

        Raises:
            CheckFailed: the table of a cell is torn.
            DiskFull: there is no space left.
        """
        names = [record.cell for record in self.cells]
        join_samples(self.path, self.path / CELLS_DIR, names)
        join_readings(self.path, self.path / CELLS_DIR, names)
        write_description(self.path, self._datasets_dir)
        with interrupts_deferred():
            self._journal.add(Event.COMPLETED)
            write_checksums(self.path)
            self.is_complete = True

    def close(self, event: Event, detail: str | None = None) -> None:
        """Note how the run ended, if that can be written any more and the end is not noted yet."""
        if self.is_complete:
            self._observer.closed(Event.COMPLETED)
            return
        with suppress(HostError):
            self._journal.add(event, detail=detail)
        self._observer.closed(event)
        if event in (Event.STOPPED, Event.FAILED):
            self._progress.note(f"go on with: btb resume {self.record.campaign}")

    def note_failure(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> None:
        """Note an error that ended the run; what stops or pauses it is noted by its name."""
        if isinstance(error, Exception) and not isinstance(error, DiskFull):
            self.close(Event.FAILED, str(error))

    def begin(self) -> None:
        """Write the plan, and that this process works on it from now."""
        self.path.mkdir(parents=True, exist_ok=True)
        drop_checksums(self.path)
        set_torn_lines_aside(self.path)
        self._journal.add(Event.OPENED, detail=self.record.host_class)
        self.update(self.record)
        self._progress.note(f"results go to {self.path}")

    def _add(self, record: CellRecord, log: ReadingLog) -> None:
        write_environment(self.path, describe_environment(self._services, self._home))
        write_cell_readings(self.path / CELLS_DIR, record.cell, log)
        written = write_cell(self.path, record)
        result = written.result
        self._journal.add(
            Event.CELL_FINISHED,
            cell=record.cell,
            detail=result.outcome.value,
            elapsed_ns=result.elapsed_ns,
        )
        kept = without_samples(written)
        self._finished.add(kept)
        self.cells.append(kept)
        self._observer.cell_finished(written)
        self._watch_machine(after_cell=record.cell)

    def _watch_machine(self, *, after_cell: str | None = None) -> None:
        """Note how long a fixed work takes now: before the cells of a profile, and after each."""
        reading = measure_sentinel(self._home, after_cell=after_cell)
        add_sentinel_reading(self.path, reading)


@contextmanager
def open_campaign(
    record: CampaignRecord, harness: Harness, room: DiskRoom
) -> Iterator[OpenCampaign]:
    """Hold a campaign, and its home to measure in, while the context is open.

    However it ends, the journal says so; leaving it without an error completes the campaign.

    Raises:
        ServiceUnavailable: another process has the campaign, or measures in this home.
        DiskFull: there was too little room to go on.
    """
    settings = harness.settings
    path = settings.results_dir / record.campaign
    with ExitStack() as locks:
        for folder, name, what in (
            (settings.engines_dir, MEASURING_LOCK, f"the home {settings.home}, to measure in it,"),
            (path, LOCK_FILE, f"the campaign {record.campaign}"),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            locks.enter_context(DataLock(what=what, lock_file=folder / name))
        campaign = OpenCampaign(record, harness, room)
        locks.push(campaign.note_failure)
        watch = DiskWatch(settings.home)
        try:
            with watch:
                campaign.begin()
                yield campaign
                campaign.complete()
        except KeyboardInterrupt:
            if watch.reason is not None:
                campaign.close(Event.PAUSED, watch.reason)
                raise paused(record.campaign, watch.reason) from None
            campaign.close(Event.STOPPED)
            raise
        except DiskFull as error:
            campaign.close(Event.PAUSED, str(error))
            raise paused(record.campaign, str(error)) from None
        campaign.close(Event.COMPLETED)


def _read_services(path: Path, progress: Progress) -> list[ServiceRecord]:
    """Read what servers ran before; what cannot be read is set aside, as results decide alone."""
    if not (path / ENVIRONMENT_FILE).exists():
        return []
    try:
        return list(read_environment(path).services)
    except CheckFailed as error:
        place = set_aside(path, ENVIRONMENT_FILE, [path / ENVIRONMENT_FILE])
        progress.note(f"{ENVIRONMENT_FILE} is set aside in {place}: {error}")
        return []
