"""The classes of Brick 1.5, read from the Turtle that the brickschema package ships.

A pattern suffices for the shipped file (one block per subject) and takes 0.1 s where an RDF parser
takes 4 s; `test_brick.py` checks on known classes that it reads what it should.
"""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_SUBJECT = re.compile(r"(brick|rec):(\w+) a ([^;]*)")
_PARENTS = re.compile(r"rdfs:subClassOf ([^;.\[]*)")
_NAME = re.compile(r"(brick|rec):(\w+)")


@dataclass(frozen=True, kw_only=True)
class Ontology:
    """Classes by the name the catalogue gives them."""

    classes: set[str] = field(default_factory=set)
    deprecated: set[str] = field(default_factory=set)
    parents: dict[str, set[str]] = field(default_factory=dict)

    def ancestors(self, name: str) -> set[str]:
        found, waiting = {name}, [name]
        while waiting:
            fresh = self.parents.get(waiting.pop(), set()) - found
            found |= fresh
            waiting += fresh
        return found


@cache
def brick() -> Ontology:
    ontology = Ontology()
    for block in _blocks():
        match = _SUBJECT.match(block)
        if match and re.search("(owl|rdfs):Class", match[3]):
            name = _name(match[1], match[2])
            ontology.classes.add(name)
            ontology.parents[name] = {
                _name(*parent) for text in _PARENTS.findall(block) for parent in _NAME.findall(text)
            }
            if "owl:deprecated true" in block:
                ontology.deprecated.add(name)
    return ontology


def _blocks() -> Iterator[str]:
    spec = importlib.util.find_spec("brickschema")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "ontologies" / "1.5" / "Brick.ttl"
    yield from re.split(r"\n\n(?=\S)", path.read_text(encoding="utf-8"))


def _name(prefix: str, local: str) -> str:
    return local if prefix == "brick" else f"rec:{local}"
