import errno
import json
import os
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest

from basetype_benchmark.benchmark import results_io
from basetype_benchmark.benchmark.results_io import (
    SAMPLES_SCHEMA,
    SCHEMA_SOURCES,
    load_schema,
    read_campaign,
    read_cell,
    read_environment,
    write_atomically,
    write_campaign,
    write_cell,
    write_environment,
    write_samples,
)
from basetype_benchmark.errors import CheckFailed, DiskFull
from tests.records import LEGS, make_campaign, make_cell, make_environment


def test_a_cell_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = write_cell(tmp_path, make_cell())
    assert path == tmp_path / "cells" / "tiny-2d.P1.r1.json"
    assert read_cell(path) == make_cell()


def test_campaign_and_environment_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_campaign(tmp_path, make_campaign())
    write_environment(tmp_path, make_environment())
    assert read_campaign(tmp_path) == make_campaign()
    assert read_environment(tmp_path) == make_environment()


@pytest.mark.parametrize("name", SCHEMA_SOURCES)
def test_shipped_schemas_describe_the_records(name: str) -> None:
    described = SCHEMA_SOURCES[name].json_schema(mode="serialization")
    shipped = load_schema(name)
    jsonschema.Draft202012Validator.check_schema(shipped)
    assert {k: v for k, v in shipped.items() if k != "$schema"} == described


def test_written_files_are_valid_against_the_shipped_schemas(tmp_path: Path) -> None:
    written = {
        "cell": write_cell(tmp_path, make_cell()),
        "campaign": write_campaign(tmp_path, make_campaign()),
        "environment": write_environment(tmp_path, make_environment()),
    }
    for name, path in written.items():
        jsonschema.Draft202012Validator(load_schema(name)).validate(json.loads(path.read_bytes()))


@pytest.mark.parametrize(
    ("key", "value"),
    [("elapsed_ns", -1), ("elapsed_ns", "12"), ("outcome", "fine"), ("elapsed_ms", 12)],
)
def test_the_schema_refuses_what_is_not_a_sample(tmp_path: Path, key: str, value: object) -> None:
    document = json.loads(write_cell(tmp_path, make_cell()).read_bytes())
    document["result"]["queries"][0]["samples"][0][key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(load_schema("cell")).validate(document)


def test_samples_keep_every_nanosecond(tmp_path: Path) -> None:
    table = pq.read_table(write_samples(tmp_path, [make_cell(), make_cell("tiny-2d.P1.r2")]))
    assert table.schema.equals(SAMPLES_SCHEMA)
    assert table.column("cell").to_pylist() == ["tiny-2d.P1.r1"] * 3 + ["tiny-2d.P1.r2"] * 3
    assert table.column("elapsed_ns").to_pylist()[:3] == [1_000_000, 2_000_001, 3_000_002]
    assert table.column("graph_ns").to_pylist() == [LEGS.graph_ns] * 6


def test_a_torn_cell_is_refused_with_its_path(tmp_path: Path) -> None:
    path = write_cell(tmp_path, make_cell())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CheckFailed, match=r"tiny-2d\.P1\.r1\.json is torn"):
        read_cell(path)


def test_a_missing_cell_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="cannot be read"):
        read_cell(tmp_path / "cells" / "x.json")


def test_a_write_that_fails_leaves_the_old_content_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cell.json"
    write_atomically(path, b"old")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(results_io.os, "fsync", fail)
    with pytest.raises(DiskFull, match="no space left"):
        write_atomically(path, b"new content")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_before_the_rename_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    path = tmp_path / "cell.json"
    child = os.fork()
    if child == 0:
        results_io.os.fsync = lambda _descriptor: os._exit(9)  # type: ignore[assignment]
        write_atomically(path, b"half")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    assert not path.exists()
