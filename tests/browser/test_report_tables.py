"""The tables of the report in a browser: sorted, filtered, and failures never among the ranked."""

from playwright.sync_api import Locator

from tests.browser.conftest import Opened

GRID = "#d1-grid"


def column(opened: Opened, name: str) -> list[str]:
    """Give the texts of a column in the rows that are shown, from above."""
    index = opened.page.locator(f"{GRID} thead th").evaluate_all(
        "(heads, name) => heads.findIndex(h => h.dataset.name === name)", name
    )
    return opened.page.locator(f"{GRID} tbody tr:visible").evaluate_all(
        "(rows, i) => rows.map(r => r.cells[i].textContent.trim())", index
    )


def numbers(texts: list[str]) -> list[float | None]:
    return [float(t) if t.replace(".", "").isdigit() else None for t in texts]


def head(opened: Opened, name: str) -> Locator:
    return opened.page.locator(f"{GRID} thead th[data-name='{name}']")


def test_a_click_sorts_and_another_turns_round_but_failures_stay_last(gradient: Opened):
    for direction in ("ascending", "descending"):
        head(gradient, "Q4").get_by_role("button").click()
        assert head(gradient, "Q4").get_attribute("aria-sort") == direction
        found = numbers(column(gradient, "Q4"))
        ranked = [value for value in found if value is not None]
        assert len(ranked) == 10
        assert found == [*sorted(ranked, reverse=direction == "descending"), *[None] * 15]


def test_sorting_by_another_column_forgets_the_first(gradient: Opened):
    head(gradient, "Q1").get_by_role("button").click()
    head(gradient, "RAM").get_by_role("button").click()
    assert gradient.page.locator(f"{GRID} th[aria-sort]").count() == 1
    assert column(gradient, "RAM")[::5] == ["32 MiB", "64 MiB", "128 MiB", "0.25 GiB", "0.5 GiB"]


def test_the_least_ram_is_sorted_by_its_number(gradient: Opened):
    page = gradient.page
    page.locator("#d1-answer-table th[data-name='failed / passed at'] button").click()
    rows = page.locator("#d1-answer-table tbody tr").evaluate_all(
        "rows => rows.map(r => [r.cells[0].textContent, r.cells[2].textContent])"
    )
    assert rows == [
        ["P1", "32 / 64"],
        ["O2", "128 / 256"],
        ["F1", "128 / 256"],
        ["O1", "512 / none"],
        ["D1", "512 / none"],
    ]


def test_rows_are_chosen_by_scenario_and_by_words(gradient: Opened):
    page = gradient.page
    box = page.locator(".table", has=page.locator(GRID))
    scenario = box.locator("select").first
    scenario.select_option("F1")
    assert column(gradient, "scenario") == ["F1"] * 5
    assert box.locator("span[role=status]").text_content() == "5 of 25 rows"
    box.get_by_role("searchbox").fill("oom start")
    assert set(column(gradient, "mean")) == {"oom start"}
    scenario.select_option("")
    assert len(column(gradient, "scenario")) == 11
    box.get_by_role("searchbox").fill("nothing like that")
    assert box.locator("span[role=status]").text_content() == "0 of 25 rows"


def test_failures_have_a_sign_and_a_word_and_no_shade(gradient: Opened):
    for outcome, sign, word in (
        ("unsupported", "∅", "unsupported"),
        ("timeout", "⧗", "timeout"),
        ("wrong_answer", "≠", "wrong"),
        ("error", "✕", "error"),
        ("refused", "⊘", "refused"),
        ("oom", "✕", "oom"),
    ):
        cell = gradient.page.locator(f"{GRID} td.m-{outcome}", has_text=word).first
        assert sign in cell.evaluate("c => getComputedStyle(c, '::before').content")
        assert cell.evaluate("c => [...c.classList].some(n => /^s\\d$/.test(n))") is False


def test_the_least_time_of_a_query_has_the_lightest_shade(gradient: Opened):
    lightest = gradient.page.locator(f"{GRID} td.s0").first
    assert lightest.count() == 1
    q1 = numbers(column(gradient, "Q1"))
    known = [value for value in q1 if value is not None]
    row = q1.index(min(known))
    cell = gradient.page.locator(f"{GRID} tbody tr").nth(row).locator("td").nth(2)
    assert cell.evaluate("c => c.classList.contains('s0')")


def test_what_servers_said_is_text_and_no_markup(gradient: Opened):
    page = gradient.page
    assert page.locator("while, points").count() == 0
    assert "<while loading> & more" in page.locator("#ended").text_content()
    assert "Seq Scan on <points> & more" in page.locator("#plans pre").first.text_content()
