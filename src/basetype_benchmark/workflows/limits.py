"""Whether the servers of scenarios can be limited, known before any of them is started."""

from __future__ import annotations

from collections.abc import Sequence

import psutil

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.engines import engines_of
from basetype_benchmark.errors import ServiceUnavailable, UsageError
from basetype_benchmark.infrastructure.cgroups.local_limits import find_limit_support
from basetype_benchmark.infrastructure.docker.daemon import (
    connect_daemon,
    read_facts,
    why_no_limit,
)
from basetype_benchmark.workflows.placement import Provider, ServiceChoice


def require_limits(scenarios: Sequence[Scenario], choice: ServiceChoice) -> None:
    """See that a RAM limit can be set for every server.

    Raises:
        UsageError: a server is at a URL, and not ours to limit.
        ServiceUnavailable: child processes or containers cannot be limited here; says what would
            mend it.
    """
    engines = {engine.id: engine for s in scenarios for engine in engines_of(s)}.values()
    providers = {engine.title: choice.provider_of(engine) for engine in engines}
    for title, provider in providers.items():
        if provider is Provider.EXTERNAL:
            raise UsageError(
                f"{title} runs at a URL, where btb cannot limit its RAM; leave out --url, or the "
                "RAM levels"
            )
    if Provider.LOCAL in providers.values():
        support = find_limit_support()
        if support.why_not is not None:
            raise ServiceUnavailable(
                f"the RAM of local servers cannot be limited here: {support.why_not}; "
                f"{support.mend}"
            )
    if Provider.DOCKER in providers.values():
        _require_daemon_limits()


def _require_daemon_limits() -> None:
    client = connect_daemon()
    try:
        reason = why_no_limit(read_facts(client))
    finally:
        client.close()
    if reason is not None:
        raise ServiceUnavailable(f"the RAM of containers cannot be limited here: {reason}")


def host_memory_bytes() -> int:
    """Give the memory of this machine: no level above it can be had."""
    return psutil.virtual_memory().total
