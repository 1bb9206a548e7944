"""Writes the JSON `properties` of a node or relation as RDF, losing nothing.

Each scalar is a ``btb:`` literal of its own. What a literal cannot say (lists, objects, nulls, a
name that is another predicate's) stays together in one ``btb:properties`` JSON literal.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.model import Medium, Relation
from basetype_benchmark.errors import DatasetError

LITERAL_COLUMNS = (
    "id",
    "name",
    "equipment_type",
    "domain",
    "space_type",
    "zone_kind",
    "end_use",
    "point_type",
    "quantity",
    "unit",
    "role",
    "signal",
)
"""Columns that are a literal of their node."""

LINK_COLUMNS = {"building_id": "building", "floor_id": "floor", "space_id": "space"}
"""Columns that name another node, and the predicates that link to it."""

_REST = "properties"
_RESERVED = frozenset(
    {*map(rdf.camel_case, LITERAL_COLUMNS), *LINK_COLUMNS.values(), _REST}
    | {rdf.relation_name(r, medium) for r in Relation for medium in (None, *Medium)}
)
# Names of this form stay different from one another in camelCase.
_PROPERTY_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")


def property_tails(text: str) -> list[str]:
    """Write predicate, object, full stop and newline of each property of a JSON object.

    Raises:
        DatasetError: the text is not a JSON object.
    """
    tails, rest = [], {}
    for key, value in _parse(text).items():
        name, term = _predicate_name(key), _scalar_term(value)
        if name is None or term is None:
            rest[key] = value
        else:
            tails.append(f"{rdf.term_iri(name)} {term} .\n")
    if rest:
        literal = rdf.string_literal(json.dumps(rest))
        tails.append(f"{rdf.term_iri(_REST)} {literal}^^<{rdf.RDF}JSON> .\n")
    return tails


def _parse(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise DatasetError(
            f"the properties {text[:80]!r} are not JSON: {error}; generate the dataset again"
        ) from error
    if not isinstance(content, dict):
        raise DatasetError(
            f"the properties {text[:80]!r} are not a JSON object; generate the dataset again"
        )
    return content


def _predicate_name(key: str) -> str | None:
    """Name the predicate of a property; None when it would be another predicate's name."""
    name = rdf.camel_case(key) if _PROPERTY_NAME.fullmatch(key) else None
    return None if name in _RESERVED else name


def _scalar_term(value: object) -> str | None:
    """Write a JSON scalar as a literal; None for what RDF cannot say as one."""
    match value:
        case bool():
            return rdf.typed_literal("true" if value else "false", "boolean")
        case int():
            return rdf.typed_literal(str(value), "integer")
        case float() if math.isfinite(value):
            return rdf.typed_literal(repr(value), "double")
        case str():
            return _text_term(value)
        case _:
            return None


def _text_term(value: str) -> str | None:
    try:
        return rdf.string_literal(value)
    except UnicodeEncodeError:  # a lone surrogate, which JSON can escape and RDF cannot
        return None
