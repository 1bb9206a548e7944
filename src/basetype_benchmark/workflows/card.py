"""The card of a campaign, for its repository on the Hub."""

from __future__ import annotations

import pyarrow.parquet as pq

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.checksums import REPORT_FILE
from basetype_benchmark.benchmark.fingerprint import code_version
from basetype_benchmark.benchmark.samples_io import SAMPLES_FILE
from basetype_benchmark.report.card.card import render_card


def make_card(data: CampaignData, repository: str) -> bytes:
    """Write the card of a complete campaign; the same files and code give the same bytes."""
    return render_card(
        data,
        repository,
        samples=pq.read_metadata(data.folder / SAMPLES_FILE).num_rows,
        has_report=(data.folder / REPORT_FILE).exists(),
        written_by=code_version(),
    )
