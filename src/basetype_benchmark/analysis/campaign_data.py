"""Everything that a campaign has written, read once for whoever analyses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord, EnvironmentRecord
from basetype_benchmark.benchmark.gradient import GradientRecord
from basetype_benchmark.benchmark.monitoring.resources_io import read_readings, readings_path
from basetype_benchmark.benchmark.results_io import (
    CELLS_DIR,
    ENVIRONMENT_FILE,
    GRADIENT_FILE,
    cell_path,
    read_campaign,
    read_cell,
    read_environment,
    read_gradient,
)
from basetype_benchmark.benchmark.samples_io import read_samples, samples_path
from basetype_benchmark.benchmark.sentinel import SentinelReading, read_sentinel


@dataclass(frozen=True, kw_only=True)
class CampaignData:
    """A campaign as it lies in its folder, finished or not.

    `cells` are the results there are, in the order planned, without their samples. `environment`
    is None before the first cell has ended, `gradient` where levels were not searched for.
    `sentinel` are the readings of the noise sentinel in the order taken.
    """

    folder: Path
    campaign: CampaignRecord
    environment: EnvironmentRecord | None
    gradient: GradientRecord | None
    cells: tuple[CellRecord, ...]
    sentinel: tuple[SentinelReading, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The cells planned that have no result."""
        found = {record.cell for record in self.cells}
        return tuple(planned.cell for planned in self.campaign.cells if planned.cell not in found)

    def samples(self) -> pl.DataFrame:
        """Read every sample of these cells, see `SAMPLES_SCHEMA`.

        Raises:
            CheckFailed: a table is missing, torn, or not of this version.
        """
        folder = self.folder / CELLS_DIR
        return _concatenate([read_samples(samples_path(folder, c.cell)) for c in self.cells])

    def cell_samples(self, cell: str, columns: Sequence[str]) -> pl.DataFrame:
        """Read these columns of the samples of one cell; with many cells all are too much at once.

        Raises:
            CheckFailed: the table is missing, torn, or not of this version.
        """
        table = read_samples(samples_path(self.folder / CELLS_DIR, cell))
        return _concatenate([table.select(list(columns))])

    def readings(self, cell: str) -> pl.DataFrame:
        """Read the resource readings of one cell, see `RESOURCES_SCHEMA`.

        Raises:
            CheckFailed: the table is missing, torn, or not of this version.
        """
        return _concatenate([read_readings(readings_path(self.folder / CELLS_DIR, cell))])


def read_campaign_data(folder: Path) -> CampaignData:
    """Read what a campaign has written; running or finished.

    Raises:
        CheckFailed: a file is torn, not of this version, or not what was written with a result.
    """
    campaign = read_campaign(folder)
    places = [cell_path(folder, planned.cell) for planned in campaign.cells]
    return CampaignData(
        folder=folder,
        campaign=campaign,
        environment=read_environment(folder) if (folder / ENVIRONMENT_FILE).exists() else None,
        gradient=read_gradient(folder) if (folder / GRADIENT_FILE).exists() else None,
        cells=tuple(read_cell(place) for place in places if place.exists()),
        sentinel=read_sentinel(folder),
    )


def _concatenate(tables: list[pa.Table]) -> pl.DataFrame:
    frame = pl.from_arrow(pa.concat_tables(tables)) if tables else pl.DataFrame()
    assert isinstance(frame, pl.DataFrame)  # of a table, never a series
    return frame
