"""What a store takes on disk."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def size_on_disk(data_dir: Path) -> int:
    """Add up the files of a store; those that vanish meanwhile do not count."""
    total = 0
    for folder, _, names in os.walk(data_dir):
        for name in names:
            with suppress(FileNotFoundError):
                total += (Path(folder) / name).stat().st_size
    return total
