"""The citation file keeps to its format, and says what the package says."""

from __future__ import annotations

import tomllib

import yaml

from tests.docs.blocks import ROOT

KEYS_OF_1_2_0 = {
    *("abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi"),
    *("identifiers", "keywords", "license", "license-url", "message", "preferred-citation"),
    *("references", "repository", "repository-artifact", "repository-code", "title", "type"),
    *("url", "version"),
}
REQUIRED = {"authors", "cff-version", "message", "title"}


def test_the_citation_file_keeps_to_its_format() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert REQUIRED <= citation.keys() <= KEYS_OF_1_2_0
    assert citation["type"] in ("software", "dataset")
    assert all(isinstance(author["name"], str) for author in citation["authors"])
    assert len(set(citation["keywords"])) == len(citation["keywords"])


def test_the_citation_says_what_the_package_says() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert [a["name"] for a in citation["authors"]] == [a["name"] for a in project["authors"]]
