"""Reads the state of campaigns from their folders, fast enough to do so twice a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, read_journal, utc_now
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult, worst_outcome
from basetype_benchmark.benchmark.results_io import cell_path, read_campaign
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.infrastructure.local.data_lock import is_locked
from basetype_benchmark.infrastructure.local.disk_usage import size_on_disk
from basetype_benchmark.workflows.campaigns.live_status import read_live
from basetype_benchmark.workflows.campaigns.open_campaign import LOCK_FILE
from basetype_benchmark.workflows.campaigns.status import (
    CampaignStatus,
    CellGlance,
    campaign_status,
)
