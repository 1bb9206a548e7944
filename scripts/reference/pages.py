"""Which pages have parts that are made from the code, and by what.

A part stands between ``<!-- made from the code: NAME -->`` and ``<!-- end -->``; what is around it
is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from scripts.reference import commands, contracts, engines, records, rooms
from scripts.reference.diagram import draw_layers

DOCS = Path(__file__).parents[2] / "docs"
PAGES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "reference/cli.md": commands.make_tables,
    **{f"reference/{page}": commands.make_tables for page in commands.PAGES},
    **{f"reference/results/{page}.md": records.make_tables for page in records.PAGES},
    "reference/engines.md": engines.make_tables,
    "reference/questions.md": contracts.make_tables,
    "explanation/architecture.md": rooms.make_tables,
}
"""By page what makes its parts; pages that share it have each part once between them."""

DRAWINGS: Mapping[str, Callable[[], str]] = {"images/layers.svg": draw_layers}
"""Files that are made from the code as a whole."""

_PART = re.compile(r"(<!-- made from the code: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def make_files() -> Mapping[Path, str]:
    """Give every page and drawing as it should be now.

    Raises:
        KeyError: a page wants a part that there is not.
    """
    pages = {DOCS / name: fill(DOCS / name, make()) for name, make in PAGES.items()}
    return {**pages, **{DOCS / name: draw() for name, draw in DRAWINGS.items()}}


def write_all() -> Iterator[Path]:
    """Write what is stale, and give it."""
    for path, text in make_files().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            yield path


def fill(path: Path, parts: Mapping[str, str]) -> str:
    """Give a page with its parts made anew."""
    page = path.read_text(encoding="utf-8")
    return _PART.sub(lambda found: f"{found[1]}{parts[found[2]]}{found[3]}", page)


def named_parts(path: Path) -> list[str]:
    """Name the parts that a page asks for."""
    return [found[1] for found in _PART.findall(path.read_text(encoding="utf-8"))]
