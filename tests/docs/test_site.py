"""The site is built without a warning, loads nothing from the network, and is as on GitHub."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.docs.blocks import DOCS, ROOT

COMPARED = ("table", "tr", "li", "pre", "h2", "h3", "blockquote")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return folder


class Found(HTMLParser):
    """What a page loads, and the elements of its article."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.elements: Counter[str] = Counter()
        self._inside = False
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "article":
            self._inside = True
        if self._inside:
            self.elements[tag] += 1
        if tag in ("script", "img", "iframe", "source"):
            self.loads.append(values.get("src") or "")
        if tag == "link" and values.get("rel") not in ("prev", "next", "canonical"):
            self.loads.append(values.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._inside = False


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    outside = [
        (page.name, target)
        for page in site.rglob("*.html")
        for target in Found(page).loads
        if re.match(r"(\w+:)?//", target)
    ]
    assert outside == []
    styles = [p.read_text(encoding="utf-8") for p in (site / "assets/stylesheets").glob("*.css")]
    assert styles
    assert [found for text in styles for found in re.findall(r"url\(['\"]?https?:", text)] == []


def test_the_search_knows_the_pages(site: Path) -> None:
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    assert "iterate_up" in index
    assert "explanation/ram.html" in index
    assert "source/src/" not in index


def test_what_pages_link_to_in_the_source_is_in_the_site(site: Path) -> None:
    text = (site / "explanation" / "architecture.html").read_text(encoding="utf-8")
    targets = re.findall(r'href="\.\./(source/[^"#]+)"', text)
    assert len(targets) > 10
    assert [target for target in targets if not (site / target).is_file()] == []


@pytest.mark.parametrize(
    "page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS))
)
def test_a_page_has_the_same_lists_and_tables_as_on_github(page: Path, site: Path) -> None:
    name = page.relative_to(DOCS).as_posix()
    built = site / re.sub(r"(README)?\.md$", lambda m: "index.html" if m[1] else ".html", name)
    there = Found(built).elements
    html = MarkdownIt("commonmark").enable("table").render(page.read_text(encoding="utf-8"))
    here = Counter(re.findall(r"<(\w+)", html))
    assert {tag: there[tag] for tag in COMPARED} == {tag: here[tag] for tag in COMPARED}
