"""Binds parameters into SPARQL: the only place that builds query text from data.

SPARQL over HTTP has no bound parameters. A text names them as ``$name``, where a term may stand,
usually in a VALUES block: ``VALUES ?meter { $meter_id }``.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from basetype_benchmark.dataset.export.rdf import id_iri, string_literal, typed_literal
from basetype_benchmark.dataset.model import DAY
from basetype_benchmark.errors import ConfigError, UsageError
from basetype_benchmark.queries.catalog import (
    Parameters,
    ParameterType,
    ParameterValue,
    Question,
)

_PLACEHOLDER = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_DAY_OF = {"first_day": "start", "last_day": "end"}
"""What a text about chunks may name beside its parameters, and the time it is worked out of."""


def bind_parameters(text: str, question: Question, parameters: Parameters) -> str:
    """Replace every ``$name`` of `text` by its value as a SPARQL term, in one pass.

    A `node_id` becomes the node's IRI, a `text` a string literal, a `timestamp` an
    ``xsd:dateTime`` in UTC. No value can end its term: an id that no node has gives an IRI that
    matches nothing. A parameter that the text does not name is left out.

    A question with a window also has ``$first_day`` and ``$last_day``, the first and the last UTC
    day that the window touches, as ``xsd:date``: chunks are found by their day. In SPARQL itself
    they would be worked out anew for every chunk, and a date cast from a time carries a zone, which
    makes it incomparable with one that has none.

    Raises:
        ConfigError: the text names a parameter that the question does not have.
        UsageError: a value is missing or not of its parameter's type.
    """
    types = {parameter.name: parameter.type for parameter in question.parameters}
    has_window = types.keys() >= set(_DAY_OF.values())

    def term(match: re.Match[str]) -> str:
        name = match.group(1)
        source = _DAY_OF.get(name, name) if has_window else name
        if source not in types:
            raise ConfigError(
                f"the SPARQL text of {question.id} names ${name}, which is not one of its "
                f"parameters: {', '.join(types) or 'it has none'}"
            )
        if source not in parameters:
            raise UsageError(f"{question.id} lacks a value for its parameter {source}")
        if source != name:
            return _write_day(name, source, parameters[source])
        return _write_term(name, types[name], parameters[name])

    return _PLACEHOLDER.sub(term, text)


def _write_term(name: str, kind: ParameterType, value: ParameterValue) -> str:
    if kind is ParameterType.TIMESTAMP:
        return _write_timestamp(name, value)
    if not isinstance(value, str):
        raise UsageError(f"parameter {name} must be text, not {value!r}")
    if kind is ParameterType.NODE_ID:
        return id_iri(value)
    try:
        return string_literal(value)
    except UnicodeEncodeError as error:
        raise UsageError(f"parameter {name} is not valid Unicode text: {value!r}") from error


def _write_timestamp(name: str, value: ParameterValue) -> str:
    lexical = _utc(name, value).replace(tzinfo=None).isoformat()
    return typed_literal(f"{lexical}Z", "dateTime")


def _write_day(name: str, source: str, value: ParameterValue) -> str:
    moment = _utc(source, value)
    day = moment.date()
    # A window ends before its end: at midnight, the day that begins is not in it.
    if name == "last_day" and moment.time() == time() and day > date.min:
        day -= DAY
    return typed_literal(day.isoformat(), "date")


def _utc(name: str, value: ParameterValue) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise UsageError(f"parameter {name} must be a time with its zone, not {value!r}")
    return value.astimezone(UTC)
