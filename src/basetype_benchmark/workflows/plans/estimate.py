"""What a plan will take: time, disk and RAM, each as a range, before anything of it runs.

By the rates that earlier campaigns of the home have measured on this machine, else by those that
ship with the package; each cell says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import psutil

from basetype_benchmark.config.rates import load_rates
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.campaigns.kept_store import reuses_store
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.estimate_cell import (
    CellEstimate,
    CellEstimator,
    estimate_preparing,
)
from basetype_benchmark.workflows.plans.estimate_measured import read_measured
from basetype_benchmark.workflows.plans.estimate_size import DataSize, DataSizes
from basetype_benchmark.workflows.plans.gradient_plan import GradientPlan, ScenarioPlan
from basetype_benchmark.workflows.plans.plan import Cell, Plan
from basetype_benchmark.workflows.plans.ranges import (
    NOTHING,
    Range,
    about,
    highest,
    total,
)

_FEWEST_LEVELS = 2
_USUAL_LEVELS = 3
_BISECTIONS = (1, 4, 8)
"""Fewest, usual and most levels that are tried between two."""

_RESULT_BYTES = 120_000  # of a cell, with its tables
_RESULT_FACTOR = 3.0


@dataclass(frozen=True, kw_only=True)
class PlanEstimate:
    """What a campaign will take, by cell in the order of the plan, and in all.

    `cells` of a gradient are all levels that may be tried; `total_s` counts with fewer. `preparing`
    is what comes before the first cell of each profile: verifying, cutting out, expected answers.
    `disk_bytes` is the most that is written at any time, over what is on the disk before: stores of
    earlier campaigns are replaced, so that it may be less. `ram_bytes` is what the biggest cell
    needs, the harness included.
    """

    cells: tuple[CellEstimate, ...]
    preparing_s: Range
    total_s: Range
    disk_bytes: Range
    ram_bytes: Range

    @property
    def basis(self) -> str:
        """Say out of what it was made, in a line for people."""
        by_scenario = {cell.scenario: cell for cell in self.cells}.values()
        measured = [cell for cell in by_scenario if cell.measured_cells]
        shipped = [cell for cell in by_scenario if not cell.measured_cells]
        said = []
        if measured:
            count = sum(cell.measured_cells for cell in measured)
            names = ", ".join(cell.scenario for cell in measured)
            said.append(f"{names} from {count} measured cell{'s' * (count > 1)}")
        if shipped:
            names = ", ".join(map(_by_table, shipped))
            said.append(f"{names} from the shipped table ({load_rates().measured_on})")
        return "; ".join(said)

    def cell(self, cell_id: str) -> CellEstimate | None:
        """Give the estimate of a cell; None of one that is not planned."""
        return next((cell for cell in self.cells if cell.cell == cell_id), None)


def _by_table(cell: CellEstimate) -> str:
    if cell.rates_of == cell.scenario:
        return cell.scenario
    return f"{cell.scenario} (never run by us: as {cell.rates_of})"


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One profile of a plan."""

    size: DataSize
    preparing_s: Range
    cells: tuple[CellEstimate, ...]


def estimate_plan(plan: CampaignPlan | GradientPlan, settings: Settings) -> PlanEstimate:
    """Estimate a plan by what the home holds; reads some result files, and starts nothing.

    Raises:
        UsageError: a profile is unknown.
    """
    campaign = plan.campaign_plan if isinstance(plan, GradientPlan) else plan
    rates = load_rates()
    sizes = DataSizes(settings, campaign.parts[0].dataset_seed, rates)
    measured = read_measured(settings, [scenario.id for scenario in campaign.scenarios])
    estimator = CellEstimator(rates, measured)
    if isinstance(plan, GradientPlan):
        return _gradient(plan, _estimate_part(plan.base, (), estimator, sizes), estimator)
    parts = [
        _estimate_part(part, part.cells, estimator, sizes, campaign.sources.get(part.profile))
        for part in campaign.parts
    ]
    cells = [cell for part in parts for cell in part.cells]
    preparing_s = total(part.preparing_s for part in parts)
    return PlanEstimate(
        cells=tuple(cells),
        preparing_s=preparing_s,
        total_s=preparing_s + total(cell.total_s for cell in cells),
        disk_bytes=_disk(
            parts, keeps_exports=campaign.keeps_exports, drops_stores=campaign.drops_stores
        ),
        ram_bytes=_ram(cells),
    )


def _estimate_part(
    part: Plan,
    cells: Sequence[Cell],
    estimator: CellEstimator,
    sizes: DataSizes,
    source: str | None = None,
) -> _Part:
    """Estimate a profile, cut out of a dataset `source` where it is not there."""
    size = sizes.of(part.profile)
    bigger = None if size.is_there or source in (None, part.profile) else sizes.of(str(source))
    return _Part(
        size=size,
        preparing_s=estimate_preparing(load_rates(), size, bigger, part.protocol),
        cells=tuple(_estimate_cells(part, cells, estimator, size)),
    )


def _estimate_cells(
    part: Plan, cells: Sequence[Cell], estimator: CellEstimator, size: DataSize
) -> Iterator[CellEstimate]:
    """Estimate cells in their order: a store that is kept is not loaded again for more RAM."""
    queries = [question.id for question in part.questions]
    kept: dict[str, int] = {}
    for cell in cells:
        level = cell.ram_bytes or 0
        loads = not reuses_store(cell) or level < kept.get(cell.scenario.id, level + 1)
        if loads and reuses_store(cell):
            kept[cell.scenario.id] = level
        yield estimator.estimate(cell, size, part.protocol, queries, loads=loads)


def _disk(parts: Sequence[_Part], *, keeps_exports: bool, drops_stores: bool) -> Range:
    """Give the most that is written at once: the stores of a profile, and what was cut out."""
    kept, peaks = NOTHING, []
    for part in parts:
        cut_out = NOTHING if part.size.is_there else about(part.size.file_bytes, part.size.factor)
        peaks.append(kept + cut_out + _stores(part.cells, drops_stores=drops_stores))
        kept = kept + cut_out if keeps_exports else kept
    return highest(peaks) + _results(sum(len(part.cells) for part in parts))


def _stores(cells: Sequence[CellEstimate], *, drops_stores: bool) -> Range:
    """Give the most that stores take together, each from its first cell on, or to its last."""
    last = {cell.scenario: cell.cell for cell in cells}
    held: dict[str, Range] = {}
    peaks = []
    for cell in cells:
        held[cell.scenario] = cell.disk_bytes
        peaks.append(total(held.values()))
        if drops_stores and cell.cell == last[cell.scenario]:
            del held[cell.scenario]
    return highest(peaks)


def _results(cells: int) -> Range:
    return about(cells * _RESULT_BYTES, _RESULT_FACTOR)


def _ram(cells: Iterable[CellEstimate]) -> Range:
    """Give what the biggest cell needs: no more than there is, since servers see to that."""
    return highest(cell.ram_bytes for cell in cells).at_most(psutil.virtual_memory().total)


def _gradient(plan: GradientPlan, base: _Part, estimator: CellEstimator) -> PlanEstimate:
    """Estimate a gradient, of which nobody knows how many levels it will try."""
    cells: list[CellEstimate] = []
    seconds = base.preparing_s
    for planned in plan.scenarios:
        levels = [
            Cell(profile=plan.base.profile, scenario=planned.scenario, repetition=1, ram_bytes=ram)
            for ram in planned.controller.levels
        ]
        estimated = list(_estimate_cells(plan.base, levels, estimator, base.size))
        seconds += _levels_s(planned, [cell.total_s for cell in estimated], plan.repetitions)
        cells += estimated
    return PlanEstimate(
        cells=tuple(cells),
        preparing_s=base.preparing_s,
        total_s=seconds,
        disk_bytes=_stores(cells, drops_stores=False) + _results(len(cells)),
        ram_bytes=_ram(cells),
    )


def _levels_s(planned: ScenarioPlan, levels_s: Sequence[Range], repetitions: int) -> Range:
    """Give the time of a scenario when few of its levels are tried, the usual number, or all."""
    few, usual, most = _BISECTIONS if planned.controller.bisects else (0, 0, 0)
    last = levels_s[-1]

    def of(levels: int, bisections: int) -> Range:
        return (total(levels_s[:levels]) + last.times(bisections)).times(repetitions)

    return Range(
        low=of(_FEWEST_LEVELS, few).low,
        likely=of(_USUAL_LEVELS, usual).likely,
        high=of(len(levels_s), most).high,
    )
