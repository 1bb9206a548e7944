"""A folder on a disk: where the temporary files of tests lie in memory, no cache is dropped."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

KEPT = Path("/var/tmp")  # a disk by convention, unlike /tmp


@pytest.fixture
def disk_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="btb-test-", dir=KEPT) as folder:
        # Entered by the account of a server too.
        Path(folder).chmod(0o755)
        yield Path(folder)
