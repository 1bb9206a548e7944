import pytest

from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.external_falkordb import (
    open_external_falkordb,
    parse_falkordb_url,
)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        (
            "redis://btb:s%40cret@graph.example:6380",
            Endpoint(host="graph.example", port=6380, user="btb", password="s@cret"),
        ),
        (
            "redis://:secret@graph.example/",
            Endpoint(host="graph.example", port=6379, password="secret"),
        ),
        ("redis://graph.example", Endpoint(host="graph.example", port=6379)),
        ("redis://[::1]:6379", Endpoint(host="::1", port=6379)),
    ],
)
def test_a_url_is_taken_apart(url, endpoint):
    assert parse_falkordb_url(url) == endpoint


@pytest.mark.parametrize(
    "url",
    [
        "",
        "graph.example:6379",
        "rediss://graph.example",
        "falkor://graph.example",
        "redis://",
        "redis://user:secret@host:port",
        "redis://user:secret@host:99999",
        "redis://user:secret@host/1",
        "redis://host?db=1",
    ],
)
def test_a_bad_url_is_refused_without_showing_its_password(url):
    with pytest.raises(UsageError, match="must look like redis://") as caught:
        parse_falkordb_url(url)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_unavailable():
    service = open_external_falkordb("redis://u:secret@127.0.0.1:1", ready_deadline_s=0)
    with pytest.raises(ServiceUnavailable, match=r"127\.0\.0\.1:1 is not ready.*refused") as caught:
        service.__enter__()
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
