"""Reads the options that say where the servers run."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.engines import ENGINES
from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows.placement import Provider, ServiceChoice


def read_choice(provider: str, urls: Sequence[str], *, may_empty: bool = False) -> ServiceChoice:
    """Join the options; `urls` are of the form ``engine=url``.

    Raises:
        UsageError: there is no such provider or engine, or a URL that would not be used.
    """
    try:
        chosen = Provider(provider.lower())
    except ValueError:
        raise UsageError(
            f"there is no provider {provider!r}; choose from: {', '.join(Provider)}"
        ) from None
    given = _read_urls(urls)
    if chosen is Provider.LOCAL and given:
        raise UsageError("--provider local starts its own servers; leave the URLs out")
    if chosen is Provider.EXTERNAL and not given:
        raise UsageError(
            "--provider external needs the address of a server: --url ENGINE=URL, for instance "
            "--url oxigraph=http://host:7878"
        )
    return ServiceChoice(provider=chosen, urls=given, may_empty=may_empty)


def _read_urls(texts: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for text in texts:
        engine, separator, url = text.partition("=")
        if engine not in ENGINES or not separator or not url:
            raise UsageError(
                f"--url takes ENGINE=URL with an engine of: {', '.join(ENGINES)}; for instance "
                "oxigraph=http://host:7878"
            )
        if engine in given:
            raise UsageError(f"--url {engine}=... is given twice; an engine runs in one place")
        given[engine] = url
    return given
