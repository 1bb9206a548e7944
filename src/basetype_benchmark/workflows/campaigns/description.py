"""What a finished campaign says of itself for others: its disclosure and its report."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.workflows.disclosure import write_disclosure
from basetype_benchmark.workflows.report import write_report


def write_description(folder: Path, datasets_dir: Path | None = None) -> None:
    """Write both into the folder of a campaign.

    Raises:
        CheckFailed: a file of the campaign is torn.
        DiskFull: there is no space left.
    """
    write_disclosure(folder, datasets_dir=datasets_dir)
    write_report(folder)
