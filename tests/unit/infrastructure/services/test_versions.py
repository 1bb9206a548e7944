import pytest

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.services import oxigraph_client, postgres_identity
from basetype_benchmark.infrastructure.services.embedded import read_binary_version


@pytest.mark.parametrize(
    ("server", "timescaledb", "label"),
    [
        ("18.6", (None, None), "PostgreSQL 18.6 (no TimescaleDB)"),
        ("17.11 (Debian 1)", ("2.19.3", None), "PostgreSQL 17.11 + TimescaleDB 2.19.3"),
        ("17.11", ("2.19.3", "apache"), "PostgreSQL 17.11 + TimescaleDB 2.19.3 (Apache)"),
        ("17.11", ("2.30.2", "timescale"), "PostgreSQL 17.11 + TimescaleDB 2.30.2 (Community)"),
    ],
)
def test_postgres_is_never_labelled_as_timescaledb_without_it(server, timescaledb, label):
    assert postgres_identity.version_label(server, *timescaledb) == label


def test_oxigraph_is_known_by_its_header():
    assert oxigraph_client.version_label("Oxigraph/0.5.13", "http://x") == "Oxigraph 0.5.13"


@pytest.mark.parametrize("header", ["", "nginx/1.24", "SimpleHTTP/0.6 Python/3.11"])
def test_another_server_is_not_taken_for_oxigraph(header):
    with pytest.raises(ServiceUnavailable, match="not Oxigraph; check the address"):
        oxigraph_client.version_label(header, "http://x")


def test_a_binarys_version_is_read():
    assert read_binary_version(("/bin/echo", "oxigraph 0.5.13"), title="Oxigraph") == "0.5.13"


@pytest.mark.parametrize("command", [("/bin/false",), ("/nowhere/oxigraph",), ("/bin/echo", "no")])
def test_a_binary_that_does_not_run_is_said(command):
    with pytest.raises(ServiceUnavailable, match=f"{command[0]} does not run"):
        read_binary_version(command, title="Oxigraph")
