"""The external provider on real servers that somebody else runs."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from basetype_benchmark.benchmark.resources import NOTHING_READ
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.availability import external_availability
from basetype_benchmark.infrastructure.services.external import (
    ExternalService,
    open_external_oxigraph,
    open_external_postgres,
)
from basetype_benchmark.infrastructure.services.oxigraph_client import base_url

pytestmark = pytest.mark.servers


@pytest.fixture(params=["postgresql", "oxigraph"])
def pair(request):
    """A running server, and an external service for it."""
    if request.param == "postgresql":
        running = request.getfixturevalue("postgres_service")
        url = f"host={running.endpoint.host} user=postgres"
        return running, open_external_postgres(url)
    running = request.getfixturevalue("oxigraph_service")
    return running, open_external_oxigraph(base_url(running.endpoint))


def test_it_answers_with_its_version_and_is_left_running(pair):
    running, external = pair
    with external:
        assert (external.engine, external.provider) == (running.engine, "external")
        assert external.version == running.version
        assert external.why_not_ready() is None
        assert external.why_dead() is None
        assert not external.is_ours
        assert (external.ram_bytes, external.store_bytes(), external.oom_kills()) == (None,) * 3
        assert external.open_meter().read() == NOTHING_READ
        assert list(external.settings) == []
    assert running.why_not_ready() is None


def test_it_is_not_ours_to_restart(pair):
    running, external = pair
    pid = running.pid
    with external, pytest.raises(ServiceUnavailable, match="not ours to restart"):
        external.restart()
    assert running.pid == pid
    assert running.why_dead() is None


def test_it_is_listed_with_its_version(pair):
    running, external = pair
    found = external_availability(external)
    assert (found.provider, found.version, found.why_not) == ("external", running.version, None)


class Impostor(BaseHTTPRequestHandler):
    """Answers as a SPARQL server would, but is none that we know."""

    def do_GET(self) -> None:
        body = b'{"head":{},"boolean":true}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def impostor():
    with HTTPServer(("127.0.0.1", 0), Impostor) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield open_external_oxigraph(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def enter(service: ExternalService) -> None:
    with service:
        pass


def test_another_http_server_is_not_taken_for_oxigraph(impostor):
    with pytest.raises(ServiceUnavailable, match="not Oxigraph; check the address"):
        enter(impostor)


def test_a_wrong_user_is_said_at_once(postgres_service):
    service = open_external_postgres(
        f"host={postgres_service.endpoint.host} user=stranger", ready_deadline_s=0
    )
    with pytest.raises(ServiceUnavailable, match='role "stranger" does not exist'):
        enter(service)
