"""What every test of faults begins with: a process to fork campaigns from, and a home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.faults.campaigns import Zygote, make_home, open_zygote


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with open_zygote() as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")
