"""With how much RAM each way of storing works: what its cost is reckoned for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.benchmark.brackets import find_bracket
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.failure import find_failure
from basetype_benchmark.benchmark.gradient import Observation, ScenarioFindings
from basetype_benchmark.config.ram import format_ram

_CPU_FACT = "cpu_usable_count"


class Basis(StrEnum):
    """Which RAM level of a scenario is taken."""

    LEAST = "least viable"
    PLATEAU = "plateau"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One scenario with so much RAM: what somebody would have to rent.

    `ram_bytes` is None where it was not measured, and `found` says why, or how it was found.
    `disk_bytes` is the size of the stores right after the load, `vcpus` the CPUs of the machine
    that all of them were measured on; None: not known.
    """

    profile: str
    scenario: str
    basis: Basis
    ram_bytes: int | None
    found: str
    disk_bytes: int | None
    vcpus: int | None


def find_options(data: CampaignData) -> tuple[Option, ...]:
    """Give each scenario of a campaign at its least viable RAM and at its plateau; no guesses."""
    by_scenario: dict[tuple[str, str], list[CellRecord]] = {}
    for record in data.cells:
        key = (record.result.profile, record.result.scenario)
        by_scenario.setdefault(key, []).append(record)
    return tuple(
        option
        for (_, scenario), cells in by_scenario.items()
        for option in _options(cells, _findings(data, scenario), _vcpus(data))
    )


def _findings(data: CampaignData, scenario: str) -> ScenarioFindings | None:
    found = () if data.gradient is None else data.gradient.scenarios
    return next((findings for findings in found if findings.scenario == scenario), None)


def _vcpus(data: CampaignData) -> int | None:
    value = None if data.environment is None else data.environment.host.get(_CPU_FACT)
    return value if isinstance(value, int) else None


def _options(
    cells: Sequence[CellRecord], findings: ScenarioFindings | None, vcpus: int | None
) -> Iterator[Option]:
    for basis, (ram_bytes, found) in (
        (Basis.LEAST, _least(cells, findings)),
        (Basis.PLATEAU, _plateau(findings)),
    ):
        yield Option(
            profile=cells[0].result.profile,
            scenario=cells[0].result.scenario,
            basis=basis,
            ram_bytes=ram_bytes,
            found=found,
            disk_bytes=_disk_bytes(cells, ram_bytes),
            vcpus=vcpus,
        )


def _least(
    cells: Sequence[CellRecord], findings: ScenarioFindings | None
) -> tuple[int | None, str]:
    if findings is not None:
        return findings.findings.least.passed_at, str(findings.findings.least)
    levels = sorted({cell.ram_bytes for cell in cells if cell.ram_bytes is not None})
    if not levels:
        return None, "not measured: nothing was limited; btb run --mode gradient does it"
    least = find_bracket([_observe(level, _at(cells, level)) for level in levels])
    return least.passed_at, str(least)


def _observe(ram_bytes: int, cells: Sequence[CellRecord]) -> Observation:
    failures = (find_failure(cell.result) for cell in cells)
    words = (failure.words for failure in failures if failure is not None)
    return Observation(ram_bytes=ram_bytes, failure=next(words, None))


def _plateau(findings: ScenarioFindings | None) -> tuple[int | None, str]:
    if findings is None:
        return None, "not measured: btb run --mode gradient does it"
    plateau = findings.findings.plateau
    if plateau is None:
        return None, "not found: the levels tried do not show one"
    told = f"{format_ram(plateau.higher_bytes)} is not 10 % faster"
    if findings.findings.is_plateau_bound:
        told = f"{findings.findings.plateau_words}: {told}"
    return plateau.lower_bytes, told


def _disk_bytes(cells: Sequence[CellRecord], ram_bytes: int | None) -> int | None:
    """The size of the stores of a level, which another one may have loaded."""
    at = _at(cells, ram_bytes)
    loaders = {name for cell in at for name in (cell.cell, cell.loaded_in_cell)}
    loads = [cell.result.load for cell in cells if cell.cell in loaders]
    sizes = (load.size_bytes for load in loads if load is not None)
    return next((size for size in sizes if size is not None), None)


def _at(cells: Sequence[CellRecord], ram_bytes: int | None) -> list[CellRecord]:
    return [cell for cell in cells if cell.ram_bytes == ram_bytes]
