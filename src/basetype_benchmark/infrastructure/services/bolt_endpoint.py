"""The addresses of servers that speak Bolt, and whether one answers, whoever started it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.clients.bolt_client import (
    bolt_url,
    driver_errors,
    limited,
    one_line,
    open_driver,
)
from basetype_benchmark.infrastructure.service import Endpoint

BOLT_PORT = 7687
ANSWER_DEADLINE_S = 5.0


def parse_bolt_url(url: str, *, title: str, user: str, database: str, example: str) -> Endpoint:
    """Take a URL apart; `user` and `database` are what it need not say.

    Raises:
        UsageError: it is not such a URL. The text never repeats it, since it may hold a password.
    """
    wrong = UsageError(f"the {title} URL must look like {example}, unencrypted, without a query")
    try:
        parts = urlsplit(url)
        port = parts.port or BOLT_PORT
    except ValueError:
        raise wrong from None
    name = unquote(parts.path.strip("/"))
    has_more = "/" in name or parts.query or parts.fragment
    if parts.scheme != "bolt" or not parts.hostname or has_more:
        raise wrong
    return Endpoint(
        host=parts.hostname,
        port=port,
        database=name or database,
        user=unquote(parts.username) if parts.username else user,
        password=unquote(parts.password) if parts.password else None,
    )


def why_not_ready(endpoint: Endpoint) -> str | None:
    """Give the reason why ``RETURN 1`` fails now; None when the server answers 1."""
    try:
        _, rows = ask(endpoint, "RETURN 1 AS one")
    except driver_errors() as error:
        return f"{bolt_url(endpoint)}: {one_line(error)}"
    return None if rows == [[1]] else f"{bolt_url(endpoint)} answers {rows!r} to RETURN 1"


def ask(endpoint: Endpoint, text: str) -> tuple[str, list[list[object]]]:
    """Send one statement over a connection of its own; give what the server calls itself, too.

    Raises:
        The driver's own errors, see `driver_errors`.
    """
    with (
        open_driver(endpoint, connect_timeout_s=ANSWER_DEADLINE_S) as driver,
        driver.session(database=endpoint.database) as session,
    ):
        result = session.run(limited(text, ANSWER_DEADLINE_S))
        rows = result.values()
        return str(result.consume().server.agent), rows


def read_agent(endpoint: Endpoint, title: str) -> str:
    """Ask what the server calls itself.

    Raises:
        ServiceUnavailable: it does not answer.
    """
    try:
        return ask(endpoint, "RETURN 1")[0]
    except driver_errors() as error:
        raise ServiceUnavailable(f"{title} did not tell its version: {one_line(error)}") from None
