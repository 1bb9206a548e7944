"""What a campaign writes of its plan and of its cells."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    PlannedCell,
    PlannedProfile,
)
from basetype_benchmark.benchmark.fingerprint import cell_fingerprint
from basetype_benchmark.benchmark.gradient import GradientPlanRecord
from basetype_benchmark.workflows.campaigns.bench import Bench
from basetype_benchmark.workflows.campaigns.ground import Ground
from basetype_benchmark.workflows.campaigns.kept_store import StoreRun, reuses_store
from basetype_benchmark.workflows.placement import describe_places
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.plan import Cell


def campaign_record(
    plan: CampaignPlan,
    ground: Ground,
    *,
    results_dir: Path,
    provider: str,
    gradient: GradientPlanRecord | None = None,
) -> CampaignRecord:
    """Describe a campaign that begins now, under a name that none before it has.

    The cells of a gradient are not planned: they are added as they are decided on.
    """
    now, first = wall_clock.utc_now(), plan.parts[0]
    return CampaignRecord(
        campaign=_free_name(results_dir, f"{now:%Y%m%d-%H%M%S}-{plan.parts[-1].profile}"),
        created_at=now,
        mode=plan.mode,
        dataset_seed=first.dataset_seed,
        profiles=tuple(
            PlannedProfile(
                profile=part.profile, source=plan.sources[part.profile], protocol=part.protocol
            )
            for part in plan.parts
        ),
        queries=tuple(question.id for question in first.questions),
        code=ground.code,
        provider=provider,
        places=dict(ground.places),
        host_class=ground.host_class,
        graph_share=first.graph_share if gradient is not None or plan.is_limited else None,
        keeps_exports=plan.keeps_exports,
        gradient=gradient,
        cells=() if gradient is not None else tuple(map(unknown_cell, plan.cells)),
        skipped=plan.skipped,
    )


def unknown_cell(cell: Cell) -> PlannedCell:
    """Describe a cell whose dataset is not there yet."""
    return PlannedCell(
        cell=cell.id,
        profile=cell.profile,
        scenario=cell.scenario.id,
        repetition=cell.repetition,
        ram_bytes=cell.ram_bytes,
        fingerprint=None,
    )


def planned_cell(bench: Bench, cell: Cell) -> PlannedCell:
    """Describe a cell with the fingerprint that its result must carry."""
    is_split = cell.ram_bytes is not None and cell.scenario.is_federated
    return PlannedCell(
        cell=cell.id,
        profile=cell.profile,
        scenario=cell.scenario.id,
        repetition=cell.repetition,
        ram_bytes=cell.ram_bytes,
        fingerprint=cell_fingerprint(
            code=bench.ground.code,
            dataset_fingerprint=bench.dataset.fingerprint,
            scenario=cell.scenario.id,
            queries=[work.question.id for work in bench.workload.work],
            protocol=bench.protocol,
            ram_bytes=cell.ram_bytes,
            graph_share=bench.graph_share if is_split else None,
            reuses_store=reuses_store(cell),
            services=describe_places(cell.scenario, bench.choice),
            host_class=bench.ground.host_class,
        ),
    )


def cell_record(planned: PlannedCell, run: StoreRun) -> CellRecord:
    """Join what was planned and what came of it."""
    return CellRecord(
        cell=planned.cell,
        repetition=planned.repetition,
        ram_bytes=planned.ram_bytes,
        fingerprint=planned.fingerprint or "",
        loaded_in_cell=run.loaded_in_cell,
        caches_dropped=run.caches_dropped,
        result=run.result,
    )


def _free_name(folder: Path, wanted: str) -> str:
    name, number = wanted, 1
    while (folder / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name
