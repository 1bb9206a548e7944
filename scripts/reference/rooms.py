"""The rooms of the source tree: what each is for, and which it takes from, as the code has it."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import grimp

from scripts.reference.markdown import code, prose, table

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "basetype_benchmark"
SOURCE = "../../src/basetype_benchmark"


def make_tables() -> Mapping[str, str]:
    """Make all tables of the page, by their names."""
    rooms = [room for layer in read_layers() for room in layer]
    head = ("room", "what belongs there", "takes from")
    rows = [(_link(room), purpose(room), ", ".join(map(code, imported(room)))) for room in rooms]
    inner = [(_link(name), purpose(name)) for name in _inner_rooms(rooms)]
    return {
        "rooms": table(head, [(a, b, c or "nothing of ours") for a, b, c in rows]),
        "inner rooms": table(("room", "what belongs there"), inner),
    }


@cache
def read_layers() -> Sequence[Sequence[str]]:
    """Give the layers that import-linter checks, the highest first, each with its rooms."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configuration["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in layers]


def purpose(room: str) -> str:
    """Give the first sentence of what a package or module says of itself; empty if nothing."""
    path = _path(room)
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return prose(text.split("\n\n", maxsplit=1)[0])


@cache
def imported(room: str) -> Sequence[str]:
    """Give the rooms that modules of a room import, in the order of the layers."""
    graph = grimp.build_graph(PACKAGE.name, cache_dir=None)
    name = f"{PACKAGE.name}.{room}"
    modules = {name, *graph.find_descendants(name)}
    found = {
        target.split(".")[1]
        for module in modules
        for target in graph.find_modules_directly_imported_by(module)
        if "." in target
    }
    return [r for layer in read_layers() for r in layer if r in found - {room}]


def is_folder(room: str) -> bool:
    """Whether a room is a package and not a single module."""
    return (PACKAGE / room).is_dir()


def _path(room: str) -> Path:
    return PACKAGE / room / "__init__.py" if is_folder(room) else PACKAGE / f"{room}.py"


def _link(room: str) -> str:
    return (
        f"[`{room}/`]({SOURCE}/{room})" if is_folder(room) else f"[`{room}.py`]({SOURCE}/{room}.py)"
    )


def _inner_rooms(rooms: Sequence[str]) -> Sequence[str]:
    return [
        str(path.parent.relative_to(PACKAGE))
        for room in rooms
        if is_folder(room)
        for path in sorted((PACKAGE / room).glob("*/__init__.py"))
    ]
