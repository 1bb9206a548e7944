"""Whether the servers that ran are those of the plan, under the limits of the cells."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.analysis.verify.bundle import Bundle, cell_file
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    EnvironmentRecord,
    ServiceRecord,
)
from basetype_benchmark.benchmark.monitoring.resource_use import HARNESS, HOST
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, ENVIRONMENT_FILE
from basetype_benchmark.config.ram import GRAPH_SHARE, split_budget
from basetype_benchmark.config.scenarios import SCENARIOS

_PLAN = f"in {CAMPAIGN_FILE}"
_BY_LEVEL = "by the level of the cell"


def check_environment(bundle: Bundle) -> Check:
    """Compare code, servers, limits and versions."""
    tally = Tally("environment", "code, servers and limits are those that the cells were run with")
    environment = bundle.environment
    if environment is None:
        tally.leave_out(f"there is no {ENVIRONMENT_FILE} that can be read")
        return tally.result()
    campaign = bundle.campaign
    for name in ("package", "digest"):
        stated, due = getattr(environment.code, name), getattr(campaign.code, name)
        tally.compare(ENVIRONMENT_FILE, f"code.{name}", stated, due, _PLAN)
    _check_services(environment, campaign, tally)
    for record in bundle.cells.values():
        limits = _limits_of(record.result.scenario, record.ram_bytes, campaign)
        if limits is None:
            tally.leave_out(f"there is no scenario {record.result.scenario} in this version")
            continue
        _check_meters(record, limits, tally)
        _check_versions(record, limits, environment, tally)
    return tally.result()


def _limits_of(
    scenario_id: str, ram_bytes: int | None, campaign: CampaignRecord
) -> Mapping[str, int | None] | None:
    """Give each server's part of the RAM by engine; None where the scenario is not known here."""
    scenario = SCENARIOS.get(scenario_id)
    if scenario is None:
        return None
    share = GRAPH_SHARE if campaign.graph_share is None else campaign.graph_share
    if ram_bytes is not None:
        return dict(split_budget(scenario, ram_bytes, graph_share=share))
    sides = (scenario.graph,) if scenario.series is None else (scenario.graph, scenario.series)
    return {side.engine: None for side in sides}


def _check_services(environment: EnvironmentRecord, campaign: CampaignRecord, tally: Tally) -> None:
    planned = [
        (cell.scenario, engine, ram_bytes)
        for cell in campaign.cells
        for engine, ram_bytes in (_limits_of(cell.scenario, cell.ram_bytes, campaign) or {}).items()
    ]
    for index, service in enumerate(environment.services):
        field = f"services.{index}"
        key = (service.scenario, service.engine, service.ram_bytes)
        if service.scenario in SCENARIOS:
            problem = f"no cell has {service.engine} for {service.scenario} with that limit"
            tally.demand(key in planned, ENVIRONMENT_FILE, f"{field}.ram_bytes", problem)
        place = campaign.places.get(service.engine, "")
        is_there = place.split(" ", 1)[0] == service.provider
        tally.demand(is_there, ENVIRONMENT_FILE, f"{field}.provider", f"is {place!r} {_PLAN}")
        if service.image is not None:
            problem = f"is {place!r} {_PLAN}"
            named = f"docker {service.image}"
            is_planned = place in (named, f"{named} {service.image_id}")
            tally.demand(is_planned, ENVIRONMENT_FILE, f"{field}.image", problem)


def _check_meters(record: CellRecord, limits: Mapping[str, int | None], tally: Tally) -> None:
    use = record.result.resources
    if use is None:
        return
    due: dict[str, int | None] = {**limits, HARNESS: None, HOST: None}
    file, field = cell_file(record.cell), "result.resources.meters"
    tally.compare(file, field, [m.source for m in use.meters], list(due), "by the scenario")
    for meter in use.meters:
        where = f"{field}.{meter.source}.ram_bytes"
        tally.compare(file, where, meter.ram_bytes, due.get(meter.source), _BY_LEVEL)


def _check_versions(
    record: CellRecord,
    limits: Mapping[str, int | None],
    environment: EnvironmentRecord,
    tally: Tally,
) -> None:
    """See that every store of a load is told of in the environment, in the same version."""
    load = record.result.load
    ran: dict[tuple[str, str, int | None], ServiceRecord] = {
        (s.scenario, s.engine, s.ram_bytes): s for s in environment.services
    }
    for index, store in enumerate(() if load is None else load.stores):
        service = ran.get((record.result.scenario, store.engine, limits.get(store.engine)))
        field = f"result.load.stores.{index}"
        file = cell_file(record.cell)
        if service is None:
            tally.demand(False, file, f"{field}.engine", f"is not in {ENVIRONMENT_FILE}")
        else:
            source = f"in {ENVIRONMENT_FILE}"
            tally.compare(file, f"{field}.version", store.version, service.version, source)
