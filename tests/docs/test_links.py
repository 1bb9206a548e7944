"""Links between the pages, and from them to files and headings, lead somewhere, on GitHub too."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.docs.blocks import DOCS, ROOT, without_blocks

AROUND = [ROOT / name for name in ("README.md", "README.fr.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES = sorted([*AROUND, *DOCS.rglob("*.md")])

_LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?)\s*#*$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(without_blocks(page.read_text(encoding="utf-8")))
    assert [link for link in links if not leads_somewhere(page, link)] == []


def test_a_broken_link_is_noticed() -> None:
    page = DOCS / "README.md"
    assert leads_somewhere(page, "reference/cli.md#exit-codes")
    assert not leads_somewhere(page, "reference/cli.md#no-such-heading")
    assert not leads_somewhere(page, "reference/nothing.md")


def test_every_page_is_in_the_overview() -> None:
    pages = {page for page in DOCS.rglob("*.md") if page.parent.name != "adr"}
    parts = {page for page in pages if overview_of(page).exists()}
    assert pages - parts - linked_from(DOCS / "README.md") == {DOCS / "README.md"}
    assert {page for page in parts if page not in linked_from(overview_of(page))} == set()


def overview_of(page: Path) -> Path:
    """Give the page that a folder of pages belongs to, if it does: `results.md` of `results/`."""
    return page.parent.with_suffix(".md")


@cache
def linked_from(page: Path) -> set[Path]:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    return {(page.parent / link.split("#")[0]).resolve() for link in links}


def test_every_decision_is_listed() -> None:
    index = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    decisions = {page.name for page in (DOCS / "adr").glob("0*.md")}
    assert decisions == set(_LINK.findall(index))


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    navigation = yaml.safe_load(text[text.index("\nnav:") :])
    made = {"changelog.md", "contributing.md"}
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert sorted(leaves(navigation["nav"])) == sorted(pages | made)


def leaves(branch: object) -> list[str]:
    match branch:
        case dict():
            return [leaf for value in branch.values() for leaf in leaves(value)]
        case list():
            return [leaf for value in branch for leaf in leaves(value)]
    return [str(branch)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or target.suffix != ".md" or anchor in anchors(target)


@cache
def anchors(page: Path) -> set[str]:
    """Give the anchors of a page as GitHub makes them of its headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    found: Counter[str] = Counter()
    names = set()
    for heading in _HEADING.findall(text):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return names
