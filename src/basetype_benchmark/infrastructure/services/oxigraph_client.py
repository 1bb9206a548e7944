"""What an Oxigraph server says of itself, whoever started it."""

from __future__ import annotations

import re

import httpx

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.service import Endpoint

ANSWER_DEADLINE_S = 10.0


def base_url(endpoint: Endpoint) -> str:
    """Give the root of the server's HTTP interface: ``http://127.0.0.1:7878``."""
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return f"http://{host}:{endpoint.port}"


def why_not_ready(endpoint: Endpoint) -> str | None:
    """Give the reason why ``ASK {}`` fails now; None when the server answers true."""
    try:
        answer = _ask(endpoint)
    except httpx.HTTPError as error:
        return f"{base_url(endpoint)}: {error or type(error).__name__}"
    if answer.status_code != 200 or '"boolean":true' not in answer.text.replace(" ", ""):
        return f"{base_url(endpoint)} answers {answer.status_code} {answer.text[:80]!r}"
    return None


def read_version(endpoint: Endpoint) -> str:
    """Read ``Oxigraph 0.5.13`` from the Server header.

    Raises:
        ServiceUnavailable: nobody answers there, or something else than Oxigraph.
    """
    try:
        server = _ask(endpoint).headers.get("server", "")
    except httpx.HTTPError as error:
        raise ServiceUnavailable(f"Oxigraph did not tell its version: {error}") from None
    return version_label(server, base_url(endpoint))


def version_label(server: str, url: str) -> str:
    """Name the server in results from its Server header, ``Oxigraph/0.5.13``.

    Raises:
        ServiceUnavailable: it is not Oxigraph.
    """
    found = re.search(r"\bOxigraph/(\S+)", server)
    if found is None:
        raise ServiceUnavailable(
            f"the server at {url} calls itself {server or 'nothing'!r}, not Oxigraph; "
            "check the address"
        )
    return f"Oxigraph {found.group(1)}"


def _ask(endpoint: Endpoint) -> httpx.Response:
    # Without the environment's proxies: they would be asked for a loopback address. Without
    # certificates: it is plain HTTP, and reading them would take longer than the server's start.
    return httpx.get(
        f"{base_url(endpoint)}/query",
        params={"query": "ASK {}"},
        headers={"Accept": "application/sparql-results+json"},
        timeout=ANSWER_DEADLINE_S,
        trust_env=False,
        verify=False,
    )
