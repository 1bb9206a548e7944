"""Reads the options that say where the servers run."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.engines import ENGINES
from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows.placement import Provider, ServiceChoice


def read_choice(
    provider: str, urls: Sequence[str], images: Sequence[str], *, may_empty: bool = False
) -> ServiceChoice:
    """Join the options; `urls` are of the form ``engine=url``, `images` ``engine=image``.

    Raises:
        UsageError: there is no such provider or engine, or a URL or image that would not be used.
    """
    try:
        chosen = Provider(provider.lower())
    except ValueError:
        raise UsageError(
            f"there is no provider {provider!r}; choose from: {', '.join(Provider)}"
        ) from None
    given = read_pairs("--url", "URL", urls, example="oxigraph=http://host:7878")
    taken = read_images(images)
    if chosen in (Provider.LOCAL, Provider.DOCKER) and given:
        raise UsageError(f"--provider {chosen} starts its own servers; leave the URLs out")
    if chosen in (Provider.LOCAL, Provider.EXTERNAL) and taken:
        raise UsageError(f"--provider {chosen} runs no containers; leave the images out")
    if chosen is Provider.EXTERNAL and not given:
        raise UsageError(
            "--provider external needs the address of a server: --url ENGINE=URL, for instance "
            "--url oxigraph=http://host:7878"
        )
    return ServiceChoice(provider=chosen, urls=given, images=taken, may_empty=may_empty)


def read_images(texts: Sequence[str]) -> dict[str, str]:
    """Take ``engine=image`` apart, for engines that have a container.

    Raises:
        UsageError: there is no such engine, it has no container, or it is given twice.
    """
    given = read_pairs("--image", "IMAGE", texts, example="oxigraph=mirror.example/oxigraph:0.5.11")
    for engine in given:
        if ENGINES[engine].open_docker is None:
            raise UsageError(f"--image {engine}=...: {ENGINES[engine].title} has no container")
    return given


def read_pairs(option: str, what: str, texts: Sequence[str], *, example: str) -> dict[str, str]:
    """Take ``engine=value`` apart, by engine id.

    Raises:
        UsageError: there is no such engine, no value, or an engine is given twice.
    """
    given: dict[str, str] = {}
    for text in texts:
        engine, separator, value = text.partition("=")
        if engine not in ENGINES or not separator or not value:
            raise UsageError(
                f"{option} takes ENGINE={what} with an engine of: {', '.join(ENGINES)}; for "
                f"instance {example}"
            )
        if engine in given:
            raise UsageError(f"{option} {engine}=... is given twice; an engine runs in one place")
        given[engine] = value
    return given
