"""How the data model is named in RDF: IRIs, predicates and literals.

Every storage of the graph as triples and every SPARQL query goes through these functions, so that
an id is one IRI everywhere. The forms are valid in N-Triples, Turtle and SPARQL alike.
"""

from __future__ import annotations

import re
from urllib.parse import quote

ID_BASE = "https://basetype-benchmark.org/id/"
EDGE_BASE = "https://basetype-benchmark.org/edge/"
VOCABULARY = "https://basetype-benchmark.org/ns#"
BRICK = "https://brickschema.org/schema/Brick#"
REC = "https://w3id.org/rec#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"

RDF_TYPE = f"<{RDF}type>"

UNSAFE_IN_IRI = r"[^A-Za-z0-9._~-]"
"""What `encode_id` changes, as a regular expression."""
LOCAL_NAME = r"^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$"
"""What Turtle takes behind a prefix as it is, as a regular expression."""
UNSAFE_IN_LITERAL = r'[\x00-\x1f"\\\x7f]'
"""What `escape_text` changes, as a regular expression."""

_SPECIAL = re.compile(UNSAFE_IN_LITERAL)
_SHORT_ESCAPES = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}


def encode_id(node_id: str) -> str:
    """Percent-encode an id: all but letters, digits and ``-._~``, as UTF-8 bytes.

    Different ids give different texts, whatever they contain; what is not Unicode (a lone
    surrogate) is encoded too, and so names a resource that no store holds.
    """
    return quote(node_id, safe="", errors="surrogatepass")


def id_iri(node_id: str) -> str:
    """Write the IRI of a node, in angle brackets."""
    return f"<{ID_BASE}{encode_id(node_id)}>"


def term_iri(local_name: str) -> str:
    """Write the IRI of a term of our own vocabulary."""
    return f"<{VOCABULARY}{encode_id(local_name)}>"


def class_iri(brick_class: str) -> str:
    """Write the IRI of a class: a bare name is of Brick, ``rec:Level`` of RealEstateCore.

    Brick 1.5 deprecates its own classes of places in favour of RealEstateCore's, which it ships.
    """
    if brick_class.startswith("rec:"):
        return f"<{REC}{encode_id(brick_class.removeprefix('rec:'))}>"
    return f"<{BRICK}{encode_id(brick_class)}>"


def relation_name(relation: str, medium: str | None = None) -> str:
    """Name the predicate of a relation, ``feeds``, or of the relation by one medium, ``feedsAir``.

    The second beside the first is how a medium is said without a node for every relation: paths
    over all media stay ``btb:feeds+``, those over one are ``btb:feedsAir+``.
    """
    return camel_case(relation.lower()) + (camel_case(f"_{medium}") if medium else "")


def camel_case(snake_case: str) -> str:
    """Turn ``is_metered_by`` into ``isMeteredBy``."""
    head, *tail = snake_case.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def string_literal(text: str) -> str:
    """Write a string literal in its canonical form.

    Raises:
        UnicodeEncodeError: the text holds a lone surrogate, which RDF cannot express.
    """
    text.encode("utf-8")
    return f'"{escape_text(text)}"'


def escape_text(text: str) -> str:
    """Escape what may not stand in a literal as it is: quotes, backslashes, control characters."""
    return _SPECIAL.sub(_escape, text)


def typed_literal(lexical: str, datatype: str) -> str:
    """Write a literal of an XSD datatype, given its local name: ``integer``."""
    return f'"{lexical}"^^<{XSD}{datatype}>'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04X}"
