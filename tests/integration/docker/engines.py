"""Engines of our own for containers: a real Oxigraph, and a shell that does as it is told."""

import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from basetype_benchmark.infrastructure.service import Endpoint, Setting


@dataclass(frozen=True, kw_only=True)
class WebEngine:
    """Any server that answers HTTP at `path`."""

    image: str
    command: Sequence[str] = ()
    path: str = "/"
    port: int = 7878
    engine: str = "oxigraph"
    title: str = "Oxigraph"
    data_path: str = "/data"
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: str = "SIGTERM"
    stop_patience_s: float = 5
    needs_init: bool = True
    shm_bytes: int | None = None
    settings: Sequence[Setting] = ()

    def endpoint(self, host: str, port: int) -> Endpoint:
        return Endpoint(host=host, port=port)

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        try:
            fetch(endpoint, self.path)
        except OSError as error:
            return str(error)
        return None

    def read_version(self, endpoint: Endpoint) -> str:
        return fetch(endpoint, self.path).headers.get("Server", "unknown")


def fetch(endpoint: Endpoint, path: str, data: bytes | None = None):
    url = f"http://{endpoint.host}:{endpoint.port}{path}"
    headers = {"Content-Type": "application/sparql-update"} if data else {}
    try:
        return urllib.request.urlopen(
            urllib.request.Request(url, data=data, headers=headers), timeout=5
        )
    except urllib.error.HTTPError as error:
        raise OSError(f"HTTP {error.code}") from None
