"""What differs between the servers under two cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from basetype_benchmark.analysis.comparison_pairs import CellGroup, Term
from basetype_benchmark.benchmark.campaign import ServiceRecord
from basetype_benchmark.config.ram import GRAPH_SHARE, split_budget
from basetype_benchmark.config.scenarios import SCENARIOS

NOT_SET = "not set"


def differing_services(
    a: Term, b: Term, group_a: CellGroup, group_b: CellGroup
) -> Iterator[tuple[str, str, str]]:
    """Give what differs, and what it is in A and in B, of engines that run on both sides.

    Of the settings only those that differ are named.
    """
    ours, theirs = services_of(a, group_a), services_of(b, group_b)
    for engine in (engine for engine in ours if engine in theirs):
        ours_ran, theirs_ran = ours[engine], theirs[engine]
        yield f"where {engine} runs", _place(a, engine), _place(b, engine)
        yield f"version of {engine}", ours_ran.version, theirs_ran.version
        yield f"settings of {engine}", *_settings(ours_ran, theirs_ran)


def services_of(term: Term, group: CellGroup) -> Mapping[str, ServiceRecord]:
    """Give the servers that these cells ran on, by engine; none before a campaign tells."""
    environment = term.data.environment
    if environment is None:
        return {}
    scenario, ram_bytes = group[0].result.scenario, group[0].ram_bytes
    limits: Mapping[str, int] = {}
    if ram_bytes is not None and scenario in SCENARIOS:
        share = term.data.campaign.graph_share or GRAPH_SHARE
        limits = split_budget(SCENARIOS[scenario], ram_bytes, graph_share=share)
    return {
        service.engine: service
        for service in environment.services
        if service.scenario == scenario and service.ram_bytes == limits.get(service.engine)
    }


def _place(term: Term, engine: str) -> str:
    return term.data.campaign.places.get(engine, "not known")


def _settings(ours: ServiceRecord, theirs: ServiceRecord) -> tuple[str, str]:
    """Write the settings that are not the same on both sides."""
    a = {setting.name: setting.value for setting in ours.settings}
    b = {setting.name: setting.value for setting in theirs.settings}
    names = [name for name in a | b if a.get(name) != b.get(name)]
    return _write(names, a), _write(names, b)


def _write(names: list[str], settings: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {settings.get(name, NOT_SET)}" for name in names)
