import pytest
from neo4j.exceptions import (
    ClientError,
    DatabaseError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from basetype_benchmark.errors import (
    DiskFull,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.clients.bolt_client import bolt_url, translate
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.arcadedb import ARCADEDB
from basetype_benchmark.infrastructure.services.memgraph import MEMGRAPH


def said(kind: type[Neo4jError], code: str, message: str) -> Neo4jError:
    """Give an error as the driver makes it of what a server answers."""
    error = kind(message)
    error._neo4j_code, error._message = code, message
    return error


MEMGRAPH_CODE = "Memgraph.TransientError.MemgraphError.MemgraphError"
UNKNOWN = "Neo.DatabaseError.General.UnknownError"


@pytest.mark.parametrize(
    ("dialect", "error", "kind"),
    [
        (
            MEMGRAPH,
            said(
                TransientError,
                MEMGRAPH_CODE,
                "Transaction was asked to abort because of transaction timeout.",
            ),
            QueryTimeout,
        ),
        (
            MEMGRAPH,
            said(TransientError, MEMGRAPH_CODE, "Memory limit exceeded! Attempting to allocate"),
            QueryRefused,
        ),
        (
            MEMGRAPH,
            said(TransientError, MEMGRAPH_CODE, "Cannot resolve conflicting transactions."),
            QueryFailed,
        ),
        (
            ARCADEDB,
            said(ClientError, "Neo.ClientError.Transaction.TransactionTimedOut", "Error executing"),
            QueryTimeout,
        ),
        (
            ARCADEDB,
            said(DatabaseError, UNKNOWN, "Query heap budget exceeded: the in-heap ORDER BY needs"),
            QueryRefused,
        ),
        (
            ARCADEDB,
            said(DatabaseError, UNKNOWN, "java.io.IOException: No space left on device"),
            DiskFull,
        ),
        (
            ARCADEDB,
            said(ClientError, "Neo.ClientError.Statement.SyntaxError", "Syntax\nerror"),
            QueryFailed,
        ),
        (ARCADEDB, ServiceUnavailable("Failed to read from defunct connection"), ServerDied),
        (ARCADEDB, SessionExpired("gone"), ServerDied),
        (ARCADEDB, DriverError("odd"), QueryFailed),
        (ARCADEDB, UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), QueryFailed),
    ],
)
def test_every_error_of_the_driver_becomes_one_of_ours(dialect, error, kind):
    translated = translate(error, "running Q7", dialect)
    assert type(translated) is kind
    assert str(translated).startswith("running Q7")
    assert "\n" not in str(translated)


def test_a_url_names_neither_user_nor_password():
    endpoint = Endpoint(host="::1", port=7687, user="u", password="secret")
    assert bolt_url(endpoint) == "bolt://[::1]:7687"
