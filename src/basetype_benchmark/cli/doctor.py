"""``btb doctor``: what can run here, and what would mend what cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.text import Text

from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    format_outcome,
    print_json,
    print_note,
    print_ok,
    print_table,
    print_warning,
)
from basetype_benchmark.cli.options import AsJson, Home, Images, ProviderName, Urls
from basetype_benchmark.cli.services import read_choice
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.infrastructure.availability import Availability
from basetype_benchmark.infrastructure.host import HostFacts
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.abilities import Abilities, DaemonState
from basetype_benchmark.workflows.doctor import Diagnosis, examine


def show_doctor(
    *,
    provider: ProviderName = "auto",
    url: Urls = None,
    image: Images = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Say what can run on this machine, and for each lack the command that mends it."""
    settings = resolve_settings(home)
    diagnosis = examine(read_choice(provider, url or [], image or []), settings)
    if as_json:
        print_json(asdict(diagnosis))
        return
    host = _host_rows(diagnosis.host, str(settings.home))
    print_table(["host", "value"], [*host, *_ability_rows(diagnosis.abilities)])
    print_table(
        ["engine", "provider", "version", "state", "needed by"],
        [_engine_row(e, diagnosis.needed_by[e.engine]) for e in diagnosis.engines],
    )
    for engine in diagnosis.engines:
        if engine.why_not is not None:
            print_warning(engine.why_not)
            if engine.mend is not None and engine.mend not in engine.why_not:
                print_note(f"  mend it with: {engine.mend}")
    _print_lacks(diagnosis.abilities)
    for mistake in diagnosis.profile_mistakes:
        print_warning(mistake)
    _print_verdict(diagnosis)


def _print_verdict(diagnosis: Diagnosis) -> None:
    if diagnosis.scenarios:
        print_ok(f"can run here: {', '.join(diagnosis.scenarios)}")
    if diagnosis.missing_scenarios:
        print_warning(f"cannot run here: {', '.join(diagnosis.missing_scenarios)}")


def _engine_row(engine: Availability, needed_by: Sequence[str]) -> list[str | Text]:
    state = "ok" if engine.why_not is None else "missing"
    return [
        engine.engine,
        engine.provider,
        engine.version or NOT_MEASURED,
        format_outcome(state),
        ", ".join(needed_by) or NOT_MEASURED,
    ]


def _host_rows(host: HostFacts, home: str) -> list[list[str]]:
    return [
        ["system", f"{host.distribution or 'unknown'}, kernel {host.kernel}, {host.architecture}"],
        ["python", host.python],
        ["cpu", f"{host.cpu_model or 'unknown'}, {host.cpu_usable_count} of {host.cpu_count}"],
        ["memory", f"{format_bytes(host.memory_bytes)}, swap {format_bytes(host.swap_bytes)}"],
        ["memory cgroup", _memory_cgroup(host)],
        ["page cache", "can be dropped" if host.can_drop_page_cache else "cannot be dropped"],
        ["home", home],
        ["disk there", _disk(host)],
    ]


def _disk(host: HostFacts) -> str:
    free = NOT_MEASURED if host.disk_free_bytes is None else format_bytes(host.disk_free_bytes)
    return f"{free} free, {host.filesystem or 'unknown file system'}"


def _memory_cgroup(host: HostFacts) -> str:
    return "none" if host.cgroup_version is None else f"version {host.cgroup_version}"


def _ability_rows(abilities: Abilities) -> list[list[str]]:
    limits = abilities.local_limits
    return [
        ["RAM limits", f"{limits.method or 'none'}, for local servers"],
        ["Docker", _docker(abilities.docker)],
        ["memory pressure", "told by the kernel" if abilities.has_memory_pressure else "not told"],
        ["energy", "told by the processor" if abilities.has_energy else "not told"],
    ]


def _docker(state: DaemonState) -> str:
    facts = state.facts
    if facts is None:
        return "none"
    kind = "rootless daemon" if facts.is_rootless else "daemon"
    limits = "limits RAM" if state.why_no_limit is None else "cannot limit RAM"
    return f"{kind} at {facts.address}, cgroup version {facts.cgroup_version}, {limits}"


def _print_lacks(abilities: Abilities) -> None:
    limits = abilities.local_limits
    if limits.why_not is not None:
        print_warning(f"local servers cannot be limited in RAM: {limits.why_not}")
        print_note(f"  mend it with: {limits.mend}")
    docker = abilities.docker
    if docker.why_no_limit is not None:
        print_warning(docker.why_no_limit)
    if docker.why_not is not None:  # no lack of this machine's: local servers do without
        print_note(f"no containers: {docker.why_not}")
