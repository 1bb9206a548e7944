"""What a year of each way of storing costs, at the RAM that it needs."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.footprint_cost import YearlyCost, formulas, sources, yearly_cost
from basetype_benchmark.analysis.footprint_options import Basis, find_options
from basetype_benchmark.config.prices import Prices
from basetype_benchmark.report.html.model import Column, Folded, Notes, Section, Table, Value
from basetype_benchmark.report.html.wording import missing, number_value, ram_value


def cost_section(data: CampaignData, prices: Prices) -> Section | None:
    """Reckon a year of each scenario; None where no least RAM is known."""
    costs = [yearly_cost(option, prices) for option in find_options(data)]
    if all(cost.option.ram_bytes is None for cost in costs):
        return None
    return Section(
        key="costs",
        title="What a year costs",
        lead=(
            "Arithmetic on a list of prices and intensities, not a measurement: servers that run "
            "all year at the least RAM that works, and at the level above which more hardly helps. "
            "Where the list has examples, replace them: btb report --prices FILE.",
        ),
        parts=(
            _table(costs, prices),
            Folded(
                title="Formulas, and where each figure of the list is from",
                part=Notes(key="cost-notes", items=(*formulas(prices), *sources(prices))),
            ),
        ),
    )


def _table(costs: Sequence[YearlyCost], prices: Prices) -> Table:
    money = f"{prices.currency} a year"
    return Table(
        key="cost-table",
        caption="A year of each scenario; parts that were not measured have no cost",
        columns=(
            Column(name="scenario"),
            Column(name="dataset"),
            Column(name="RAM is"),
            Column(name="RAM", is_number=True),
            *(Column(name=name, unit=money, is_number=True) for name in ("for RAM", "in all")),
            Column(name="energy", unit="kWh", is_number=True),
            Column(name="carbon", unit="kg CO2e", is_number=True),
        ),
        rows=tuple(_row(c) for c in costs if c.option.ram_bytes or c.option.basis is Basis.LEAST),
        choices=("dataset", "RAM is"),
    )


def _row(cost: YearlyCost) -> tuple[Value, ...]:
    option = cost.option
    return (
        Value(text=option.scenario),
        Value(text=option.profile),
        Value(text=option.basis.value),
        missing("–") if option.ram_bytes is None else ram_value(option.ram_bytes),
        *map(number_value, (cost.memory_cost, cost.total_cost, cost.energy_kwh, cost.carbon_kg)),
    )
