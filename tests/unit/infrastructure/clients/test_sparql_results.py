"""Decoding of SPARQL answers: natives by datatype, and no cut answer passes for a whole one."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.dataset.export.rdf import string_literal
from basetype_benchmark.infrastructure.clients.sparql_results import (
    CANCELLED,
    CancelledAnswer,
    MalformedAnswer,
    decode_term,
    parse_tsv,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
WHOLE = '?id\t?n\n"b01 é"\t12\n"b\\"02"\t\n'.encode()


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("", None),
        ('""', ""),
        ('"a"', "a"),
        ('"a\\tb\\n\\\\\\"\\u00e9\\U0001F600"', 'a\tb\n\\"é😀'),
        ('"x"@fr', "x"),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("false", False),
        (f'"7"^^<{XSD}integer>', 7),
        (f'"1.5"^^<{XSD}decimal>', 1.5),
        (f'"2"^^<{XSD}double>', 2.0),
        (f'"0"^^<{XSD}boolean>', False),
        (f'"2024-01-01T01:00:00+01:00"^^<{XSD}dateTime>', datetime(2024, 1, 1, tzinfo=UTC)),
        (f'"2024-01-01T00:00:00Z"^^<{XSD}dateTime>', datetime(2024, 1, 1, tzinfo=UTC)),
        (f'"2024-01-01"^^<{XSD}date>', date(2024, 1, 1)),
        ('"p"^^<https://example.org/own>', "p"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("_:b0", "_:b0"),
    ],
)
def test_a_term_becomes_the_native_of_its_datatype(term: str, value: object) -> None:
    decoded = decode_term(term)
    assert decoded == value
    assert type(decoded) is type(value)


@pytest.mark.parametrize(
    "term",
    [
        '"',
        '"open',
        'close"',
        '"a"b"',
        '"a\\x"',
        "The SPARQL operation",
        "<open",
        ".",
        "+",
        "e5",
        f'"x"^^<{XSD}integer>',
        f'"2"^^<{XSD}boolean>',
        f'"yesterday"^^<{XSD}dateTime>',
        f'"x"^^<{XSD}decimal>',
    ],
)
def test_what_is_no_term_is_refused(term: str) -> None:
    with pytest.raises(MalformedAnswer):
        decode_term(term)


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_written_as_a_literal_is_read_back(text: str) -> None:
    assert decode_term(string_literal(text)) == text


def test_a_whole_answer() -> None:
    answer = parse_tsv(WHOLE)
    assert answer.columns == ("id", "n")
    assert answer.rows == [("b01 é", 12), ('b"02', None)]


def test_an_answer_without_rows() -> None:
    assert parse_tsv(b"?id\n").rows == []


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_an_answer_cut_anywhere_is_refused_or_ends_with_a_line(length: int) -> None:
    part = WHOLE[:length]
    if part.endswith(b"\n"):  # only the transport can tell: HTTP chunks say where the body ends
        assert len(parse_tsv(part).rows) == part.count(b"\n") - 1
    else:
        with pytest.raises(MalformedAnswer):
            parse_tsv(part)


@pytest.mark.parametrize("length", range(len(b"?id\t?n\n"), len(WHOLE) + 1))
def test_an_answer_cancelled_anywhere_is_told_from_a_whole_one(length: int) -> None:
    with pytest.raises(CancelledAnswer):
        parse_tsv(WHOLE[:length] + CANCELLED.encode())


@pytest.mark.parametrize(
    "body", [b'?a\t?b\n"1"\n', b'?a\n"1"\t"2"\n', b"?a\nnonsense\n", b"?a\n\xff\n"]
)
def test_a_row_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        parse_tsv(body)
