"""A manifest that makes no sense is refused where it is read, in words."""

import json
from pathlib import Path
from typing import Any

import pytest

from basetype_benchmark.dataset.manifest import MANIFEST_NAME, read_manifest, write_manifest
from basetype_benchmark.errors import DatasetError
from tests.fakes import make_dataset


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    write_manifest(tmp_path, make_dataset(tmp_path).manifest)
    content: dict[str, Any] = json.loads((tmp_path / MANIFEST_NAME).read_text())
    return content


def refusal(folder: Path, text: str) -> str:
    (folder / MANIFEST_NAME).write_text(text)
    with pytest.raises(DatasetError) as caught:
        read_manifest(folder)
    return str(caught.value)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    manifest = make_dataset(tmp_path).manifest
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest


@pytest.mark.parametrize("text", ["", "{nope", "[]", "\x00"])
def test_what_is_no_manifest_is_damaged(tmp_path: Path, text: str) -> None:
    assert "dataset.json is damaged" in refusal(tmp_path, text)


def test_another_format_is_named_whatever_else_it_holds(
    tmp_path: Path, document: dict[str, Any]
) -> None:
    changed = {**document, "format_version": 99, "of_the_future": True}
    assert "has format 99, this version reads 1" in refusal(tmp_path, json.dumps(changed))


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("start", "2024-01-01T00:00:00", "start: Input should have timezone info"),
        ("end", "2023-12-31T00:00:00Z", "from start to end"),
        ("end", "2024-01-01T00:00:00Z", "from start to end"),
        ("end", "2024-01-02T12:00:00Z", "whole ones"),
        ("counts", {"nodes": {}, "edges": {}, "samples": -1}, "counts.samples"),
        ("fingerprint", None, "fingerprint"),
    ],
)
def test_what_makes_no_sense_is_damaged(
    tmp_path: Path, document: dict[str, Any], key: str, value: object, problem: str
) -> None:
    assert problem in refusal(tmp_path, json.dumps({**document, key: value}))
