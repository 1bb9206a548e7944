"""The page of a comparison in a browser: the differences first, then ratios that are drawn."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.compare import compare_terms, write_comparison
from tests.browser.conftest import Opened
from tests.made_campaign import Making, make_campaign

MAKING = Making(
    scenarios=("P1", "O1"),
    levels_mib=(32, 512, None),
    repetitions=2,
    outcomes={("O1", "Q2"): Outcome.TIMEOUT},
)


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_campaign(home / "results" / "made", MAKING)
    path = home / "compared.html"
    write_comparison(compare_terms("made:P1", "made:O1", Settings(home=home)), path)
    return path


@pytest.fixture
def compared(open_report: Callable[[Path], Opened], page_file: Path) -> Opened:
    return open_report(page_file)


def test_it_opens_offline_without_a_word_in_the_console(
    compared: Opened, page_file: Path, keep: Callable[[Page, str], None]
) -> None:
    compared.draw_all()
    assert compared.said == []
    assert [url for url in compared.asked if not url.startswith(("file:", "data:"))] == []
    keep(compared.page, "comparison")


def test_what_differs_comes_first_and_a_level_that_failed_has_no_chart(compared: Opened) -> None:
    titles = compared.page.locator("main h2").all_text_contents()
    assert titles == [
        "What differs",
        "small-2d, P1 in A and O1 in B, 32 MiB",
        "small-2d, P1 in A and O1 in B, 0.5 GiB",
        "small-2d, P1 in A and O1 in B, no limit",
        "Loading, disk and memory",
    ]
    assert compared.page.locator(".chart").count() == 2
    assert compared.page.locator("#level-1 .chart").count() == 0


def test_a_chart_has_a_mark_for_each_query_that_is_ranked(compared: Opened) -> None:
    compared.draw_all()
    shown = compared.page.locator("#level-2 .chart").evaluate("e => e.data.flatMap(t => t.y)")
    asked = [f"Q{n}" for n in range(1, 14) if n != 2]
    assert sorted(shown) == sorted([*asked, "all"])  # Q2 timed out in B


def test_the_table_of_a_chart_is_sorted_by_its_ratio(compared: Opened) -> None:
    level = compared.page.locator("#level-2")
    level.locator("details.figures summary").click()
    level.locator("th[data-name='B / A'] button").click()
    texts = level.locator("tbody tr").evaluate_all("rows => rows.map(r => r.cells[5].textContent)")
    ranked = [float(text) for text in texts if text.strip("–")]
    assert ranked == sorted(ranked)
    assert len(ranked) == 12


def test_the_table_of_a_chart_says_of_how_many_executions_it_is(compared: Opened) -> None:
    level = compared.page.locator("#level-2")
    level.locator("details.figures summary").click()
    texts = level.locator("tbody tr").evaluate_all("rows => rows.map(r => r.cells[4].innerText)")
    assert texts == ["2 x 16", "2 x 16 / 0", *["2 x 16"] * 11]  # Q2 timed out in B


@pytest.mark.parametrize("width", [380, 1360])
def test_nothing_is_cut_at_the_edge(compared: Opened, width: int) -> None:
    compared.page.set_viewport_size({"width": width, "height": 900})
    assert compared.page.evaluate("document.documentElement.scrollWidth") <= width
