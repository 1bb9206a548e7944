"""What a campaign is run with, whatever it measures."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.workflows.campaigns.observer import UNOBSERVED, CampaignObserver
from basetype_benchmark.workflows.placement import ServiceChoice


@dataclass(frozen=True, kw_only=True)
class Harness:
    """Where things lie, where the servers run, and who is told how it goes.

    A result that ended as one of `retries` does not count, and its cell is run again.
    """

    settings: Settings
    choice: ServiceChoice
    progress: Progress = SILENT
    observer: CampaignObserver = UNOBSERVED
    retries: frozenset[CellOutcome] = frozenset()
