"""Reads the options that say where the servers run."""

from __future__ import annotations

from basetype_benchmark.engines import Provider, ServiceChoice
from basetype_benchmark.errors import UsageError


def read_choice(
    provider: str, postgres_url: str | None, oxigraph_url: str | None, *, may_empty: bool = False
) -> ServiceChoice:
    """Join the options.

    Raises:
        UsageError: there is no such provider, or a URL that it would not use.
    """
    try:
        chosen = Provider(provider.lower())
    except ValueError:
        raise UsageError(
            f"there is no provider {provider!r}; choose from: {', '.join(Provider)}"
        ) from None
    urls = {"postgresql": postgres_url, "oxigraph": oxigraph_url}
    given = {engine: url for engine, url in urls.items() if url is not None}
    if chosen is Provider.LOCAL and given:
        raise UsageError("--provider local starts its own servers; leave the URLs out")
    if chosen is Provider.EXTERNAL and not given:
        raise UsageError(
            "--provider external needs the address of a server: --postgres-url, --oxigraph-url"
        )
    return ServiceChoice(provider=chosen, urls=given, may_empty=may_empty)
