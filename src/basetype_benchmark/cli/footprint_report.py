"""The tables of ``btb results --footprint``."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.footprint import Footprint, energy_note, footprint_rows
from basetype_benchmark.analysis.footprint_amounts import (
    AMOUNTS,
    ENERGY,
    NOTES,
    PARTIAL_NOTE,
    mark_of,
)
from basetype_benchmark.analysis.footprint_cost import (
    GB,
    YearlyCost,
    formulas,
    sources,
    yearly_cost,
)
from basetype_benchmark.analysis.footprint_options import find_options
from basetype_benchmark.cli.formatters import NOT_MEASURED, print_note, print_table
from basetype_benchmark.config.prices import Prices
from basetype_benchmark.units import GIB, format_number


def footprint_document(data: CampaignData, prices: Prices) -> dict[str, object]:
    """Give what is shown, for other programs."""
    rows = footprint_rows(data)
    return {
        "campaign": data.campaign.campaign,
        "footprint": rows,
        "energy": energy_note(rows),
        "costs": _costs(data, prices),
        "formulas": formulas(prices),
        "prices": prices.model_dump(mode="json"),
    }


def print_footprint(data: CampaignData, prices: Prices) -> None:
    """Print what the cells took, and what a year of each option costs and how that is reckoned."""
    rows = footprint_rows(data)
    _print_use(rows)
    _print_costs(_costs(data, prices), prices)


def _costs(data: CampaignData, prices: Prices) -> tuple[YearlyCost, ...]:
    return tuple(yearly_cost(option, prices) for option in find_options(data))


def _print_use(rows: Sequence[Footprint]) -> None:
    if not rows:
        print_note("nobody watched what the cells took: there is no footprint")
        return
    cells = [[row.cell, row.phase, *_use(row)] for row in rows]
    columns = ["cell", "phase", *AMOUNTS]
    shown = [i for i, name in enumerate(columns) if any(c[i] != NOT_MEASURED for c in cells)]
    kept = [columns[i] for i in shown]
    print_table(
        kept,
        [[cell[i] for i in shown] for cell in cells],
        title="What all servers of a cell took",
        numeric=[name for name in kept if name in AMOUNTS],
    )
    for note in NOTES:
        print_note(note)
    missing = [name for name in columns if name not in kept and name != ENERGY]
    if missing:
        print_note(f"not measurable here: {', '.join(missing)}")
    if any(not row.is_whole for row in rows):
        print_note(PARTIAL_NOTE)
    print_note(energy_note(rows))


def _use(row: Footprint) -> list[str]:
    return [_write(amount(row), mark_of(row, name)) for name, amount in AMOUNTS.items()]


def _print_costs(costs: Sequence[YearlyCost], prices: Prices) -> None:
    money = prices.currency
    numbers = (
        "RAM GiB",
        "disk GB",
        f"RAM {money}",
        f"CPU {money}",
        f"disk {money}",
        f"all {money}",
    )
    rows = [
        [
            _option(cost, costs),
            cost.option.basis.value,
            _size(cost.option.ram_bytes, GIB),
            _size(cost.option.disk_bytes, GB),
            *map(_money, (cost.memory_cost, cost.cpu_cost, cost.disk_cost, cost.total_cost)),
        ]
        for cost in costs
    ]
    print_table(["option", "at", *numbers], rows, title="What a year costs", numeric=numbers)
    power = ("RAM GiB", "vCPUs", "kWh", "kg CO2e")
    rows = [
        [
            _option(cost, costs),
            cost.option.basis.value,
            _size(cost.option.ram_bytes, GIB),
            NOT_MEASURED if cost.option.vcpus is None else str(cost.option.vcpus),
            _write(cost.energy_kwh),
            _write(cost.carbon_kg),
        ]
        for cost in costs
        if cost.energy_kwh is not None
    ]
    if rows:
        print_table(
            ["option", "at", *power], rows, title="A year in energy and carbon", numeric=power
        )
    _print_reasons(costs, prices)


def _print_reasons(costs: Sequence[YearlyCost], prices: Prices) -> None:
    for cost in costs:
        print_note(f"{_option(cost, costs)} {cost.option.basis.value}: {cost.option.found}")
    print_note(
        "vCPUs: those of the machine it was measured on, the same for every option; what the"
    )
    print_note("  operating system needs is not in it. Energy and carbon are estimates, from watts")
    print_note("the prices and intensities can be yours: --prices FILE")
    for formula in formulas(prices):
        print_note(f"  {formula}")
    for source in sources(prices):
        print_note(source)


def _option(cost: YearlyCost, costs: Sequence[YearlyCost]) -> str:
    is_one = len({other.option.profile for other in costs}) == 1
    return cost.option.scenario if is_one else f"{cost.option.profile} {cost.option.scenario}"


def _size(size_bytes: int | None, unit: int) -> str:
    return NOT_MEASURED if size_bytes is None else format_number(size_bytes / unit, 4)


def _money(cost: float | None) -> str:
    return NOT_MEASURED if cost is None else f"{cost:.2f}"


def _write(value: float | None, mark: str = "") -> str:
    return NOT_MEASURED if value is None else f"{mark}{format_number(value)}"
