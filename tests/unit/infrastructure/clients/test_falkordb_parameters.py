import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.errors import QueryFailed
from basetype_benchmark.infrastructure.clients.falkordb_parameters import literal, parameter_header

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescaped(letter: str) -> str:
    return ESCAPES.get(letter, letter if letter in '"\\' else f"\\{letter}")


def read_text(literal_bytes: bytes) -> str:
    """Read a string as FalkorDB does: a backslash before a letter it does not know is kept."""
    body = literal_bytes.decode()
    assert body[0] == body[-1] == '"'
    letters, result = iter(body[1:-1]), []
    for letter in letters:
        assert letter != '"'
        result.append(unescaped(next(letters)) if letter == "\\" else letter)
    return "".join(result)


@given(TEXTS | st.sampled_from(["\x01", "\x1f\\u001f", "\\u0000", '"; DROP', "\\", '\\"']))
def test_a_text_means_itself(text):
    assert read_text(literal(text)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, b"null"),
        (True, b"true"),
        (-(2**63), b"-9223372036854775808"),
        (1e20, b"1e+20"),
        (1704067200.25, b"1704067200.25"),
        (["a", 1, [2.5, None]], b'["a",1,[2.5,null]]'),
        (["\x01", 1], b'["\x01",1]'),
    ],
)
def test_values_are_written_as_cypher(value, text):
    assert literal(value) == text


def test_the_header_stands_before_the_query():
    header = parameter_header({"id": "b01", "start": 1704067200})
    assert header == b'CYPHER id="b01" start=1704067200 '
    assert parameter_header({}) == b""


@pytest.mark.parametrize("value", ["\0", "a\0b", ["\0"], "\ud800", 2**64, object(), {"a": {1: 2}}])
def test_what_cannot_be_sent_is_refused_in_one_line(value):
    with pytest.raises(QueryFailed, match="FalkorDB cannot be sent") as caught:
        parameter_header({"id": value})
    assert "\n" not in str(caught.value)
