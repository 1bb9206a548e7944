"""The page: whole in itself, with the figures of the summary in it, safe with any name."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.analysis.footprint import footprint_rows
from basetype_benchmark.analysis.footprint_amounts import AMOUNTS
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.benchmark.charts import charts
from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.config.prices import read_prices
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.report.html.axes import place_ms, row_axis
from basetype_benchmark.report.html.build import build_page
from basetype_benchmark.report.html.footprint import footprint_section
from basetype_benchmark.report.html.heatmap import shade_of
from basetype_benchmark.report.html.model import (
    Chart,
    Column,
    Folded,
    Page,
    Section,
    Table,
    Value,
)
from basetype_benchmark.report.html.omissions import omission_section
from basetype_benchmark.report.html.page import read_order, render
from basetype_benchmark.report.html.wording import (
    OUTCOMES,
    milliseconds,
    number_value,
    seconds_value,
    size_value,
)
from basetype_benchmark.units import MIB, NS_PER_S
from tests.made_campaign import NAMES, Making, make_campaign
from tests.records import make_gradient

MAKING = Making(
    scenarios=("P1", "O1", "O2", "F1"),
    levels_mib=(64, 256, 512),
    is_gradient=True,
    outcomes={("O1", "Q2"): Outcome.TIMEOUT, ("F1", "Q9"): Outcome.UNSUPPORTED},
    plan="a <plan> & more",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> CampaignData:
    return read_campaign_data(make_campaign(tmp_path_factory.mktemp("made") / "it", MAKING))


@pytest.fixture(scope="module")
def page(data: CampaignData) -> Page:
    return build_page(data, summarise_campaign(data), read_prices(None))


@pytest.fixture(scope="module")
def html(page: Page) -> str:
    return render(page)


def parts_of(page: Page, kind: type) -> Iterator:
    sections = [*(s for view in page.profiles for s in view.sections), *page.sections]
    for section in sections:
        for part in section.parts:
            inner = part.part if isinstance(part, Folded) else part
            for found in (inner, inner.table if isinstance(inner, Chart) else None):
                if isinstance(found, kind):
                    yield found


def table_of(page: Page, key: str) -> Table:
    return next(table for table in parts_of(page, Table) if table.key == key)


def test_it_needs_nothing_from_elsewhere(html: str):
    ours = html.replace(charts.library(), "")
    assert len(ours) < len(html) - 1_000_000
    assert "@import" not in ours
    assert "url(" not in ours
    links = set(re.findall(r'(?:src|href)="([^"]*)"', ours))
    beside = {name for name in links if not name.startswith("#")} - {"data:,"}
    assert beside == {"disclosure.md", "disclosure.json", "samples.parquet", "resources.parquet"}
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert unescape(policy).startswith("default-src 'none';")


def test_what_servers_said_is_escaped(html: str):
    assert "<plan>" not in html
    assert "a &lt;plan&gt; &amp; more" in html
    assert "&lt;while loading&gt; &amp; more" in html


def test_data_of_charts_cannot_end_their_script():
    table = Table(key="t", caption="c", columns=(), rows=())
    chart = Chart(
        key="k",
        title="</script><b>",
        label="l",
        caption="c",
        height=100,
        layout={"title": "</script><b>"},
        views=(),
        table=table,
    )
    section = Section(key="s", title="s", lead=(), parts=(chart,))
    html = render(Page(title="t", question="q", facts=(), profiles=(), sections=(section,)))
    assert "</script><b>" not in html


def test_every_chart_is_there_as_it_is_described(page: Page, html: str):
    found = re.findall(r'id="([^"]+)" role="img".*?class="data">(.*?)</script>', html, re.DOTALL)
    made = {chart.key: chart for chart in parts_of(page, Chart)}
    assert [key for key, _ in found] == list(made)
    for key, text in found:
        spec = json.loads(text)
        assert [view["name"] for view in spec["views"]] == [v.name for v in made[key].views]
        for view in spec["views"]:
            assert {t["like"] for t in view["traces"] if "like" in t} <= spec["styles"].keys()


def test_keys_are_unique(page: Page):
    keys = [table.key for table in parts_of(page, Table)]
    assert len(keys) == len(set(keys))


def test_every_chart_says_n_and_unit_and_what_of_intervals(page: Page):
    for chart in parts_of(page, Chart):
        assert re.search(r"\bn (?:=|is told)", chart.caption), chart.key
        assert "interval" in chart.caption or chart.key.endswith("-least"), chart.key
        units = (
            json.dumps(chart.layout) + chart.caption + json.dumps([v.panels for v in chart.views])
        )
        assert re.search(r"\b(?:ms|s|MiB|RAM)\b|%", units), chart.key
        assert chart.table.rows, chart.key


def test_the_grid_has_every_median_of_the_summary_and_no_other(page: Page, data: CampaignData):
    grid = table_of(page, "d1-grid")
    levels = summarise_campaign(data).levels
    assert len(grid.rows) == len(levels)
    for row, level in zip(grid.rows, levels, strict=True):
        assert row[0].text == level.scenario
        for value, name in zip(row[3:], NAMES, strict=True):
            query = level.find(name)
            if query is not None and query.is_ok and query.latency is not None:
                assert value.text == milliseconds(query.latency.p50_ns)
                assert value.shade is not None
            else:
                assert value.mark == (query.outcome if query else "none")
                assert value.text == OUTCOMES[query.outcome]
                assert value.shade is None


def test_all_figures_have_a_row_for_each_query_of_each_level(page: Page, data: CampaignData):
    queries = summarise_campaign(data).queries
    rows = table_of(page, "d1-all").rows
    assert [row[2].text for row in rows] == [query.query for query in queries]
    told = [row for row in rows if row[4].mark == "timeout"]
    assert {row[2].text for row in told} == {"Q2"}
    assert {row[8].text for row in told} == {"it ended with timeout"}


def test_legs_add_up_to_a_hundred_percent(page: Page):
    chart = next(c for c in parts_of(page, Chart) if c.key == "d1-legs")
    for view in chart.views:
        shares: dict[str, float] = {}
        for trace in view.traces:
            for name, share in zip(trace["y"], trace["x"], strict=True):
                shares[name] = shares.get(name, 0) + share
        assert shares
        assert all(share == pytest.approx(100, abs=0.2) for share in shares.values())


def test_the_work_of_the_client_is_told_where_there_is_some(page: Page):
    rows = table_of(page, "d1-chunks-table").rows
    assert {row[0].text for row in rows} == {"O1"}
    assert rows[0][8].text == "4.375"  # 70 chunks in 16 runs


def test_what_is_missing_is_said(page: Page):
    section = next(s for s in page.sections if s.key == "omissions")
    told = json.dumps([part.items for part in section.parts if hasattr(part, "items")])
    assert "bytes read (" in told
    assert "Energy: this host does not tell it." in told
    assert "no noise sentinel ran" in told
    outcomes = {row[2].text for row in table_of(page, "no-time").rows}
    assert outcomes == {"timeout", "unsupported", "not run"}


def test_a_level_that_failed_above_one_that_passed_is_doubtful(data: CampaignData):
    section = omission_section(replace(data, gradient=make_gradient()), summarise_campaign(data))
    doubts = next(p.items for p in section.parts if getattr(p, "title", "") == "Doubtful")
    told = "P1 passed at 128 MiB and failed at 0.25 GiB: memory alone does not explain that."
    assert told in doubts


def test_rows_of_charts_are_named_from_above_and_have_room_beside_them():
    axis = row_axis(["P1", "O1"])
    assert axis["categoryarray"] == ["O1", "P1"]
    assert axis["range"] == [-0.6, 1.6]
    assert [place_ms(t) for t in (0, 1_234_567, 98_765_432_100)] == [0, 1.235, 98770]


def test_missing_cells_are_named(tmp_path: Path):
    making = Making(
        scenarios=("P1",), levels_mib=(64, 256), missing=frozenset({"small-2d.P1.0.25g.r1"})
    )
    data = read_campaign_data(make_campaign(tmp_path / "made", making))
    page = build_page(data, summarise_campaign(data), read_prices(None))
    section = next(s for s in page.sections if s.key == "omissions")
    told = "1 of 2 cells planned have no result: small-2d.P1.0.25g.r1."
    assert told in section.parts[0].items


def test_without_plans_it_is_said_so(tmp_path: Path, facts_of: Callable):
    data = read_campaign_data(make_campaign(tmp_path / "m", Making(scenarios=("P1",))))
    page = build_page(data, summarise_campaign(data), read_prices(None))
    plans = next(s for s in page.sections if s.key == "plans")
    assert plans.lead[0].startswith("No plans were captured")


@pytest.mark.parametrize(
    ("scenarios", "shown"),
    [(8, ("medium-2d", "small-2d", "tiny-2d")), (9, ("medium-2d",))],
)
def test_of_many_plans_those_of_the_biggest_dataset_are_shown(
    tmp_path: Path, scenarios: int, shown: tuple[str, ...]
):
    making = Making(
        profiles=("tiny-2d", "small-2d", "medium-2d"),
        scenarios=tuple(SCENARIOS)[:scenarios],
        levels_mib=(None,),
        plan="a plan",
    )
    data = read_campaign_data(make_campaign(tmp_path / "made", making))
    page = build_page(data, summarise_campaign(data), read_prices(None))
    plans = next(s for s in page.sections if s.key == "plans")
    titles = [part.title for part in plans.parts if isinstance(part, Folded)]
    assert len(titles) == len(shown) * scenarios
    assert tuple(dict.fromkeys(title.partition(",")[0] for title in titles)) == shown
    assert ("Of medium-2d alone" in plans.lead[0]) == (len(shown) == 1)


def test_the_footprint_is_told_where_the_need_is_and_of_every_cell(page: Page, data: CampaignData):
    rows = table_of(page, "footprint").rows
    assert {(r[0].text, r[2].text) for r in rows} == {
        ("P1", "64 MiB"),
        *((scenario, "0.25 GiB") for scenario in ("O1", "O2", "F1")),
    }
    every = footprint_rows(data)
    told = table_of(page, "footprint-all")
    assert [column.name for column in told.columns][5:] == [*AMOUNTS]
    for shown, row in zip(told.rows, every, strict=True):
        assert (shown[0].text, shown[4].text) == (row.scenario, row.phase)
        assert shown[5].order == row.cpu_s
        assert shown[7].order == row.used_gib_hours
        assert (shown[8].text, shown[8].mark) == ("", "none")  # bytes read are not measured
        assert shown[9].order == (row.written_bytes or 0) / MIB
        assert shown[10].text == "no meter"


def test_without_limits_the_footprint_is_that_of_every_cell(tmp_path: Path):
    making = Making(scenarios=("P1",), levels_mib=(None,), repetitions=2)
    data = read_campaign_data(make_campaign(tmp_path / "made", making))
    page = build_page(data, summarise_campaign(data), read_prices(None))
    assert [(r[3].text, r[4].text) for r in table_of(page, "footprint").rows] == [
        *(("1", "load"), ("1", "measure"), ("2", "load"), ("2", "measure"))
    ]


def test_nobody_watched_and_there_is_no_footprint(tmp_path: Path):
    making = Making(scenarios=("P1",), levels_mib=(None,), is_watched=False)
    data = read_campaign_data(make_campaign(tmp_path / "made", making))
    assert footprint_section(data) is None


def test_a_year_is_reckoned_where_the_least_ram_is_known(page: Page):
    rows = table_of(page, "cost-table").rows
    assert ("P1", "least viable", "64 MiB") in {(r[0].text, r[2].text, r[3].text) for r in rows}


def test_shades_are_by_how_many_times_the_least_time_it_is():
    assert [shade_of(t, 10.0) for t in (10, 12, 13, 20, 39, 40, 320, 9999)] == [
        *(0, 0, 1, 2, 2, 3, 6, 6)
    ]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("0.5 GiB", 512),
        ("362 MiB", 362),
        ("12 345", 12345),
        ("1.4e-05", 1.4e-5),
        ("no limit", None),
        ("oom", None),
    ],
)
def test_orders_are_read_as_the_script_does(text: str, order: float | None):
    assert read_order(text) == order


@pytest.mark.parametrize("value", [1234.0, 2837.4, 123_456.0])
def test_numbers_of_tables_are_read_in_order_and_without_exponent(value: float):
    shown = number_value(value)
    assert "e" not in shown.text
    assert read_order(shown.text) == round(value)
    assert size_value(value * MIB) == number_value(value, digits=4)
    assert seconds_value(value * NS_PER_S) == shown


def test_an_order_is_written_only_where_the_text_does_not_tell_it():
    rows = (
        (Value(text="a"), Value(text="0.25 GiB", order=256.0)),
        (Value(text="b"), Value(text="no limit", order=1e12)),
    )
    columns = (Column(name="n"), Column(name="RAM", is_number=True))
    table = Table(key="t", caption="c", columns=columns, rows=rows)
    section = Section(key="s", title="s", lead=(), parts=(table,))
    html = render(Page(title="t", question="q", facts=(), profiles=(), sections=(section,)))
    assert re.findall(r'<td data-v="([^"]+)"', html) == ["1e+12"]


def test_the_biggest_dataset_that_was_measured_is_shown_first(tmp_path: Path):
    profiles = ("tiny-2d", "small-2d", "medium-2d")
    missing = frozenset({"medium-2d.P1.r1"})
    making = Making(profiles=profiles, scenarios=("P1",), levels_mib=(None,), missing=missing)
    data = read_campaign_data(make_campaign(tmp_path / "made", making))
    page = build_page(data, summarise_campaign(data), read_prices(None))
    assert [view.profile for view in page.profiles] == ["small-2d", "tiny-2d", "medium-2d"]
