"""Whether the fingerprint of each cell is the digest of what the campaign says it was run with."""

from __future__ import annotations

import json
from dataclasses import fields

from pydantic import TypeAdapter, ValidationError

from basetype_benchmark.analysis.verify.bundle import Bundle
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.campaign import CampaignRecord, PlannedCell, PlannedProfile
from basetype_benchmark.benchmark.fingerprint import cell_fingerprint
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, ENVIRONMENT_FILE
from basetype_benchmark.config.ram import GRAPH_SHARE
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario
from basetype_benchmark.engines import engines_of
from basetype_benchmark.infrastructure.host import HostFacts, describe_host_class
from basetype_benchmark.workflows.campaigns.kept_store import keeps_store

_HOST_FACTS: TypeAdapter[HostFacts] = TypeAdapter(HostFacts)


def check_fingerprints(bundle: Bundle) -> Check:
    """Compute the fingerprint of every cell anew, and the class of the machine."""
    tally = Tally("fingerprints", "each is the digest of what the campaign says it was run with")
    campaign = bundle.campaign
    profiles = {profile.profile: profile for profile in campaign.profiles}
    for index, cell in enumerate(campaign.cells):
        scenario, profile = SCENARIOS.get(cell.scenario), profiles.get(cell.profile)
        field = f"cells.{index}.fingerprint"
        if scenario is None:
            tally.leave_out(f"there is no scenario {cell.scenario} in this version")
        elif profile is None:
            tally.demand(False, CAMPAIGN_FILE, f"cells.{index}.profile", "is not in the plan")
        elif cell.fingerprint is None:
            tally.leave_out(f"{cell.cell}: it was not begun")
        else:
            due = _fingerprint(campaign, cell, scenario, profile)
            source = "by what the campaign says it was run with"
            tally.compare(CAMPAIGN_FILE, field, cell.fingerprint, due, source)
    _check_host(bundle, tally)
    return tally.result()


def _fingerprint(
    campaign: CampaignRecord, cell: PlannedCell, scenario: Scenario, profile: PlannedProfile
) -> str | None:
    """Compute it as a campaign does; None where the plan lacks a part of it."""
    if profile.dataset_fingerprint is None:
        return None
    is_limited = cell.ram_bytes is not None
    share = GRAPH_SHARE if campaign.graph_share is None else campaign.graph_share
    return cell_fingerprint(
        code=campaign.code,
        dataset_fingerprint=profile.dataset_fingerprint,
        scenario=scenario.id,
        queries=list(campaign.queries),
        protocol=profile.protocol,
        ram_bytes=cell.ram_bytes,
        graph_share=share if is_limited and scenario.is_federated else None,
        reuses_store=is_limited and keeps_store(scenario),
        services={e.id: campaign.places.get(e.id, "") for e in engines_of(scenario)},
        host_class=campaign.host_class,
    )


def _check_host(bundle: Bundle, tally: Tally) -> None:
    if bundle.environment is None:
        return
    host = bundle.environment.host
    if host.keys() != {fact.name for fact in fields(HostFacts)}:
        tally.leave_out(f"{ENVIRONMENT_FILE}: another version wrote down other facts of the host")
        return
    try:
        due = describe_host_class(_HOST_FACTS.validate_json(json.dumps(host), strict=True))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, ("host", *first["loc"])))
        tally.demand(False, ENVIRONMENT_FILE, where, first["msg"])
        return
    source = f"by {ENVIRONMENT_FILE}"
    tally.compare(CAMPAIGN_FILE, "host_class", bundle.campaign.host_class, due, source)
