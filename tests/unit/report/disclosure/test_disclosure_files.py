import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.campaign import CampaignRecord, ServiceRecord, SettingRecord
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.benchmark.results import (
    QueryResult,
    VariantResult,
    query_result,
    unsupported_query,
)
from basetype_benchmark.benchmark.strict import describe_record
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.report.disclosure import files
from basetype_benchmark.report.disclosure.files import (
    DISCLOSURE_FILE,
    DISCLOSURE_PAGE,
    load_disclosure_schema,
    read_disclosure,
    write_disclosure_files,
)
from basetype_benchmark.report.disclosure.page import render_disclosure
from basetype_benchmark.report.disclosure.record import DisclosureRecord
from basetype_benchmark.workflows.disclosure import collect_disclosure
from tests.records import (
    make_campaign,
    make_cell,
    make_cell_use,
    make_environment,
    make_gradient_campaign,
    make_result,
    make_samples,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
METER = "b01.f01.meter_common_hvac"


def make_asked(query: str, parameters: dict[str, str]) -> QueryResult:
    variant = VariantResult(
        number=1,
        parameters=parameters,
        expected_rows=4,
        outcome=Outcome.OK,
        expected_sha256="e" * 64,
    )
    return query_result(query, "", [variant], make_samples(query, [5, 6]))


def make_data(folder: Path, campaign: CampaignRecord | None = None) -> CampaignData:
    queries = (
        make_asked("Q1", {"meter_id": METER}),
        unsupported_query("Q13", "comfort", "it has no windows | none"),
    )
    result = replace(make_result(queries=queries), resources=make_cell_use())
    planned = campaign or replace(make_campaign(), queries=("Q1", "Q13"))
    return CampaignData(
        folder=folder,
        campaign=planned,
        environment=make_environment(),
        gradient=None,
        cells=(make_cell(result=result),),
    )


@pytest.fixture
def record(tmp_path: Path) -> DisclosureRecord:
    return collect_disclosure(make_data(tmp_path))


def test_the_shipped_schema_describes_the_record(request: pytest.FixtureRequest) -> None:
    """``--update-golden`` writes it anew."""
    described = {"$schema": DIALECT} | describe_record(DisclosureRecord)
    if request.config.getoption("--update-golden"):
        path = Path(files.__file__).parent / "schema.json"
        text = json.dumps(described, indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")
        load_disclosure_schema.cache_clear()
    jsonschema.Draft202012Validator.check_schema(load_disclosure_schema())
    assert load_disclosure_schema() == described


def test_a_disclosure_comes_back_as_it_was_written(
    tmp_path: Path, record: DisclosureRecord
) -> None:
    write_disclosure_files(tmp_path, record)
    assert read_disclosure(tmp_path) == record
    assert (tmp_path / DISCLOSURE_PAGE).read_text() == render_disclosure(record)


def test_a_torn_disclosure_is_refused_with_its_path(
    tmp_path: Path, record: DisclosureRecord
) -> None:
    with pytest.raises(CheckFailed, match="cannot be read"):
        read_disclosure(tmp_path)
    write_disclosure_files(tmp_path, record)
    path = tmp_path / DISCLOSURE_FILE
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CheckFailed, match=r"disclosure\.json is torn"):
        read_disclosure(tmp_path)


def test_texts_are_told_as_sent_with_the_parameters_of_the_cell(record: DisclosureRecord) -> None:
    [query] = record.queries
    assert (query.scenario, query.query, query.execution) == ("P1", "Q1", "native")
    [message] = query.messages
    assert "$1" in message.text
    assert [value.value for value in message.values] == [METER]
    [given] = record.parameters
    assert given.parameters == {"meter_id": METER}
    assert given.expected_sha256 == "e" * 64


def test_stores_are_told_as_the_loader_makes_them(record: DisclosureRecord) -> None:
    [store] = record.stores
    statements = "\n".join(store.statements)
    for part in ("CREATE TABLE building", "PRIMARY KEY", "PARTITION BY RANGE", "ANALYZE"):
        assert part in statements


def test_counts_meters_and_what_cannot_be_expressed_are_told(record: DisclosureRecord) -> None:
    [data] = record.datasets
    assert (data.nodes, data.edges, data.samples) == (30, 40, 1000)
    [cell] = record.cells
    assert [(meter.source, meter.meter) for meter in cell.meters] == [("postgresql", "cgroup v2")]
    assert [(part.what, part.why) for part in record.left_out] == [
        ("P1 Q13", "it has no windows | none")
    ]
    assert record.not_measured


def test_versions_are_kept_when_the_dataset_is_gone(
    tmp_path: Path, record: DisclosureRecord
) -> None:
    known = replace(record.datasets[0], generator_version="7", format_version=1)
    write_disclosure_files(tmp_path, replace(record, datasets=(known,)))
    assert collect_disclosure(make_data(tmp_path)).datasets == (known,)


def test_the_page_tells_image_settings_and_reasons_whatever_is_in_them(
    record: DisclosureRecord,
) -> None:
    service = ServiceRecord(
        scenario="P1",
        engine="postgresql",
        provider="docker",
        version="PostgreSQL 18",
        ram_bytes=1 << 30,
        image="timescale/timescaledb-ha:pg18",
        image_id="sha256:123",
        cold_start=False,
        settings=(SettingRecord(name="x", value="a | b", reason="two\nlines"),),
    )
    environment = replace(make_environment(), services=(service,))
    page = render_disclosure(replace(record, environment=environment))
    assert "image `timescale/timescaledb-ha:pg18` with the digest `sha256:123`" in page
    assert "no page of its store was cached at its start: no" in page
    assert "| `x` | `a \\| b` | two lines |" in page
    assert "it has no windows | none" in page
    assert page.count("```") % 2 == 0


def test_a_gradient_tells_its_levels_and_nothing_that_was_not_run(tmp_path: Path) -> None:
    data = replace(make_data(tmp_path, make_gradient_campaign()), environment=None, cells=())
    page = render_disclosure(collect_disclosure(data))
    assert "- P1 (iterate_up): 0.25 GiB, 0.5 GiB, 1 GiB" in page
    assert "Nothing has run yet." in page
