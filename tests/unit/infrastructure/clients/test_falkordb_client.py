import pytest
import redis

from basetype_benchmark.errors import QueryFailed, QueryRefused, QueryTimeout, ServiceUnavailable
from basetype_benchmark.infrastructure.clients.falkordb_client import (
    GraphAnswer,
    decode_reply,
    refusal,
    why_not_indexed,
)
from basetype_benchmark.infrastructure.services.falkordb_identity import version_label

STATISTICS = ["Cached execution: 0"]


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (redis.ResponseError("Query timed out"), QueryTimeout, "cancelled it"),
        (
            redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
            QueryRefused,
            "over its maxmemory",
        ),
        (
            redis.ResponseError("Query's mem consumption exceeded capacity"),
            QueryRefused,
            "QUERY_MEM_CAPACITY",
        ),
        (
            redis.ResponseError("Invalid graph operation on empty key"),
            QueryFailed,
            "holds no graph",
        ),
        (redis.ResponseError("errMsg: Invalid input 'n'"), QueryFailed, "Invalid input 'n'"),
    ],
)
def test_what_the_server_says_becomes_our_error(error, kind, said):
    failure = refusal("Q1", str(error), error)
    assert type(failure) is kind
    assert str(failure).startswith("Q1 ")
    assert said in str(failure)


def test_cells_are_decoded_by_their_types():
    header = [[1, name] for name in ("null", "text", "integer", "boolean", "double", "list")]
    row = [[1, None], [2, "a"], [3, 7], [4, "false"], [5, "0.1"], [6, [[5, "nan"], [6, []]]]]
    answer = decode_reply([header, [row], STATISTICS])
    assert answer.columns == ("null", "text", "integer", "boolean", "double", "list")
    (decoded,) = answer.rows
    assert decoded[:5] == (None, "a", 7, False, 0.1)
    assert str(decoded[5]) == "[nan, []]"


def test_a_node_in_an_answer_is_refused():
    with pytest.raises(QueryFailed, match="its type 8"):
        decode_reply([[[1, "n"]], [[[8, [0, [0], []]]]], STATISTICS])


def test_indexes_that_are_being_built_are_named():
    states = [("Point", "UNDER CONSTRUCTION"), ("Space", "OPERATIONAL")]
    assert why_not_indexed(GraphAnswer(("label", "status"), states)) == (
        "indexes are being built: Point"
    )
    assert why_not_indexed(GraphAnswer(("label", "status"), states[1:])) is None


def test_the_version_is_that_of_the_module():
    modules = [["name", "vectorset", "ver", 1], ["name", "graph", "ver", 41603, "args", []]]
    assert version_label(modules, "8.2.3") == "FalkorDB 4.16.3 (Redis 8.2.3)"


def test_a_redis_without_the_module_is_not_taken_for_falkordb():
    with pytest.raises(ServiceUnavailable, match="without FalkorDB's module; check the address"):
        version_label([["name", "vectorset", "ver", 1]], "8.2.3")
