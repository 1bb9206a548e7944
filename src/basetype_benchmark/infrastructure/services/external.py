"""Servers that already run: used, never started and never stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from basetype_benchmark.benchmark.resources import Meter, NoMeter
from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.service import Endpoint, Setting
from basetype_benchmark.infrastructure.services import oxigraph_client, postgres_identity
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

READY_DEADLINE_S = 10.0
HTTP_PORT = 80
POSTGRES_PORT = 5432
POSTGRES_PARTS = {"host", "port", "dbname", "user", "password"}


class ExternalService:
    """A server of somebody else's; entering checks that it answers, leaving does nothing."""

    provider = "external"
    settings: Sequence[Setting] = ()
    is_ours = False
    ram_bytes: int | None = None

    def __init__(
        self,
        *,
        engine: str,
        title: str,
        endpoint: Endpoint,
        why_not_ready: Callable[[Endpoint], str | None],
        read_version: Callable[[Endpoint], str],
        ready_deadline_s: float = READY_DEADLINE_S,
    ) -> None:
        self._engine = engine
        self._title = f"the external {title} at {endpoint.host}:{endpoint.port}"
        self._endpoint = endpoint
        self._why_not_ready = why_not_ready
        self._read_version = read_version
        self._ready_deadline_s = ready_deadline_s
        self._version = ""

    @property
    def engine(self) -> str:
        """Id in the engine table."""
        return self._engine

    @property
    def endpoint(self) -> Endpoint:
        """Where it is reached."""
        return self._endpoint

    @property
    def version(self) -> str:
        """What the server said when the service was entered."""
        if not self._version:
            raise ServiceUnavailable(f"{self._title} was not asked yet; open the service first")
        return self._version

    def store_bytes(self) -> int | None:
        """It may hold more than ours, and where is not ours to know."""
        return None

    def open_meter(self) -> Meter:
        """Nothing can be read of it."""
        return NoMeter()

    def oom_kills(self) -> int | None:
        """Nothing is known of its processes."""
        return None

    def why_not_ready(self) -> str | None:
        """Give the reason why a real query fails now; None when the server answers."""
        return self._why_not_ready(self._endpoint)

    def why_dead(self) -> str | None:
        """Its process is not ours to see: say that it does not answer; None while it does."""
        reason = self.why_not_ready()
        return None if reason is None else f"{self._title} does not answer: {reason}"

    def restart(self) -> None:
        """Refuse.

        Raises:
            ServiceUnavailable: always.
        """
        raise ServiceUnavailable(f"{self._title} is not ours to restart; restart it yourself")

    def __enter__(self) -> Self:
        try:
            wait_until("a first query", self.why_not_ready, deadline_s=self._ready_deadline_s)
        except WaitTimeout as error:
            raise ServiceUnavailable(
                f"{self._title} is not ready: {error}; start it, or check the address"
            ) from None
        self._version = self._read_version(self._endpoint)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the server as it is."""


def open_external_postgres(
    conninfo: str, *, ready_deadline_s: float = READY_DEADLINE_S
) -> ExternalService:
    """Give a service for a PostgreSQL, with or without TimescaleDB, that already runs.

    Args:
        conninfo: ``postgresql://user:password@host:5432/database`` or ``host=... dbname=...``;
            the user defaults to ``postgres``, the database to the user's name.
        ready_deadline_s: How long entering waits for it to answer.

    Raises:
        UsageError: it is not a conninfo, names no host, or gives more than the parts above.
    """
    return ExternalService(
        engine="postgresql",
        title="PostgreSQL",
        endpoint=parse_postgres_conninfo(conninfo),
        why_not_ready=postgres_identity.why_not_ready,
        read_version=postgres_identity.read_version,
        ready_deadline_s=ready_deadline_s,
    )


def open_external_oxigraph(
    url: str, *, ready_deadline_s: float = READY_DEADLINE_S
) -> ExternalService:
    """Give a service for an Oxigraph server that already runs.

    Args:
        url: ``http://host:7878``; its root, without a path.
        ready_deadline_s: How long entering waits for it to answer.

    Raises:
        UsageError: it is not such a URL.
    """
    return ExternalService(
        engine="oxigraph",
        title="Oxigraph",
        endpoint=parse_oxigraph_url(url),
        why_not_ready=oxigraph_client.why_not_ready,
        read_version=oxigraph_client.read_version,
        ready_deadline_s=ready_deadline_s,
    )


def parse_postgres_conninfo(conninfo: str) -> Endpoint:
    """Take a conninfo apart.

    Raises:
        UsageError: see `open_external_postgres`. The text never repeats the conninfo, which may
            hold a password.
    """
    example = "give postgresql://user:password@host:5432/database"
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(conninfo).items()}
        port = int(parts.get("port", POSTGRES_PORT))
    except (psycopg.ProgrammingError, ValueError):
        raise UsageError(f"the PostgreSQL URL cannot be read; {example}") from None
    if unknown := sorted(parts.keys() - POSTGRES_PARTS):
        raise UsageError(f"the PostgreSQL URL has parts we cannot use: {', '.join(unknown)}")
    if not parts.get("host"):
        raise UsageError(f"the PostgreSQL URL names no host; {example}")
    user = parts.get("user", "postgres")
    return Endpoint(
        host=parts["host"],
        port=port,
        database=parts.get("dbname", user),
        user=user,
        password=parts.get("password"),
    )


def parse_oxigraph_url(url: str) -> Endpoint:
    """Take a URL apart.

    Raises:
        UsageError: see `open_external_oxigraph`.
    """
    wrong = UsageError("the Oxigraph URL must look like http://host:7878, without user or path")
    try:
        parts = urlsplit(url)
        port = parts.port or HTTP_PORT
    except ValueError:
        raise wrong from None
    has_more = parts.username or parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme != "http" or not parts.hostname or has_more:
        raise wrong
    return Endpoint(host=parts.hostname, port=port)
