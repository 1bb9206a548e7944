"""Which cells of a campaign have a result that counts; what does not count is set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord, PlannedCell
from basetype_benchmark.benchmark.journal import Event, Journal
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results_io import CELLS_DIR, cell_path, read_cell
from basetype_benchmark.benchmark.samples_io import attach_samples, read_samples, samples_path
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.progress import Progress
from basetype_benchmark.workflows.campaigns.aside import set_aside


class FinishedCells:
    """The results that stand in the folder of a campaign: whole, valid, of the fingerprint planned.

    What else stands there under the name of a cell is moved to ``set_aside/`` and never read.
    """

    def __init__(
        self, path: Path, journal: Journal, progress: Progress, retries: frozenset[CellOutcome]
    ) -> None:
        self._path = path
        self._journal = journal
        self._retries = retries
        self._progress = progress
        self._known: dict[str, CellRecord] = {}

    def find(self, planned: PlannedCell) -> CellRecord | None:
        """Give the result of a cell, without samples; None if it has none that counts.

        Raises:
            HostError: one that does not count cannot be moved away.
        """
        place = cell_path(self._path, planned.cell)
        if planned.fingerprint is None or not place.exists():
            return None
        known = self._known.get(planned.cell)
        if known is not None and known.fingerprint == planned.fingerprint:
            return known
        try:
            record = read_cell(place)
        except CheckFailed as error:
            self._set_aside(planned.cell, str(error))
            return None
        if record.fingerprint != planned.fingerprint:
            reason = f"its fingerprint is {record.fingerprint} and not {planned.fingerprint}"
            self._set_aside(planned.cell, reason)
            return None
        outcome = record.result.outcome
        if outcome in self._retries and planned.cell not in self._known:
            self._set_aside(planned.cell, f"it ended as {outcome} and is run again")
            return None
        self._known[planned.cell] = record
        return record

    def add(self, record: CellRecord) -> None:
        """Take note of a result that has just been written: it is not run again."""
        self._known[record.cell] = record

    def outcomes(self, record: CampaignRecord) -> Mapping[str, CellOutcome]:
        """Give the outcomes of the cells of a plan that have a result which counts."""
        found = {planned.cell: self.find(planned) for planned in record.cells}
        return {cell: done.result.outcome for cell, done in found.items() if done is not None}

    def with_samples(self, record: CellRecord) -> CellRecord:
        """Read the samples of a result, too."""
        return attach_samples(
            record, read_samples(samples_path(self._path / CELLS_DIR, record.cell))
        )

    def _set_aside(self, cell: str, reason: str) -> None:
        own = (f"{cell}.json", f"{cell}.samples.", f"{cell}.resources.")
        files = sorted((self._path / CELLS_DIR).glob(f"{cell}.*"))
        folder = set_aside(self._path, cell, [file for file in files if file.name.startswith(own)])
        self._journal.add(Event.SET_ASIDE, cell=cell, detail=reason)
        self._progress.note(f"{cell}: its result is set aside in {folder}: {reason}")


def forget_fingerprints(record: CampaignRecord) -> CampaignRecord:
    """Plan everything anew: no result that there is counts any more."""
    return replace(
        record,
        profiles=tuple(replace(p, dataset_fingerprint=None) for p in record.profiles),
        cells=tuple(replace(cell, fingerprint=None) for cell in record.cells),
    )
