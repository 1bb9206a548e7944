"""What the pages say of the code is what the code has; ``--update-golden`` writes it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from scripts.reference import rooms
from scripts.reference.commands import walk
from scripts.reference.docstrings import attribute_docs, split_null
from scripts.reference.markdown import prose
from scripts.reference.pages import DOCS, DRAWINGS, PAGES, fill, named_parts

from basetype_benchmark.benchmark.results_io import SCHEMA_SOURCES, load_schema
from basetype_benchmark.report.disclosure.files import load_disclosure_schema

WRITE = "to write it: python -m scripts.reference, or pytest --update-golden"


@pytest.mark.parametrize("name", PAGES)
def test_every_part_of_a_page_is_as_the_code_has_it(
    name: str, request: pytest.FixtureRequest
) -> None:
    path, parts = DOCS / name, PAGES[name]()
    check(path, fill(path, parts), request)


@pytest.mark.parametrize("make", set(PAGES.values()), ids=lambda make: make.__module__)
def test_every_part_is_told_once(make: Callable[[], Mapping[str, str]]) -> None:
    pages = [name for name, maker in PAGES.items() if maker is make]
    named = [part for name in pages for part in named_parts(DOCS / name)]
    assert sorted(named) == sorted(make()), f"a part is left out, or twice, in {', '.join(pages)}"


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_are_as_the_code_has_it(name: str, request: pytest.FixtureRequest) -> None:
    check(DOCS / name, DRAWINGS[name](), request)


def check(path: Path, text: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, WRITE


SCHEMAS = {
    **{name: load_schema(name) for name in SCHEMA_SOURCES},
    "disclosure": load_disclosure_schema(),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_of_a_result_says_what_it_means_and_when_it_is_null(name: str) -> None:
    records = {name: SCHEMAS[name], **SCHEMAS[name].get("$defs", {})}
    silent = [
        f"{record}.{field}"
        for record, description in records.items()
        for field, value in description.get("properties", {}).items()
        if not says_enough(value)
    ]
    assert silent == [], "write it below the field, with a last sentence that begins with None:"


def says_enough(value: dict[str, object]) -> bool:
    meaning, null = split_null(str(value.get("description", "")))
    options = value.get("anyOf", [])
    assert isinstance(options, list)
    return bool(meaning) and bool(null) == any(o.get("type") == "null" for o in options)


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        f"{' '.join(path)} {record[0]}"
        for path, command, context in walk()
        for record in [p.get_help_record(context) for p in command.params]
        if record is not None and not record[1].removeprefix("[required]").strip()
    ]
    assert silent == []


def test_every_room_says_what_belongs_there() -> None:
    found = [room for layer in rooms.read_layers() for room in layer]
    inner = [p.parent for p in rooms.PACKAGE.glob("*/*/__init__.py")]
    names = [*found, *(str(path.relative_to(rooms.PACKAGE)) for path in inner)]
    assert [name for name in names if not rooms.purpose(name)] == []


def test_the_layers_are_the_rooms_there_are() -> None:
    folders = {p.parent.name for p in rooms.PACKAGE.glob("*/__init__.py")}
    modules = {p.stem for p in rooms.PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert {room for layer in rooms.read_layers() for room in layer} == folders | modules


def test_a_room_imports_from_below_its_own_layer_only() -> None:
    layers = rooms.read_layers()
    for height, layer in enumerate(layers):
        below = {room for lower in layers[height + 1 :] for room in lower}
        for room in layer:
            assert set(rooms.imported(room)) <= below, room


class Example:
    """For the test below."""

    first: int
    """How many. None: nobody
    counted."""
    second: int


def test_texts_below_fields_are_found_and_taken_apart() -> None:
    docs = attribute_docs(Example)
    assert set(docs) == {"first"}
    assert split_null(docs["first"]) == ("How many.", "nobody counted")


def test_what_looks_like_html_is_escaped_but_in_code() -> None:
    assert prose("<scale> in ``<code>``") == "&lt;scale> in `<code>`"
