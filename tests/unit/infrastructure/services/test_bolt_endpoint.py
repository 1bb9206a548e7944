import pytest

from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.arcadedb import (
    open_external_arcadedb,
    version_label,
)
from basetype_benchmark.infrastructure.services.bolt_endpoint import parse_bolt_url
from basetype_benchmark.infrastructure.services.memgraph import open_external_memgraph


def parse(url: str) -> Endpoint:
    return parse_bolt_url(url, title="Product", user="me", database="mine", example="bolt://host")


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        (
            "bolt://btb:s%40cret@db.example:7000/bench",
            Endpoint(host="db.example", port=7000, database="bench", user="btb", password="s@cret"),
        ),
        (
            "bolt://db.example",
            Endpoint(host="db.example", port=7687, database="mine", user="me"),
        ),
        (
            "bolt://[::1]:7688/",
            Endpoint(host="::1", port=7688, database="mine", user="me"),
        ),
    ],
)
def test_a_url_is_taken_apart(url, endpoint):
    assert parse(url) == endpoint


@pytest.mark.parametrize(
    "url",
    [
        "",
        "db.example:7687",
        "http://db.example",
        "bolt+s://user:secret@db.example",
        "neo4j://user:secret@db.example",
        "bolt://user:secret@",
        "bolt://user:secret@host:many",
        "bolt://user:secret@host:99999",
        "bolt://user:secret@host/a/b",
        "bolt://user:secret@host/a?policy=x",
    ],
)
def test_a_bad_url_is_refused_without_showing_its_password(url):
    with pytest.raises(UsageError, match="Product URL must look like bolt://host") as caught:
        parse(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("open_external", [open_external_arcadedb, open_external_memgraph])
def test_a_server_that_is_not_there_is_unavailable(open_external):
    service = open_external("bolt://u:secret@127.0.0.1:1/x", ready_deadline_s=0)
    with pytest.raises(ServiceUnavailable, match=r"127\.0\.0\.1:1 is not ready.*refused") as caught:
        service.__enter__()
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_arcadedb_is_known_by_what_it_calls_itself():
    agent = "Neo4j/5.26.0 compatible (ArcadeDB 26.10.2)"
    assert version_label(agent, "bolt://x") == "ArcadeDB 26.10.2"


@pytest.mark.parametrize("agent", ["", "Neo4j/5.26.0", "Neo4j/v5.11.0 compatible - Memgraph"])
def test_another_server_is_not_taken_for_arcadedb(agent):
    with pytest.raises(ServiceUnavailable, match="not ArcadeDB; check the address"):
        version_label(agent, "bolt://x")
