"""Whether results, plan and the names of cells say the same."""

from __future__ import annotations

import re

from basetype_benchmark.analysis.verify.bundle import Bundle, cell_file
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.campaign import CellRecord, PlannedCell
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, GRADIENT_FILE
from basetype_benchmark.config.ram import format_level

_PLAN = f"in {CAMPAIGN_FILE}"


def check_plan(bundle: Bundle) -> Check:
    """Compare what the files say of the same thing."""
    tally = Tally("plan", "results, plan and names agree, and no cell is missing")
    _check_campaign(bundle, tally)
    planned = {cell.cell: cell for cell in bundle.campaign.cells}
    for index, cell in enumerate(bundle.campaign.cells):
        where = f"cells.{index}.cell"
        tally.demand(cell.cell == _cell_id(cell), CAMPAIGN_FILE, where, f"is not {_cell_id(cell)}")
    for name, record in bundle.cells.items():
        if name in planned:
            _check_cell(bundle, planned[name], record, tally)
        else:
            tally.demand(False, cell_file(name), "", f"is not {_PLAN}")
    if bundle.checksums is not None:
        for name in bundle.missing:
            tally.demand(False, cell_file(name), "", "is missing, or cannot be read")
    elif bundle.missing:
        total = len(bundle.campaign.cells)
        tally.leave_out(f"{len(bundle.missing)} of {total} cells, which have no result yet")
    return tally.result()


def _check_campaign(bundle: Bundle, tally: Tally) -> None:
    campaign = bundle.campaign
    tally.demand(bool(campaign.profiles), CAMPAIGN_FILE, "profiles", "names no dataset")
    for last in campaign.profiles[-1:]:
        stamp = f"{campaign.created_at:%Y%m%d-%H%M%S}-{last.profile}"
        named = re.fullmatch(rf"{re.escape(stamp)}(-\d+)?", campaign.campaign)
        tally.demand(named is not None, CAMPAIGN_FILE, "campaign", f"does not begin with {stamp}")
    if bundle.gradient is not None:
        tally.compare(GRADIENT_FILE, "campaign", bundle.gradient.campaign, campaign.campaign, _PLAN)
    cells = [cell.cell for cell in campaign.cells]
    tally.demand(len(set(cells)) == len(cells), CAMPAIGN_FILE, "cells", "names a cell twice")


def _check_cell(bundle: Bundle, planned: PlannedCell, record: CellRecord, tally: Tally) -> None:
    file, campaign, result = cell_file(record.cell), bundle.campaign, record.result
    profile = next((p for p in campaign.profiles if p.profile == planned.profile), None)
    pairs = {
        "repetition": (record.repetition, planned.repetition),
        "ram_bytes": (record.ram_bytes, planned.ram_bytes),
        "fingerprint": (record.fingerprint, planned.fingerprint),
        "result.scenario": (result.scenario, planned.scenario),
        "result.profile": (result.profile, planned.profile),
        "result.dataset_seed": (result.dataset_seed, campaign.dataset_seed),
        "result.dataset_fingerprint": (
            result.dataset_fingerprint,
            None if profile is None else profile.dataset_fingerprint,
        ),
    }
    for field, (stated, due) in pairs.items():
        tally.compare(file, field, stated, due, _PLAN)
    if result.queries:
        asked = [query.query for query in result.queries]
        tally.compare(file, "result.queries", asked, list(campaign.queries), _PLAN)
    if record.loaded_in_cell is not None:
        is_known = record.loaded_in_cell in {cell.cell for cell in campaign.cells}
        tally.demand(is_known, file, "loaded_in_cell", "is no cell of the plan")


def _cell_id(cell: PlannedCell) -> str:
    level = "" if cell.ram_bytes is None else f".{format_level(cell.ram_bytes)}"
    return f"{cell.profile}.{cell.scenario}{level}.r{cell.repetition}"
