"""The files of a campaign, read as far as they can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import jsonschema
import orjson
import pyarrow as pa
from pydantic import ValidationError

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.verify.bounds import find_beyond
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord, EnvironmentRecord
from basetype_benchmark.benchmark.checksums import CHECKSUMS_FILE, read_checksums
from basetype_benchmark.benchmark.gradient import GradientRecord
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, JournalContent, read_journal
from basetype_benchmark.benchmark.monitoring.resources_io import read_readings, readings_path
from basetype_benchmark.benchmark.results_io import (
    CAMPAIGN_FILE,
    CELLS_DIR,
    ENVIRONMENT_FILE,
    GRADIENT_FILE,
    SCHEMA_SOURCES,
    load_schema,
)
from basetype_benchmark.benchmark.samples_io import read_samples, samples_path
from basetype_benchmark.benchmark.sentinel import (
    SENTINEL_FILE,
    SentinelReading,
    read_sentinel_lines,
)
from basetype_benchmark.errors import CheckFailed

_Record = TypeVar("_Record")
_DEEPEST = 40


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A campaign as it lies in a folder; what could not be read is None, or not among `cells`.

    `checksums` are the digests by file of a campaign that says it is complete; None of one that
    does not.
    """

    folder: Path
    campaign: CampaignRecord
    environment: EnvironmentRecord | None
    gradient: GradientRecord | None
    journal: JournalContent
    sentinel: tuple[SentinelReading, ...]
    cells: dict[str, CellRecord]
    checksums: dict[str, str] | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The cells planned that have no result that can be read."""
        return tuple(c.cell for c in self.campaign.cells if c.cell not in self.cells)

    @property
    def data(self) -> CampaignData:
        """The same for whoever analyses it: results in the order planned."""
        planned = dict.fromkeys(cell.cell for cell in self.campaign.cells)
        return CampaignData(
            folder=self.folder,
            campaign=self.campaign,
            environment=self.environment,
            gradient=self.gradient,
            cells=tuple(self.cells[cell] for cell in planned if cell in self.cells),
            sentinel=self.sentinel,
        )

    def samples(self, cell: str) -> pa.Table | None:
        """Read the samples of a cell; None if they cannot be."""
        return _table(read_samples, samples_path(self.folder / CELLS_DIR, cell))

    def readings(self, cell: str) -> pa.Table | None:
        """Read the resource readings of a cell; None if they cannot be."""
        return _table(read_readings, readings_path(self.folder / CELLS_DIR, cell))


def cell_file(cell: str) -> str:
    """Name the file of a cell as findings do."""
    return f"{CELLS_DIR}/{cell}.json"


def read_bundle(folder: Path) -> tuple[Bundle | None, Check]:
    """Read every file against its schema; no bundle where ``campaign.json`` cannot be read."""
    tally = Tally("schemas", "every file is valid against its JSON Schema, or has our columns")
    campaign: CampaignRecord | None = _read(folder, CAMPAIGN_FILE, "campaign", tally)
    if campaign is None:
        return None, tally.result()
    environment: EnvironmentRecord | None = _read_if_there(
        folder, ENVIRONMENT_FILE, "environment", tally
    )
    gradient: GradientRecord | None = _read_if_there(folder, GRADIENT_FILE, "gradient", tally)
    bundle = Bundle(
        folder=folder,
        campaign=campaign,
        environment=environment,
        gradient=gradient,
        journal=_read_journal(folder, tally),
        sentinel=_read_sentinel(folder, tally),
        cells=dict(_read_cells(folder, tally)),
        checksums=_read_checksums(folder, tally),
    )
    _see_presence(bundle, tally)
    return bundle, tally.result()


def _read_cells(folder: Path, tally: Tally) -> Iterator[tuple[str, CellRecord]]:
    for path in sorted((folder / CELLS_DIR).glob("*.json")):
        name = f"{CELLS_DIR}/{path.name}"
        record: CellRecord | None = _read(folder, name, "cell", tally)
        if record is None:
            continue
        tally.demand(record.cell == path.stem, name, "cell", f"is {record.cell}")
        _see_table(read_samples, samples_path(path.parent, path.stem), tally)
        _see_table(read_readings, readings_path(path.parent, path.stem), tally)
        yield path.stem, record


def _see_presence(bundle: Bundle, tally: Tally) -> None:
    """See that what belongs together is there."""
    if bundle.cells and bundle.environment is None:
        tally.demand(
            (bundle.folder / ENVIRONMENT_FILE).exists(), ENVIRONMENT_FILE, "", "is missing"
        )
    if bundle.campaign.gradient is not None and bundle.gradient is None:
        tally.demand((bundle.folder / GRADIENT_FILE).exists(), GRADIENT_FILE, "", "is missing")


def _read_if_there(folder: Path, name: str, schema: str, tally: Tally) -> _Record | None:
    return _read(folder, name, schema, tally) if (folder / name).exists() else None


def _read(folder: Path, name: str, schema: str, tally: Tally) -> _Record | None:
    """Read a file as the record that its schema describes; None if it is not one."""
    try:
        content = (folder / name).read_bytes()
        document = orjson.loads(content)
    except OSError as error:
        tally.demand(False, name, "", f"cannot be read: {error.strerror}")
        return None
    except orjson.JSONDecodeError as error:
        tally.demand(False, name, "", f"is no JSON: {error}")
        return None
    wrong = _first_violation(document, schema)
    tally.demand(wrong is None, name, *(wrong or ("", "")))
    if wrong is not None:
        return None
    try:
        record: _Record = SCHEMA_SOURCES[schema].validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        tally.report(name, ".".join(map(str, first["loc"])), first["msg"])
        return None
    return record


def _first_violation(document: object, schema: str) -> tuple[str, str] | None:
    beyond = find_beyond(document)
    if beyond is not None:
        return beyond, "is more than 64 bits hold"
    validator = jsonschema.Draft202012Validator(load_schema(schema))
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    if error is None:
        return None
    return ".".join(map(str, list(error.absolute_path)[:_DEEPEST])), error.message[:200]


def _read_journal(folder: Path, tally: Tally) -> JournalContent:
    content = read_journal(folder / JOURNAL_FILE)
    _see_lines(JOURNAL_FILE, content.torn_lines, tally)
    return content


def _read_sentinel(folder: Path, tally: Tally) -> tuple[SentinelReading, ...]:
    readings, torn_lines = read_sentinel_lines(folder)
    _see_lines(SENTINEL_FILE, torn_lines, tally)
    return readings


def _see_lines(name: str, torn_lines: int, tally: Tally) -> None:
    tally.demand(torn_lines == 0, name, "", f"{torn_lines} lines cannot be read")


def _read_checksums(folder: Path, tally: Tally) -> dict[str, str] | None:
    try:
        found = read_checksums(folder)
    except CheckFailed as error:
        tally.demand(False, CHECKSUMS_FILE, "", str(error))
        return {}
    return None if found is None else dict(found)


def _see_table(read: Callable[[Path], pa.Table], path: Path, tally: Tally) -> None:
    try:
        read(path)
    except CheckFailed as error:
        tally.demand(False, f"{CELLS_DIR}/{path.name}", "", str(error))
    else:
        tally.demand(True, f"{CELLS_DIR}/{path.name}", "", "")


def _table(read: Callable[[Path], pa.Table], path: Path) -> pa.Table | None:
    try:
        return read(path)
    except CheckFailed:
        return None
