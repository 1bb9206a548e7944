import hashlib
import subprocess
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.checksums import (
    CHECKSUMS_FILE,
    drop_checksums,
    list_files,
    read_checksums,
    write_checksums,
)
from basetype_benchmark.errors import CheckFailed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("campaign.json", "cells/tiny-2d.P1.r1.json", "journal.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_every_file_of_a_campaign_is_listed_and_nothing_of_a_process(folder: Path) -> None:
    (folder / "set_aside" / "x.1").mkdir(parents=True)
    (folder / "exports" / "csv").mkdir(parents=True)
    for name in (
        "campaign.lock",
        "btb.log",
        "btb.log.1",
        "live.json",
        "published.json",
        ".hidden",
        "set_aside/x.1/x.json",
        "exports/csv/cells.csv",
        "cells/.tiny.json.1234.tmp",
    ):
        (folder / name).write_text("x")
    write_checksums(folder)
    due = ["campaign.json", "cells/tiny-2d.P1.r1.json", "journal.jsonl"]
    assert list(list_files(folder)) == due
    found = read_checksums(folder)
    assert found == {name: hashlib.sha256(name.encode()).hexdigest() for name in due}


def test_sha256sum_reads_them(folder: Path) -> None:
    write_checksums(folder)
    check = ["sha256sum", "--check", "--strict", CHECKSUMS_FILE]
    assert subprocess.run(check, cwd=folder, check=False, capture_output=True).returncode == 0
    (folder / "campaign.json").write_text("forged")
    assert subprocess.run(check, cwd=folder, check=False, capture_output=True).returncode == 1


def test_what_is_open_again_has_none(folder: Path) -> None:
    write_checksums(folder)
    drop_checksums(folder)
    drop_checksums(folder)
    assert read_checksums(folder) is None


@pytest.mark.parametrize("text", ["no digest\n", "abc  campaign.json\n", "\x00\xff"])
def test_what_we_do_not_write_is_refused(folder: Path, text: str) -> None:
    (folder / CHECKSUMS_FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(CheckFailed, match=CHECKSUMS_FILE):
        read_checksums(folder)
