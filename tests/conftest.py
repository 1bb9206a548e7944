"""Fixtures for all tests: real servers, one of each per session, and golden files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from basetype_benchmark.infrastructure.local_service import LocalService
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.units import MIB

GOLDEN_DIR = Path(__file__).parent / "golden"
SERVER_FIXTURES = {"postgres_service", "oxigraph_service"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write golden files instead of comparing"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session")
def postgres_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A PostgreSQL server for the whole session; who uses it cleans up what it made."""
    data_dir = tmp_path_factory.mktemp("engines") / "postgresql"
    with open_postgres(data_dir, ram_bytes=512 * MIB) as service:
        yield service


@pytest.fixture(scope="session")
def oxigraph_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """An Oxigraph server for the whole session; who uses it cleans up what it made."""
    data_dir = tmp_path_factory.mktemp("engines") / "oxigraph"
    with open_oxigraph(data_dir, query_timeout_s=60) as service:
        yield service


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with ``tests/golden/<name>``; ``--update-golden`` writes it instead."""

    def check(name: str, text: str) -> None:
        path = GOLDEN_DIR / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
