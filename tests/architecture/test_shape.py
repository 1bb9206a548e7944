"""The shape of the code: sizes, and no file without a home."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
ALL_PYTHON = [
    *SOURCES,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "benchmarks").rglob("*.py")),
]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("README*.md")])
VAGUE_NAMES = {"utils", "util", "helpers", "common", "misc"}


@pytest.mark.parametrize("path", [*ALL_PYTHON, *PAGES], ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_reaches_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 500


def test_most_source_files_are_under_200_lines() -> None:
    long_files = [p for p in SOURCES if len(p.read_text(encoding="utf-8").splitlines()) > 200]
    assert len(long_files) <= len(SOURCES) * 0.2


def test_no_function_body_is_longer_than_a_screen() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno > 60
    ]
    assert too_long == []


def test_no_module_has_a_vague_name() -> None:
    assert [p for p in ALL_PYTHON if p.stem in VAGUE_NAMES] == []


def test_only_config_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT / "src/basetype_benchmark"))
        for path in SOURCES
        if "os.environ" in path.read_text(encoding="utf-8")
    ]
    assert [r for r in readers if not r.startswith(("config/", "cli/"))] == []


def test_errors_are_caught_broadly_in_two_places_only() -> None:
    broad = [
        f"{path.relative_to(ROOT / 'src/basetype_benchmark')}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert len(broad) <= 2, broad


def test_every_module_can_be_imported_by_itself(tmp_path: Path) -> None:
    modules = [
        ".".join(p.relative_to(ROOT / "src").with_suffix("").parts)
        for p in SOURCES
        if p.name not in ("__init__.py", "__main__.py")
    ]
    code = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
