"""Brick 1.5 as the `brickschema` package ships it: the ontology, and its rules asked of a graph.

pyshacl parses and runs the query of a SPARQL constraint anew for every node: a minute for a small
building. So the shapes go to it without those constraints, and each of their queries is asked once
for all nodes.
"""

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyshacl
import rdflib
from rdflib import OWL, RDF, RDFS, SH

BRICK = rdflib.Namespace("https://brickschema.org/schema/Brick#")
PREFIXES = {
    "brick": BRICK,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "ref": rdflib.Namespace("https://brickschema.org/schema/Brick/ref#"),
    "rec": rdflib.Namespace("https://w3id.org/rec#"),
    "unit": rdflib.Namespace("http://qudt.org/vocab/unit/"),
    "btb": rdflib.Namespace("https://basetype-benchmark.org/ns#"),
}


@cache
def ontology() -> rdflib.Graph:
    """Classes and shapes of Brick; it takes over a second to read and is not changed by anybody."""
    spec = importlib.util.find_spec("brickschema")
    assert spec is not None
    assert spec.origin is not None
    return rdflib.Graph().parse(Path(spec.origin).parent / "ontologies" / "1.5" / "Brick.ttl")


def violations(model: rdflib.Graph) -> list[str]:
    """What Brick's shapes find wrong in `model`; nothing of what they find wrong in Brick."""
    return [*_broken_shapes(model), *_broken_queries(model)]


def with_inverses(model: rdflib.Graph) -> rdflib.Graph:
    """Add ``a brick:isPointOf b`` to ``b brick:hasPoint a`` and the like, as a reasoner does."""
    pairs = {*ontology().subject_objects(OWL.inverseOf)}
    inverses = dict(pairs | {(second, first) for first, second in pairs})
    found = rdflib.Graph()
    found += model
    found += ((o, inverses[p], s) for s, p, o in model if p in inverses)
    return found


def _broken_shapes(model: rdflib.Graph) -> Iterator[str]:
    shapes = rdflib.Graph()
    shapes += (triple for triple in ontology() if triple[1] != SH.sparql)
    _, report, _ = pyshacl.validate(model, shacl_graph=shapes, ont_graph=ontology())
    ours = set(model.subjects()) - set(ontology().subjects())
    for result in report.subjects(RDF.type, SH.ValidationResult):
        node = report.value(result, SH.focusNode)
        if node in ours or isinstance(node, rdflib.BNode):
            yield f"{node}: {report.value(result, SH.resultMessage)}"


def _broken_queries(model: rdflib.Graph) -> Iterator[str]:
    both = ontology() + model
    ours = set(model.subjects()) - set(ontology().subjects())
    for constraint in ontology().objects(None, SH.sparql):
        for row in both.query(str(ontology().value(constraint, SH.select)), initNs=PREFIXES):
            if row.this in ours:
                yield f"{row.this}: {ontology().value(constraint, SH.message)}"
