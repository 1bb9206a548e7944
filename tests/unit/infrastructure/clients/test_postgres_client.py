"""The driver's errors become ours, by SQLSTATE."""

import psycopg
import pytest
from psycopg import errors

from basetype_benchmark.errors import (
    BenchmarkError,
    DiskFull,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.postgres_client import translate, translated

TIMEOUT = "canceling statement due to statement timeout"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.QueryCanceled(TIMEOUT), QueryTimeout),
        (errors.QueryCanceled("canceling statement due to user request"), QueryFailed),
        (errors.OutOfMemory("out of memory"), QueryRefused),
        (errors.DiskFull("could not extend file: No space left on device"), DiskFull),
        (errors.IoError("could not write block: No space left on device"), DiskFull),
        (errors.AdminShutdown("terminating connection"), ServerDied),
        (errors.CrashShutdown("terminating connection"), ServerDied),
        (errors.CannotConnectNow("the database system is starting up"), ServerDied),
        (errors.ConnectionFailure("broken"), ServerDied),
        (psycopg.OperationalError("server closed the connection unexpectedly"), ServerDied),
        (psycopg.InterfaceError("the connection is closed"), ServerDied),
        (errors.UndefinedTable('relation "sample" does not exist'), QueryFailed),
        (psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), QueryFailed),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_driver_error_has_one_meaning(
    error: psycopg.Error, expected: type[BenchmarkError]
) -> None:
    translated_error = translate(error, "Q7 on PostgreSQL")
    assert type(translated_error) is expected
    assert str(translated_error).startswith("Q7 on PostgreSQL")


def test_the_message_is_one_line() -> None:
    error = errors.SyntaxError("syntax error\nLINE 1: SELEC\n        ^")
    assert "\n" not in str(translate(error, "Q1"))


def test_text_that_is_no_unicode_is_refused_in_one_line() -> None:
    with pytest.raises(QueryFailed, match="not valid Unicode"), translated("Q1"):
        "\ud800".encode()
