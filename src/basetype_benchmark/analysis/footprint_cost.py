"""What a year of a way of storing costs, in money and in carbon: plain arithmetic on a list.

A year is one of 8760 hours in which the servers run without a stop.
"""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.analysis.footprint_options import Option
from basetype_benchmark.config.prices import HOURS_PER_YEAR, Figure, Price, Prices
from basetype_benchmark.units import GIB

GB = 1_000_000_000
_EXAMPLE = " (an example: replace it)"


@dataclass(frozen=True, kw_only=True)
class YearlyCost:
    """One option for a year; costs in the currency of the list. None: a part was not measured.

    Energy and carbon are estimates from the watts of the list, not measurements.
    """

    option: Option
    currency: str
    memory_cost: float | None
    cpu_cost: float | None
    disk_cost: float | None
    total_cost: float | None
    energy_kwh: float | None
    carbon_kg: float | None


def yearly_cost(option: Option, prices: Prices) -> YearlyCost:
    """Reckon one option, by `formulas`."""
    memory = _times(_over(option.ram_bytes, GIB), prices.memory_price.per_year)
    cpu = _times(option.vcpus, prices.cpu_price.per_year)
    disk = _times(_over(option.disk_bytes, GB), prices.disk_price.per_year)
    energy = _energy_kwh(option, prices)
    return YearlyCost(
        option=option,
        currency=prices.currency,
        memory_cost=memory,
        cpu_cost=cpu,
        disk_cost=disk,
        total_cost=None if memory is None or cpu is None or disk is None else memory + cpu + disk,
        energy_kwh=energy,
        carbon_kg=_times(energy, prices.carbon_intensity.value / 1000),
    )


def formulas(prices: Prices) -> tuple[str, ...]:
    """Write how each column comes about, with the figures of the list in it."""
    return (
        f"RAM: GiB x {_for_a_year(prices.memory_price)} {prices.currency}",
        f"CPU: vCPUs x {_for_a_year(prices.cpu_price)} {prices.currency}",
        f"disk: GB x {_for_a_year(prices.disk_price)} {prices.currency}",
        f"kWh: (GiB x {prices.memory_power.value:g} W + vCPUs x {prices.cpu_power.value:g} W)"
        f" x {HOURS_PER_YEAR} h / 1000 x {prices.power_usage_effectiveness.value:g}",
        f"kg CO2e: kWh x {prices.carbon_intensity.value:g} g / 1000",
    )


def sources(prices: Prices) -> tuple[str, ...]:
    """Write where each figure is from; one that is an example is said to be one."""
    return tuple(
        f"{name.replace('_', ' ')}: {figure.value:g} {_unit(figure, prices)}"
        f"{_EXAMPLE if figure.is_example else ''}; {figure.region}, {figure.date}: {figure.source}"
        for name, figure in prices.figures().items()
    )


def _for_a_year(price: Price) -> str:
    """Write what the price of a year comes of: ``0.08 x 12 months``."""
    is_hourly = price.unit.endswith("hour")
    return f"{price.value:g} x {'8760 h' if is_hourly else '12 months'}"


def _unit(figure: Figure, prices: Prices) -> str:
    return f"{prices.currency} {figure.unit}" if isinstance(figure, Price) else figure.unit


def _energy_kwh(option: Option, prices: Prices) -> float | None:
    if option.ram_bytes is None or option.vcpus is None:
        return None
    watts = (
        option.ram_bytes / GIB * prices.memory_power.value + option.vcpus * prices.cpu_power.value
    )
    return watts * HOURS_PER_YEAR / 1000 * prices.power_usage_effectiveness.value


def _over(amount: int | None, unit: int) -> float | None:
    return None if amount is None else amount / unit


def _times(amount: float | None, factor: float) -> float | None:
    return None if amount is None else amount * factor
