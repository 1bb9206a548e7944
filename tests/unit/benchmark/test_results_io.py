import json
from dataclasses import asdict, replace
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest

from basetype_benchmark.benchmark import results_io
from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord, EnvironmentRecord
from basetype_benchmark.benchmark.gradient import GradientRecord
from basetype_benchmark.benchmark.results_io import (
    CAMPAIGN_FILE,
    ENVIRONMENT_FILE,
    GRADIENT_FILE,
    SCHEMA_SOURCES,
    cell_path,
    load_schema,
    read_campaign,
    read_cell,
    read_environment,
    read_gradient,
    write_campaign,
    write_environment,
    write_gradient,
)
from basetype_benchmark.benchmark.samples_io import (
    SAMPLES_SCHEMA,
    attach_samples,
    join_samples,
    read_samples,
    samples_path,
    without_samples,
)
from basetype_benchmark.benchmark.strict import describe_record
from basetype_benchmark.errors import CheckFailed
from tests.records import (
    CLIENT,
    LEGS,
    make_campaign,
    make_cell,
    make_cell_use,
    make_client_query,
    make_environment,
    make_gradient,
    make_gradient_campaign,
    make_query,
    make_query_use,
    make_result,
    write_whole_cell,
)


def read_with_samples(path: Path) -> CellRecord:
    record = read_cell(path)
    return attach_samples(record, read_samples(samples_path(path.parent, record.cell)))


DIALECT = "https://json-schema.org/draft/2020-12/schema"
RECORDS = {
    "cell": CellRecord,
    "campaign": CampaignRecord,
    "environment": EnvironmentRecord,
    "gradient": GradientRecord,
}


def test_a_cell_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written = write_whole_cell(tmp_path, make_cell())
    read = read_cell(cell_path(tmp_path, "tiny-2d.P1.r1"))
    assert read == without_samples(written)
    samples = read_samples(tmp_path / "cells" / "tiny-2d.P1.r1.samples.parquet")
    assert attach_samples(read, samples) == written
    assert written.result == make_cell().result


def test_campaign_and_environment_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_campaign(tmp_path, make_campaign())
    write_environment(tmp_path, make_environment())
    assert read_campaign(tmp_path) == make_campaign()
    assert read_environment(tmp_path) == make_environment()


def test_a_gradient_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_campaign(tmp_path, make_gradient_campaign())
    write_gradient(tmp_path, make_gradient())
    assert read_campaign(tmp_path) == make_gradient_campaign()
    assert read_gradient(tmp_path) == make_gradient()


def test_what_a_cell_used_comes_back_as_it_was_written_and_is_valid(tmp_path: Path) -> None:
    query = replace(make_query(), resources=(make_query_use(),))
    result = replace(make_result(queries=(query,)), resources=make_cell_use())
    write_whole_cell(tmp_path, make_cell(result=result))
    path = cell_path(tmp_path, "tiny-2d.P1.r1")
    assert read_cell(path) == without_samples(read_with_samples(path))
    assert read_with_samples(path).result == result
    document = json.loads(path.read_bytes())
    use = document["result"]["resources"]["phases"][0]["sources"][0]
    for key, value in (("cpu_user_ns", -1), ("readings_taken", None), ("memory_mb", 1)):
        changed = json.loads(path.read_bytes())
        changed["result"]["resources"]["phases"][0]["sources"][0][key] = value
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(load_schema("cell")).validate(changed)
    assert use["memory_peak_is_exact"] is True
    assert use["memory_pressure_ns"] is None


@pytest.mark.parametrize("name", RECORDS)
def test_shipped_schemas_describe_the_records(name: str, request: pytest.FixtureRequest) -> None:
    """``--update-golden`` writes them anew."""
    described = describe_record(RECORDS[name])
    if request.config.getoption("--update-golden"):
        path = Path(results_io.__file__).parent / "schemas" / f"{name}.json"
        text = json.dumps({"$schema": DIALECT} | described, indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")
        load_schema.cache_clear()
    shipped = load_schema(name)
    jsonschema.Draft202012Validator.check_schema(shipped)
    assert {k: v for k, v in shipped.items() if k != "$schema"} == described


def test_written_files_are_valid_against_the_shipped_schemas(tmp_path: Path) -> None:
    write_whole_cell(tmp_path, make_cell())
    written = {
        "cell": cell_path(tmp_path, "tiny-2d.P1.r1"),
        "campaign": write_campaign(tmp_path, make_campaign()),
        "environment": write_environment(tmp_path, make_environment()),
        "gradient": write_gradient(tmp_path, make_gradient()),
    }
    for name, path in written.items():
        jsonschema.Draft202012Validator(load_schema(name)).validate(json.loads(path.read_bytes()))


@pytest.mark.parametrize(
    ("key", "value"),
    [("planned_runs", -1), ("rows", "12"), ("outcome", "fine"), ("latency_ms", 12)],
)
def test_the_schema_refuses_what_is_not_a_query(tmp_path: Path, key: str, value: object) -> None:
    write_whole_cell(tmp_path, make_cell())
    document = json.loads(cell_path(tmp_path, "tiny-2d.P1.r1").read_bytes())
    document["result"]["queries"][0][key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(load_schema("cell")).validate(document)


def test_samples_keep_every_nanosecond(tmp_path: Path) -> None:
    names = ["tiny-2d.P1.r1", "tiny-2d.P1.r2"]
    for name in names:
        write_whole_cell(tmp_path, make_cell(name))
    table = pq.read_table(join_samples(tmp_path, tmp_path / "cells", names))
    assert table.schema.equals(SAMPLES_SCHEMA)
    assert table.column("cell").to_pylist() == [names[0]] * 3 + [names[1]] * 3
    assert table.column("elapsed_ns").to_pylist()[:3] == [1_000_000, 2_000_001, 3_000_002]
    assert table.column("graph_ns").to_pylist() == [LEGS.graph_ns] * 6
    assert table.column("fetch_ns").to_pylist() == [None] * 6


def test_samples_tell_what_the_client_did(tmp_path: Path) -> None:
    cell = make_cell("tiny-2d.O1.r1", make_result(queries=(make_client_query(),)))
    write_whole_cell(tmp_path, cell)
    path = cell_path(tmp_path, cell.cell)
    assert read_with_samples(path).result == cell.result
    rows = read_samples(samples_path(path.parent, cell.cell)).to_pylist()
    assert [{name: row[name] for name in asdict(CLIENT)} for row in rows] == [asdict(CLIENT)] * 2
    assert [row["graph_ns"] for row in rows] == [None, None]


@pytest.mark.parametrize("table", ["samples", "resources"])
def test_a_cell_is_refused_when_a_table_beside_it_is_not_its_own(
    tmp_path: Path, table: str
) -> None:
    write_whole_cell(tmp_path, make_cell())
    path = tmp_path / "cells" / f"tiny-2d.P1.r1.{table}.parquet"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(CheckFailed, match=f"{table}.parquet is not what was written"):
        read_cell(cell_path(tmp_path, "tiny-2d.P1.r1"))
    path.unlink()
    with pytest.raises(CheckFailed, match=f"{table}.parquet cannot be read"):
        read_cell(cell_path(tmp_path, "tiny-2d.P1.r1"))


def test_a_result_under_the_name_of_another_cell_is_refused(tmp_path: Path) -> None:
    write_whole_cell(tmp_path, make_cell())
    path = cell_path(tmp_path, "tiny-2d.P1.r1").rename(cell_path(tmp_path, "tiny-2d.P1.r2"))
    with pytest.raises(CheckFailed, match="another cell"):
        read_cell(path)


def test_a_torn_cell_is_refused_with_its_path(tmp_path: Path) -> None:
    write_whole_cell(tmp_path, make_cell())
    path = cell_path(tmp_path, "tiny-2d.P1.r1")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CheckFailed, match=r"tiny-2d\.P1\.r1\.json is torn"):
        read_cell(path)


def test_a_missing_cell_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="cannot be read"):
        read_cell(tmp_path / "cells" / "x.json")


@pytest.mark.parametrize("name", SCHEMA_SOURCES)
def test_another_version_of_the_files_is_refused(name: str, tmp_path: Path) -> None:
    write_campaign(tmp_path, make_campaign())
    write_environment(tmp_path, make_environment())
    write_gradient(tmp_path, make_gradient())
    write_whole_cell(tmp_path, make_cell())
    paths = {
        "cell": cell_path(tmp_path, "tiny-2d.P1.r1"),
        "campaign": tmp_path / CAMPAIGN_FILE,
        "environment": tmp_path / ENVIRONMENT_FILE,
        "gradient": tmp_path / GRADIENT_FILE,
    }
    document = json.loads(paths[name].read_bytes())
    document["schema_version"] += 1
    assert not jsonschema.Draft202012Validator(load_schema(name)).is_valid(document)
    paths[name].write_text(json.dumps(document))
    with pytest.raises(CheckFailed, match=r"not a result of this version: schema_version: "):
        {
            "cell": lambda: read_cell(paths["cell"]),
            "campaign": lambda: read_campaign(tmp_path),
            "environment": lambda: read_environment(tmp_path),
            "gradient": lambda: read_gradient(tmp_path),
        }[name]()
