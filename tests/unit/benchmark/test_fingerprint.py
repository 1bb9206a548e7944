from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.fingerprint import (
    PACKAGE_DIR,
    CodeVersion,
    cell_fingerprint,
    code_digest,
    code_version,
)
from basetype_benchmark.config.protocol import Protocol
from tests.records import CODE

PROTOCOL = Protocol(warmup=1, runs=3, variants=2)


def fingerprint(**changes: object) -> str:
    facts: dict[str, object] = {
        "code": CODE,
        "dataset_fingerprint": "f",
        "scenario": "P1",
        "queries": ["Q1"],
        "protocol": PROTOCOL,
        "ram_bytes": None,
        "services": {"postgresql": "local"},
        "host_class": "a machine",
    }
    return cell_fingerprint(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"code": replace(CODE, digest="e" * 16)},
        {"dataset_fingerprint": "g"},
        {"scenario": "O2"},
        {"queries": ["Q1", "Q2"]},
        {"protocol": replace(PROTOCOL, runs=4)},
        {"ram_bytes": 1 << 30},
        {"services": {"postgresql": "postgresql://elsewhere"}},
        {"host_class": "another machine"},
    ],
)
def test_whatever_decides_the_measurement_changes_the_fingerprint(
    changes: dict[str, object],
) -> None:
    assert fingerprint(**changes) != fingerprint()


def test_a_commit_alone_does_not_make_a_result_stale() -> None:
    assert fingerprint(code=replace(CODE, commit=None, is_dirty=None)) == fingerprint()


def test_the_code_digest_follows_names_and_content(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select 1")
    first = code_digest(tmp_path)
    (tmp_path / "notes.txt").write_text("no code")
    assert code_digest(tmp_path) == first
    (tmp_path / "a.sql").write_text("select 2")
    second = code_digest(tmp_path)
    (tmp_path / "a.sql").rename(tmp_path / "b.sql")
    assert len({first, second, code_digest(tmp_path)}) == 3


@pytest.mark.parametrize("name", ["page.html.j2", "report.css", "report.js"])
def test_what_pages_are_made_of_is_code(tmp_path: Path, name: str) -> None:
    before = code_digest(tmp_path)
    (tmp_path / name).write_text("x")
    assert code_digest(tmp_path) != before


def test_the_running_code_is_described() -> None:
    found = code_version()
    assert isinstance(found, CodeVersion)
    assert found.digest == code_digest(PACKAGE_DIR)
    assert (found.commit is None) == (found.is_dirty is None)
