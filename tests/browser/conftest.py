"""A real browser, and reports of made-up campaigns to open in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from basetype_benchmark.benchmark.outcome import Outcome
from basetype_benchmark.workflows.report import write_report
from tests.made_campaign import Making, make_campaign

KEPT = "BTB_SCREENSHOTS"
"""The folder where screenshots stay, for whoever wants to look at them."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
GRADIENT = Making(
    is_gradient=True,
    outcomes={
        ("O1", "Q2"): Outcome.UNSUPPORTED,
        ("O1", "Q3"): Outcome.TIMEOUT,
        ("D1", "Q4"): Outcome.WRONG_ANSWER,
        ("D1", "Q5"): Outcome.ERROR,
        ("D1", "Q6"): Outcome.REFUSED,
        ("D1", "Q8"): Outcome.OOM,
    },
    plan="Seq Scan on <points> & more",
)
TWO_DATASETS = Making(profiles=("small-2d", "small-1w"), scenarios=("P1", "F1"), levels_mib=(None,))
ONE_CELL = Making(scenarios=("F2",), levels_mib=(None,), is_watched=False)


@dataclass
class Opened:
    """A page, and what it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def draw_all(self) -> None:
        """Go through the page as a reader does, until every chart that is shown is drawn."""
        for chart in self.page.locator(".chart:visible").all():
            chart.scroll_into_view_if_needed()
            self.page.wait_for_function("chart => chart.dataset.drawn", arg=chart.element_handle())
        self.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium: sh tests/browser/chromium.sh installs it, as root")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("chromium"),
            executable_path=chromium,
            headless=True,
            args=ARGUMENTS,
            viewport={"width": 1360, "height": 900},
        )
        context.set_default_timeout(60_000)
        yield context
        context.close()


def _report(tmp_path_factory: pytest.TempPathFactory, making: Making, name: str) -> Path:
    return write_report(make_campaign(tmp_path_factory.mktemp("made") / name, making))


@pytest.fixture(scope="session")
def gradient_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _report(tmp_path_factory, GRADIENT, "20260102-030405-small-2d")


@pytest.fixture(scope="session")
def two_datasets_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _report(tmp_path_factory, TWO_DATASETS, "20260102-030406-small-1w")


@pytest.fixture(scope="session")
def one_cell_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _report(tmp_path_factory, ONE_CELL, "20260102-030407-small-2d")


@pytest.fixture
def open_report(browser: BrowserContext) -> Iterator[Callable[[Path], Opened]]:
    pages: list[Page] = []

    def open_file(path: Path) -> Opened:
        page = browser.new_page()
        pages.append(page)
        opened = Opened(page)
        page.on("console", lambda message: opened.said.append(message.text))
        page.on("pageerror", lambda error: opened.said.append(str(error)))
        page.on("request", lambda request: opened.asked.append(request.url))
        page.goto(path.as_uri())
        return opened

    yield open_file
    for page in pages:
        page.close()


@pytest.fixture
def gradient(open_report: Callable[[Path], Opened], gradient_report: Path) -> Opened:
    return open_report(gradient_report)


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Keep a picture of a page where the environment says, if it does."""

    def keep_picture(page: Page, name: str) -> None:
        if folder := os.environ.get(KEPT):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return keep_picture
