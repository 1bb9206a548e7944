r"""Writes parameters for FalkorDB, which has no binding of its own: they travel as Cypher text.

Its clients put a header before the query, ``CYPHER name=literal ...``, and the server reads the
literals apart from the query's text. This is the one place where values become such text.

In a string, FalkorDB takes a backslash before a quote, a backslash, or one of the letters
``bfnrt``; it knows no ``\u``, and any other letter stands for itself, raw line ends included. A
null character ends the whole command, so that no text with one can be sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from basetype_benchmark.errors import QueryFailed

_RARE_ESCAPE = b"\\u00"


def parameter_header(parameters: Mapping[str, object]) -> bytes:
    """Give the header that binds `parameters`, empty when there are none.

    Values are texts, 64-bit integers, finite floats, booleans, None, and lists of them. Names are
    ours.

    Raises:
        QueryFailed: a value cannot be sent: a null character, no Unicode, or an integer too large.
    """
    if not parameters:
        return b""
    literals = (b"%b=%b" % (n.encode(), literal(value)) for n, value in parameters.items())
    return b"CYPHER " + b" ".join(literals) + b" "


def literal(value: object) -> bytes:
    r"""Write one value as a Cypher literal, see `parameter_header`.

    JSON is that literal but for the rare control characters, which it writes as ``\u001f``: a
    value whose JSON has such a sequence is written by hand.
    """
    try:
        text = orjson.dumps(value)
    except TypeError as error:  # orjson's errors are of this class
        raise QueryFailed(f"FalkorDB cannot be sent {ascii(value)[:80]}: {error}") from None
    return _by_hand(value) if _RARE_ESCAPE in text else text


def _by_hand(value: object) -> bytes:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Sequence):
        return b"[" + b",".join(map(_by_hand, value)) + b"]"
    return orjson.dumps(value)


def _quoted(text: str) -> bytes:
    if "\0" in text:
        raise QueryFailed(
            f"FalkorDB cannot be sent {ascii(text)[:80]}: it takes no null character, and holds no "
            "text with one"
        )
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode()
