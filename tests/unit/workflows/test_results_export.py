"""All that a campaign has, as tables: nothing is lost on the way to a file and back."""

from dataclasses import asdict, replace
from datetime import UTC
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.analysis.tables.all_tables import all_tables
from basetype_benchmark.analysis.tables.table import Table
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.config.prices import read_prices
from basetype_benchmark.workflows.results_export import README, TableFormat, export_results
from tests.made_campaign import Making, make_campaign
from tests.measured import MadeCell, log_normal, measured_query, write_measured
from tests.records import make_query_use

MAKING = Making(
    scenarios=("P1", "O1", "O2"),
    levels_mib=(32, 128, 512),
    repetitions=2,
    runs=3,
    readings=7,
    is_gradient=True,
    outcomes={
        ("O1", "Q2"): Outcome.UNSUPPORTED,
        ("O1", "Q3"): Outcome.TIMEOUT,
        ("P1", "Q4"): Outcome.WRONG_ANSWER,
    },
    missing=frozenset({"small-2d.O2.0.5g.r2"}),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> CampaignData:
    folder = tmp_path_factory.mktemp("results") / "20260102-030405-small-2d"
    return read_campaign_data(make_campaign(folder, MAKING))


@pytest.fixture(scope="module")
def tables(data: CampaignData) -> dict[str, Table]:
    return {table.name: table for table in all_tables(data, read_prices())}


def read_back(path: Path, schema: pl.Schema) -> pl.DataFrame:
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    texts = {n: pl.String if isinstance(t, pl.Datetime) else t for n, t in schema.items()}
    read = pl.read_csv if path.suffix == ".csv" else pl.read_json
    frame = read(path, schema=texts)
    times = [name for name, dtype in schema.items() if isinstance(dtype, pl.Datetime)]
    return frame.with_columns(pl.col(times).str.to_datetime(time_zone="UTC", time_unit="us"))


@pytest.mark.parametrize("table_format", list(TableFormat))
def test_every_table_comes_back_as_it_was_written(
    data: CampaignData, tables: dict[str, Table], table_format: TableFormat, tmp_path: Path
) -> None:
    folder, written = export_results(data, table_format, prices=read_prices(), output=tmp_path)
    assert folder == tmp_path
    assert [found.name for found in written] == list(tables)
    for found in written:
        table = tables[found.name]
        expected = table.read()
        assert expected.schema == table.schema
        assert found.rows == expected.height
        assert found.rows > 0 or found.name == "query_resources"  # of which the making makes none
        assert_frame_equal(read_back(found.path, table.schema), expected, check_exact=True)


@pytest.mark.parametrize("table_format", list(TableFormat))
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_no_text_is_a_formula_for_a_spreadsheet(
    table_format: TableFormat, text: str, tmp_path: Path
) -> None:
    query = replace(measured_query("Q1", log_normal(1)), name=text)
    data = write_measured(tmp_path, [MadeCell(queries={"Q1": query})])
    folder, _ = export_results(data, table_format, prices=read_prices())
    (schema,) = (t.schema for t in all_tables(data, read_prices()) if t.name == "queries")
    (found,) = read_back(folder / f"queries.{table_format.value}", schema)["name"]
    is_csv = table_format is TableFormat.CSV
    assert found == (f"'{text}" if is_csv else text)
    assert ("apostrophe" in (folder / README).read_text(encoding="utf-8")) == is_csv


def test_without_a_folder_it_goes_beside_the_results(data: CampaignData) -> None:
    folder, written = export_results(data, TableFormat.CSV, prices=read_prices())
    assert folder == data.folder / "exports" / "csv"
    files = {path.name for path in folder.iterdir()}
    assert files == {README, *(f"{found.name}.csv" for found in written)}


def test_every_column_is_explained(data: CampaignData, tables: dict[str, Table]) -> None:
    folder, _ = export_results(data, TableFormat.CSV, prices=read_prices())
    page = (folder / README).read_text(encoding="utf-8")
    parts = dict(
        zip(tables, page.split("\n## ")[1:], strict=True),
    )
    for name, table in tables.items():
        assert parts[name].startswith(f"{name}.csv\n\nA row: {table.row}.")
        for column in table.columns:
            (line,) = [
                line for line in parts[name].splitlines() if line.startswith(f"| `{column.name}` |")
            ]
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            assert len(cells) == 4, line
            assert cells[1] in {"text", "integer", "number", "true or false", "time"}, line
            assert cells[2].endswith((".", ":")), line


def test_no_column_is_without_its_unit(tables: dict[str, Table]) -> None:
    """Whatever is a size, a time or money says in its name which one it is."""
    units = ("_ns", "_bytes", "_s", "_hours", "_j", "_cost", "_kwh", "_kg")
    counts = {
        "repetition", "variant", "run", "rows", "n", "loads", "repetitions", "planned_runs",
        "answered_runs", "expected_rows", "executions", "dataset_seed", "vcpus", "nodes", "edges",
        "samples", "items", "chunks", "decoded_samples", "oom_kills", "counter_restarts",
        "readings_expected", "readings_taken",
    }  # fmt: skip
    for table in tables.values():
        for name, dtype in table.schema.items():
            if dtype.is_numeric():
                assert name.endswith(units) or name in counts, (table.name, name)


def test_the_rows_are_the_things_of_the_campaign(tables: dict[str, Table]) -> None:
    frames = {name: table.read() for name, table in tables.items()}
    cells = frames["cells"]
    assert cells.height == 3 * 3 * 2 - 1
    assert cells["started_at"][0].tzinfo is not None
    assert cells["started_at"][0].astimezone(UTC).year == 2026
    assert frames["samples"].height == frames["queries"]["n"].fill_null(0).sum() + _unanswered()
    assert set(frames["samples"]["cell"]) <= set(cells["cell"])
    levels = frames["levels"]
    assert levels.height == 9
    (last,) = levels.filter(scenario="O2", ram_bytes=512 << 20).to_dicts()
    assert last["missing_cells"] == "small-2d.O2.0.5g.r2"
    assert last["cells"] == "small-2d.O2.0.5g.r1"


def _unanswered() -> int:
    """Samples of Q3 on O1, which timed out: one level works, in two repetitions."""
    return 1 * 2 * MAKING.runs * MAKING.variants


def test_failures_stay_failures(tables: dict[str, Table]) -> None:
    queries = tables["queries"].read()
    wrong = queries.filter(scenario="P1", query="Q4", ram_bytes=512 << 20).to_dicts()
    assert [row["outcome"] for row in wrong] == ["wrong_answer"]
    assert wrong[0]["p50_ns"] > 0  # kept, not ranked
    unsupported = queries.filter(scenario="O1", query="Q2", ram_bytes=512 << 20).to_dicts()
    assert [row["outcome"] for row in unsupported] == ["unsupported"]
    assert unsupported[0]["p50_ns"] is None
    broken = tables["cells"].read().filter(pl.col("outcome") == "oom_load")
    assert broken["load_ns"].null_count() == broken.height > 0
    assert tables["levels"].read().filter(scenario="P1")["is_ok"].to_list() == [False] * 3


def test_what_single_queries_used_is_a_table(tmp_path: Path) -> None:
    query = replace(measured_query("Q1", log_normal(1)), resources=(make_query_use(),))
    data = write_measured(tmp_path, [MadeCell(queries={"Q1": query})])
    (table,) = (t for t in all_tables(data, read_prices()) if t.name == "query_resources")
    (row,) = table.read().to_dicts()
    assert row == {"cell": data.cells[0].cell, "query": "Q1", **asdict(make_query_use())}


def test_a_campaign_without_results_gives_empty_tables(tmp_path: Path) -> None:
    making = Making(scenarios=("P1",), levels_mib=(None,), missing=frozenset({"small-2d.P1.r1"}))
    data = read_campaign_data(make_campaign(tmp_path / "x", making))
    _, written = export_results(data, TableFormat.CSV, prices=read_prices())
    rows = {found.name: found.rows for found in written}
    assert rows["levels"] == 1
    assert rows["services"] == 1
    assert {rows[name] for name in ("cells", "queries", "samples", "resources", "costs")} == {0}
    samples = tmp_path / "x" / "exports" / "csv" / "samples.csv"
    assert samples.read_text().startswith("cell,profile,scenario,")
