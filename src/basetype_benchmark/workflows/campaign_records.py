"""What a campaign writes of its plan and of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord, CellRecord, PlannedCell
from basetype_benchmark.benchmark.fingerprint import cell_fingerprint, code_version
from basetype_benchmark.benchmark.gradient import GradientPlanRecord
from basetype_benchmark.workflows.bench import Bench
from basetype_benchmark.workflows.kept_store import StoreRun
from basetype_benchmark.workflows.placement import describe_places
from basetype_benchmark.workflows.plan import Cell


def campaign_record(
    bench: Bench, cells: Sequence[PlannedCell], *, gradient: GradientPlanRecord | None = None
) -> CampaignRecord:
    """Describe a campaign that begins now, under a name that none before it has."""
    now, manifest = datetime.now(UTC), bench.dataset.manifest
    wanted = f"{now:%Y%m%d-%H%M%S}-{manifest.profile}"
    is_limited = gradient is not None or any(cell.ram_bytes is not None for cell in cells)
    return CampaignRecord(
        campaign=_free_name(bench.settings.results_dir, wanted),
        created_at=now,
        profile=manifest.profile,
        dataset_seed=manifest.seed,
        dataset_fingerprint=bench.dataset.fingerprint,
        queries=tuple(work.question.id for work in bench.workload.work),
        protocol=bench.protocol,
        code=code_version(),
        graph_share=bench.graph_share if is_limited else None,
        gradient=gradient,
        cells=tuple(cells),
    )


def planned_cell(bench: Bench, cell: Cell, *, reuses_store: bool = False) -> PlannedCell:
    """Describe a cell with the fingerprint that its result must carry.

    `reuses_store`: its servers are started anew between load and measurement.
    """
    is_split = cell.ram_bytes is not None and cell.scenario.is_federated
    return PlannedCell(
        cell=cell.id,
        scenario=cell.scenario.id,
        repetition=cell.repetition,
        ram_bytes=cell.ram_bytes,
        fingerprint=cell_fingerprint(
            code=code_version(),
            dataset_fingerprint=bench.dataset.fingerprint,
            scenario=cell.scenario.id,
            queries=[work.question.id for work in bench.workload.work],
            protocol=bench.protocol,
            ram_bytes=cell.ram_bytes,
            graph_share=bench.graph_share if is_split else None,
            reuses_store=reuses_store,
            services=describe_places(cell.scenario, bench.choice),
        ),
    )


def cell_record(planned: PlannedCell, run: StoreRun) -> CellRecord:
    """Join what was planned and what came of it."""
    return CellRecord(
        cell=planned.cell,
        repetition=planned.repetition,
        ram_bytes=planned.ram_bytes,
        fingerprint=planned.fingerprint,
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
