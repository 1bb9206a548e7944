"""Closes a finished campaign for good: its disclosure and its report, then the digests of all."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.benchmark.checksums import write_checksums
from basetype_benchmark.workflows.disclosure import write_disclosure
from basetype_benchmark.workflows.report import write_report


def seal_campaign(folder: Path, datasets_dir: Path | None = None) -> None:
    """Write what stands for "complete"; nothing may be written into the folder after it.

    Raises:
        CheckFailed: a file of the campaign is torn.
        DiskFull: there is no space left.
    """
    write_disclosure(folder, datasets_dir=datasets_dir)
    write_report(folder)
    write_checksums(folder)
