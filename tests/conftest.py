"""Fixtures for all tests: real servers, one of each per session, and golden files."""

import os
import re
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from basetype_benchmark.infrastructure import sentinel
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.units import MIB
from tests.conformance.fault_scores import (
    FAULT_SCORE,
    TextScore,
    describe_scores,
    tabulate_scores,
)
from tests.processes import SharingScheduling

settings.register_profile("half", max_examples=50)
settings.load_profile("half")

GOLDEN_DIR = Path(__file__).parent / "golden"
ROOT_REASON = "needs root: mounts a file system, or acts as another user"
CONFORMANCE = "tests/conformance/"
SAME_ENGINE = re.compile(r"tests/conformance/test_(failures|faulty_texts)\.py::.*\[A2\b")
"""What A1 shows of the same engine, which takes seconds to start."""

SERVER_FIXTURES = {"postgres_service", "oxigraph_service"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write golden files instead of comparing"
    )
    parser.addoption(
        "--forbid-skips", action="store_true", help="a test that is skipped fails, as CI wants"
    )
    parser.addoption(
        "--all-faults", action="store_true", help="put every fault into every text, not a sample"
    )
    parser.addoption("--thorough", action="store_true", help="run the tests marked thorough, too")
    parser.addoption(
        "--fault-scores", type=Path, help="write here, in Markdown, what became of the faults"
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> SharingScheduling:
    """Deal the tests out to processes, whatever ``--dist`` says."""
    return SharingScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if SAME_ENGINE.match(item.nodeid):
            item.add_marker(pytest.mark.thorough)
    if not config.getoption("--thorough"):
        left_out = {item for item in items if item.get_closest_marker("thorough")}
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)
        if item.get_closest_marker("root") and os.geteuid() != 0:
            item.add_marker(pytest.mark.skip(reason=ROOT_REASON))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.getoption("--forbid-skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is forbidden here: {report.longrepr}"
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say which scenarios the conformance suite could run, where it was run, and its scores."""
    reports = [
        r for kind in ("passed", "failed", "error") for r in terminalreporter.getreports(kind)
    ]
    if any(CONFORMANCE in report.nodeid for report in reports):
        # Imported here: it asks every engine whether it can run, and most runs need none.
        from tests.conformance.bench import describe_what_runs  # noqa: PLC0415

        terminalreporter.write_line(describe_what_runs())
    properties = [p for r in reports for p in getattr(r, "user_properties", ())]
    found = [value for name, value in properties if name == FAULT_SCORE]
    if found:
        scores = [TextScore.from_json(str(value)) for value in found]
        terminalreporter.write_line(describe_scores(scores))
        if (path := config.getoption("--fault-scores")) is not None:
            path.write_text(tabulate_scores(scores), encoding="utf-8")


@pytest.fixture(scope="session", autouse=True)
def _quick_sentinel() -> None:
    """Take one reading where a campaign takes the median of many: here nobody looks at noise."""
    sentinel._CPU_ROUNDS = sentinel._DISK_ROUNDS = 1


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
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a file system of a size like ``8m``; skips where nothing can be mounted."""
    places: list[Path] = []

    def mount(size: str) -> Path:
        place = tmp_path / f"disk_{size}"
        place.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={size},mode=755"]
        done = subprocess.run(
            ["mount", *options, "tmpfs", place], check=False, capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"cannot mount a small file system here: {done.stderr.strip()}")
        places.append(place)
        return place

    yield mount
    for place in places:
        subprocess.run(["umount", place], check=True)


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
