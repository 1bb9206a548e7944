import socket

import pytest

from basetype_benchmark.errors import DiskFull, QueryFailed, QueryRefused, QueryTimeout
from basetype_benchmark.infrastructure.clients.duckdb_client import (
    translate,
    translate_placeholders,
)
from basetype_benchmark.infrastructure.clients.duckdb_messages import duckdb_message
from basetype_benchmark.infrastructure.clients.duckdb_protocol import (
    Cause,
    Refusal,
    Request,
    SqlAnswer,
    receive,
    send,
)


@pytest.fixture
def ends():
    one, other = socket.socketpair()
    with one, other:
        one.settimeout(5)
        other.settimeout(5)
        yield one, other


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a = %(id)s AND b < %(end)s", "a = $id AND b < $end"),
        ("%(id)s%(id)s", "$id$id"),
        ("a LIKE '50%' AND b = '%s'", "a LIKE '50%' AND b = '%s'"),
    ],
    ids=["two", "twice", "none"],
)
def test_placeholders_become_those_of_duckdb(text, sent):
    assert translate_placeholders(text) == sent


def test_a_value_never_enters_the_text():
    message = duckdb_message("SELECT %(x)s", {"x": "'; DROP TABLE sample; --"}, 60)
    assert message.text == "SELECT $x"
    assert [(v.place, v.type, v.value) for v in message.values] == [
        ("$x", "VARCHAR", "'; DROP TABLE sample; --")
    ]


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (Cause.OVER_LIMIT, QueryTimeout),
        (Cause.OUT_OF_MEMORY, QueryRefused),
        (Cause.DISK_FULL, DiskFull),
        (Cause.REFUSED, QueryFailed),
    ],
)
def test_every_cause_has_its_error_in_one_line(cause, kind):
    error = translate(Refusal(cause=cause, said="x" * 10_000), "Q7 on DuckDB")
    assert type(error) is kind
    assert str(error).startswith("Q7 on DuckDB")
    assert len(str(error)) < 500


@pytest.mark.parametrize(
    "message",
    [
        Request(text="SELECT $x", parameters={"x": "é\0\n'"}, limit_s=60.0),
        SqlAnswer(columns=("a",), rows=[(None,), ("x" * 50_000,)]),
        Refusal(cause=Cause.REFUSED, said="no"),
    ],
    ids=["request", "answer", "refusal"],
)
def test_a_message_arrives_as_it_was_sent(ends, message):
    one, other = ends
    send(one, message)
    assert receive(other) == message


def test_messages_do_not_run_into_each_other(ends):
    one, other = ends
    for number in range(3):
        send(one, SqlAnswer(columns=("n",), rows=[(number,)]))
    assert [receive(other).rows for _ in range(3)] == [[(0,)], [(1,)], [(2,)]]


@pytest.mark.parametrize("part", [b"", b"\0\0\0", (100).to_bytes(8, "big") + b"half"])
def test_a_connection_that_ends_in_a_message_is_told(ends, part):
    one, other = ends
    one.sendall(part)
    one.close()
    with pytest.raises(EOFError):
        receive(other)


def test_a_silent_end_is_not_waited_for_for_ever(ends):
    one, other = ends
    one.sendall((100).to_bytes(8, "big") + b"half")
    other.settimeout(0.05)
    with pytest.raises(TimeoutError):
        receive(other)
