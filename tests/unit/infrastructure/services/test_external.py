import pytest

from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.external import (
    open_external_oxigraph,
    open_external_postgres,
    parse_oxigraph_url,
    parse_postgres_conninfo,
)


@pytest.mark.parametrize(
    ("conninfo", "endpoint"),
    [
        (
            "postgresql://btb:s%40cret@db.example:6543/bench",
            Endpoint(host="db.example", port=6543, database="bench", user="btb", password="s@cret"),
        ),
        (
            "postgresql://db.example",
            Endpoint(host="db.example", port=5432, database="postgres", user="postgres"),
        ),
        (
            "host=/run/postgresql user=me",
            Endpoint(host="/run/postgresql", port=5432, database="me", user="me"),
        ),
        (
            "postgresql://[::1]:5433/bench",
            Endpoint(host="::1", port=5433, database="bench", user="postgres"),
        ),
    ],
)
def test_a_conninfo_is_taken_apart(conninfo, endpoint):
    assert parse_postgres_conninfo(conninfo) == endpoint


@pytest.mark.parametrize(
    ("conninfo", "said"),
    [
        ("postgresql:///bench", "names no host"),
        ("", "names no host"),
        ("nonsense", "cannot be read"),
        ("postgresql://user:secret@host:many/bench", "cannot be read"),
        ("postgresql://user:secret@a,b:1,2/bench", "cannot be read"),
        ("postgresql://user:secret@host/bench?sslmode=require", "cannot use: sslmode"),
    ],
)
def test_a_bad_conninfo_is_refused_without_showing_its_password(conninfo, said):
    with pytest.raises(UsageError, match=said) as caught:
        parse_postgres_conninfo(conninfo)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://graph.example:7878", "graph.example", 7878),
        ("http://graph.example/", "graph.example", 80),
        ("http://[::1]:7878", "::1", 7878),
    ],
)
def test_a_url_is_taken_apart(url, host, port):
    assert parse_oxigraph_url(url) == Endpoint(host=host, port=port)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "graph.example:7878",
        "https://graph.example",
        "http://",
        "http://host:port",
        "http://host:99999",
        "http://user:secret@host",
        "http://host/path",
        "http://host?query=1",
    ],
)
def test_a_bad_url_is_refused(url):
    with pytest.raises(UsageError, match="must look like http://host:7878") as caught:
        parse_oxigraph_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "service",
    [
        open_external_postgres("postgresql://u:secret@127.0.0.1:1/x", ready_deadline_s=0),
        open_external_oxigraph("http://127.0.0.1:1", ready_deadline_s=0),
    ],
    ids=["postgresql", "oxigraph"],
)
def test_a_server_that_is_not_there_is_unavailable(service):
    with pytest.raises(ServiceUnavailable, match=r"127\.0\.0\.1:1 is not ready.*refused") as caught:
        service.__enter__()
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
