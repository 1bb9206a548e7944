"""A FalkorDB server that already runs."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from basetype_benchmark.errors import UsageError
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services import falkordb_identity
from basetype_benchmark.infrastructure.services.external import READY_DEADLINE_S, ExternalService

REDIS_PORT = 6379


def open_external_falkordb(
    url: str, *, ready_deadline_s: float = READY_DEADLINE_S
) -> ExternalService:
    """Give a service for a FalkorDB server that already runs.

    Args:
        url: ``redis://user:password@host:6379``; user, password and port may be left out.
        ready_deadline_s: How long entering waits for it to answer.

    Raises:
        UsageError: it is not such a URL.
    """
    return ExternalService(
        engine="falkordb",
        title="FalkorDB",
        endpoint=parse_falkordb_url(url),
        why_not_ready=falkordb_identity.why_not_ready,
        read_version=falkordb_identity.read_version,
        ready_deadline_s=ready_deadline_s,
    )


def parse_falkordb_url(url: str) -> Endpoint:
    """Take a URL apart.

    Raises:
        UsageError: see `open_external_falkordb`. The text never repeats the URL, which may hold a
            password.
    """
    wrong = UsageError("the FalkorDB URL must look like redis://user:password@host:6379")
    try:
        parts = urlsplit(url)
        port = parts.port or REDIS_PORT
    except ValueError:
        raise wrong from None
    has_more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme != "redis" or not parts.hostname or has_more:
        raise wrong
    return Endpoint(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=None if parts.password is None else unquote(parts.password),
    )
