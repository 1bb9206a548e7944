"""The report for those who use a keyboard, a screen reader, or a browser without scripts."""

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import Opened

LEAST_CONTRAST = 4.5

CONTRASTS = """() => {
    const parse = text => (text.match(/[\\d.]+/g) ?? []).map(Number);
    const light = c => {
        const [r, g, b] = c.map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const paper = element => {
        for (let e = element; e; e = e.parentElement) {
            const [r, g, b, a = 1] = parse(getComputedStyle(e).backgroundColor);
            if (a === 1) return [r, g, b];
        }
        return [255, 255, 255];
    };
    const found = [];
    for (const e of document.querySelectorAll("body *")) {
        const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        if (!own || !e.offsetParent || e.closest(".chart, .unseen, script, option, noscript")) {
            continue;
        }
        const [a, b] = [light(parse(getComputedStyle(e).color).slice(0, 3)), light(paper(e))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        found.push([contrast, `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`]);
    }
    return found;
}"""


def test_there_is_one_first_heading_and_no_level_is_left_out(gradient: Opened):
    levels = gradient.page.locator("h1, h2, h3, h4").evaluate_all(
        "found => found.map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_parts_of_the_page_are_landmarks(gradient: Opened):
    page = gradient.page
    for role in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    assert page.locator("html").get_attribute("lang") == "en"


def test_ids_are_unique_and_links_lead_somewhere(gradient: Opened):
    ids = gradient.page.locator("[id]").evaluate_all("found => found.map(e => e.id)")
    ours = [one for one in ids if one]
    assert len(ours) == len(set(ours))
    links = gradient.page.locator("a[href^='#']").evaluate_all(
        "all => all.map(a => a.hash.slice(1))"
    )
    assert set(links) <= set(ours)


def test_every_table_has_a_caption_and_heads_of_columns_and_rows(gradient: Opened):
    lacks = gradient.page.locator("table").evaluate_all(
        """tables => tables.filter(t => !t.caption?.textContent.trim()
            || [...t.tHead.rows[0].cells].some(h => h.scope !== "col" || !h.textContent.trim())
            || [...t.tBodies[0].rows].some(r => r.cells[0].scope !== "row")).map(t => t.id)"""
    )
    assert lacks == []


def test_every_chart_has_words_and_a_table_of_its_figures(gradient: Opened):
    charts = gradient.page.locator(".chart")
    for chart in charts.all():
        assert len(chart.get_attribute("aria-label") or "") > 20
        figure = chart.locator("xpath=ancestor::figure")
        assert len(figure.locator("figcaption").text_content() or "") > 40
        details = figure.locator("details.figures")
        details.locator("summary").click()
        assert details.locator("tbody tr").count() > 0
        assert details.locator("table").is_visible()


def test_every_control_has_a_name(gradient: Opened):
    nameless = gradient.page.locator("select, input, button").evaluate_all(
        """all => all.filter(e => !e.ariaLabel && !e.labels?.length && !e.textContent.trim()
            && !e.closest(".chart")).map(e => e.outerHTML)"""
    )
    assert nameless == []


def test_what_scrolls_can_be_reached_by_keyboard(gradient: Opened):
    gradient.draw_all()
    unreachable = gradient.page.locator("main *").evaluate_all(
        """all => all.filter(e => (e.scrollWidth > e.clientWidth + 1)
            && /auto|scroll/.test(getComputedStyle(e).overflowX) && e.clientWidth
            && e.tabIndex < 0).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert unreachable == []


def test_the_first_stop_leads_past_the_contents(gradient: Opened):
    page = gradient.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_tab_reaches_every_control_and_shows_where_it_is(gradient: Opened):
    page = gradient.page
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => { const e = document.activeElement;
                return [e.tagName, getComputedStyle(e).outlineStyle].join(" "); }"""
            )
        )
    tags = {text.split()[0] for text in reached}
    assert {"A", "SELECT", "BUTTON", "INPUT", "SUMMARY", "TD", "DIV"} <= tags
    unseen = {text for text in reached if text.endswith("none") and text != "BODY none"}
    assert unseen == set()


def test_a_table_is_sorted_by_keyboard(gradient: Opened):
    head = gradient.page.locator("#d1-grid thead th[data-name='Q1']")
    head.get_by_role("button").focus()
    gradient.page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"


def test_arrows_go_through_the_grid_and_each_cell_tells_its_detail(gradient: Opened):
    page = gradient.page
    told = page.locator("output.told")
    page.locator("#d1-grid td[tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert "query Q1" in told.text_content()
    assert "n 16" in told.text_content()
    assert "p50 " in told.text_content()
    assert page.locator("#d1-grid td[tabindex='0']").count() == 1
    page.locator("#d1-grid td.m-timeout").first.hover()
    assert "it ended with timeout" in told.text_content()


def test_a_grid_with_filtered_rows_is_reached_by_keyboard(gradient: Opened):
    page = gradient.page
    box = page.locator(".table", has=page.locator("#d1-grid"))
    where = """() => { const e = document.activeElement;
        return e.tagName === "TD" ? [e.parentElement.cells[0].textContent, e.cellIndex] : []; }"""
    box.get_by_role("searchbox").fill("nothing like that")
    for chosen in ("F1", "O1"):
        box.get_by_role("searchbox").fill("")
        box.locator("select").first.select_option(chosen)
        box.locator("thead button").last.focus()
        page.keyboard.press("Tab")
        assert page.evaluate(where) == [chosen, 1]
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        assert page.evaluate(where) == [chosen, 2]
    assert box.locator("td[tabindex='0']").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(gradient: Opened, scheme: str):
    page = gradient.page
    page.emulate_media(color_scheme=scheme)
    page.locator("details").evaluate_all("all => all.forEach(d => { d.open = true; })")
    found = page.evaluate(CONTRASTS)
    assert len(found) > 500
    assert [text for contrast, text in found if contrast < LEAST_CONTRAST] == []


def test_without_scripts_the_words_and_tables_are_there(
    browser: BrowserContext, gradient_report: Path
):
    page = browser.new_page()
    session = browser.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.goto(gradient_report.as_uri())
    assert page.locator("section.answer p").first.is_visible()
    assert page.locator("#d1-grid tbody tr").count() == 25
    page.close()
