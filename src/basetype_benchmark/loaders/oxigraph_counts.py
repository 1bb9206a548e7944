"""The queries that count what Oxigraph holds: nodes by type, relations by kind, samples."""

from __future__ import annotations

from collections.abc import Iterator

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.model import Medium, NodeType, Relation

COUNT_SAMPLES = f"""
SELECT (SUM(?count) AS ?samples) WHERE {{ ?chunk {rdf.term_iri("sampleCount")} ?count }}
"""


def _values(pairs: Iterator[tuple[str, str]]) -> str:
    """Write the rows of a VALUES block: an IRI and the name under which it counts."""
    return " ".join(f'({rdf.term_iri(term)} "{name}")' for term, name in pairs)


COUNT_NODES = f"""
SELECT ?name (COUNT(*) AS ?count) WHERE {{
  VALUES (?class ?name) {{ {_values((t.value, t.value) for t in NodeType)} }}
  ?node a ?class .
}}
GROUP BY ?name
"""

_FEEDS = rdf.term_iri(rdf.relation_name(Relation.FEEDS))
_BY_MEDIUM = [rdf.relation_name(Relation.FEEDS, medium) for medium in Medium]

# Two nodes may be joined by several FEEDS of different media: each medium counts once, and so does
# a FEEDS without one.
COUNT_RELATIONS = f"""
SELECT ?name (COUNT(*) AS ?count) WHERE {{
  {{
    VALUES (?relation ?name) {{
      {_values((rdf.relation_name(r), r.value) for r in Relation if r is not Relation.FEEDS)}
    }}
    ?source ?relation ?target .
  }} UNION {{
    VALUES (?relation ?name) {{ {_values((name, Relation.FEEDS.value) for name in _BY_MEDIUM)} }}
    ?source ?relation ?target ; {_FEEDS} ?target .
  }} UNION {{
    VALUES ?name {{ "{Relation.FEEDS.value}" }}
    ?source {_FEEDS} ?target .
    FILTER NOT EXISTS {{ ?source {"|".join(map(rdf.term_iri, _BY_MEDIUM))} ?target }}
  }}
}}
GROUP BY ?name
"""
