"""Writes the results of a campaign as they come, so that a crash loses the cell in flight only."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CellRecord, ServiceRecord
from basetype_benchmark.benchmark.monitoring.reading_log import ReadingLog
from basetype_benchmark.benchmark.monitoring.resources_io import add_readings
from basetype_benchmark.benchmark.results_io import write_cell, write_environment, write_samples
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.environment import describe_environment


@dataclass(frozen=True, kw_only=True)
class CampaignFolder:
    """The folder of a campaign, its cells so far, and the servers that ran for them."""

    path: Path
    settings: Settings
    records: list[CellRecord] = field(default_factory=list)
    services: list[ServiceRecord] = field(default_factory=list)

    def add(self, record: CellRecord, log: ReadingLog) -> None:
        """Write a finished cell and what was read of it, and anew the files about all of them.

        Raises:
            DiskFull: it could not be written.
        """
        self.records.append(record)
        write_cell(self.path, record)
        write_samples(self.path, self.records)
        add_readings(self.path, record.cell, log)
        write_environment(self.path, describe_environment(self.services, self.settings.home))
