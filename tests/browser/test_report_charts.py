"""The report in a browser: it opens without a word, and draws what there is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opened

MARKS = """chart => {
    const spec = JSON.parse(chart.nextElementSibling.textContent);
    const view = spec.views.find(v => v.name === chart.dataset.drawn);
    const traces = view.traces.map(t => ({ ...spec.styles[t.like], ...t }));
    const length = t => typeof t.x === "string" ? view.shared[t.x].length : t.x.length;
    const sum = wanted => traces.filter(wanted).map(length).reduce((a, b) => a + b, 0);
    const lines = traces.filter(t => t.type === "scatter" && /lines/.test(t.mode));
    return {
        points: [sum(t => t.type === "scatter" && /markers/.test(t.mode)),
                 chart.querySelectorAll(".scatterlayer path.point").length],
        bars: [sum(t => t.type === "bar"), chart.querySelectorAll(".barlayer g.point").length],
        lines: [lines.filter(t => length(t) > 1).length,
                chart.querySelectorAll(".scatterlayer .lines path.js-line").length],
        width: chart.querySelector(".main-svg").getBoundingClientRect().width,
    };
}"""


def test_the_page_says_nothing_and_asks_for_nothing(gradient: Opened, gradient_report: Path):
    gradient.draw_all()
    assert gradient.said == []
    assert gradient.asked == [gradient_report.as_uri()]


def test_every_chart_has_every_mark_of_its_figures(gradient: Opened):
    gradient.draw_all()
    charts = gradient.page.locator(".chart")
    assert charts.count() == 9
    for chart in charts.all():
        found = chart.evaluate(MARKS)
        assert found["width"] > 500
        for kind in ("points", "bars", "lines"):
            expected, drawn = found[kind]
            assert drawn == expected, (chart.get_attribute("id"), kind)


def test_every_query_can_be_chosen(gradient: Opened):
    page = gradient.page
    page.select_option("select[data-chart=d1-latency]", "Q3 question_3")
    page.wait_for_selector("#d1-latency[data-drawn='Q3 question_3']")
    found = page.locator("#d1-latency").evaluate(MARKS)
    assert found["points"][0] == found["points"][1] > 10
    assert gradient.said == []


def test_the_memory_of_every_cell_can_be_chosen(gradient: Opened):
    page = gradient.page
    options = page.locator("select[data-chart=d1-memory] option")
    assert options.count() == 25
    page.select_option("select[data-chart=d1-memory]", "small-2d.O2.0.5g.r1")
    page.wait_for_selector("#d1-memory[data-drawn='small-2d.O2.0.5g.r1']")
    assert "limit 256 MiB" in page.locator("#d1-memory").text_content()
    assert page.locator("#d1-memory .lines path.js-line").count() == 6  # three parts, two servers


def test_pointing_tells_interval_and_n(gradient: Opened):
    page = gradient.page
    page.locator("#d1-front").scroll_into_view_if_needed()
    page.wait_for_selector("#d1-front[data-drawn]")
    page.locator("#d1-front path.point").first.hover(force=True)
    told = page.locator("#d1-front .hoverlayer")
    page.wait_for_function("() => document.querySelector('#d1-front .hoverlayer').textContent")
    assert "n = " in told.text_content()
    assert " to " in told.text_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_follow_the_scheme_of_the_reader(
    gradient: Opened, scheme: str, keep: Callable[[Page, str], None]
):
    page = gradient.page
    page.emulate_media(color_scheme=scheme)
    gradient.draw_all()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 30)"}[scheme]
    for chart in page.locator(".chart .main-svg:first-child").all():
        assert chart.evaluate("svg => getComputedStyle(svg).backgroundColor") == paper
    keep(page, f"report-{scheme}")


def test_the_switch_overrides_the_scheme_and_is_remembered(gradient: Opened):
    page = gradient.page
    page.emulate_media(color_scheme="light")
    page.select_option("#theme", "dark")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 30)"
    page.select_option("#theme", "")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_on_paper_everything_is_drawn_light_and_fits(gradient: Opened, tmp_path: Path):
    page = gradient.page
    page.emulate_media(color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.chart')].every(c => c.dataset.drawn)"
    )
    for svg in page.locator(".chart .main-svg:first-child").all():
        box = svg.evaluate("s => [getComputedStyle(s).backgroundColor, s.clientWidth]")
        assert box == ["rgb(255, 255, 255)", 680]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    paper = page.pdf(format="A4", print_background=True)
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page/") > 3
    assert gradient.said == []


def test_a_narrow_window_is_not_wider_than_itself(
    gradient: Opened, keep: Callable[[Page, str], None]
):
    page = gradient.page
    page.set_viewport_size({"width": 360, "height": 740})
    gradient.draw_all()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    keep(page, "report-narrow")


def test_one_dataset_is_shown_at_a_time(
    open_report: Callable[[Path], Opened], two_datasets_report: Path
):
    opened = open_report(two_datasets_report)
    page = opened.page
    headings = page.get_by_role("heading", name="The answer")
    assert headings.count() == 1
    assert page.locator("nav li:visible").count() == page.locator("section:visible").count()
    page.select_option("#profile", "small-1w")
    assert headings.count() == 1
    assert "small-1w" in page.locator("section.answer:visible").text_content()
    opened.draw_all()
    assert opened.said == []


def test_a_single_cell_that_nobody_watched_is_a_page_too(
    open_report: Callable[[Path], Opened], one_cell_report: Path
):
    opened = open_report(one_cell_report)
    opened.draw_all()
    assert opened.page.locator(".chart").count() == 3  # time, load, legs
    assert "no limit was set" in opened.page.locator("section.answer").text_content()
    assert opened.said == []
