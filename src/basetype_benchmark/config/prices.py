"""Prices and intensities, with which the cost and the carbon of a year of a store are reckoned."""

from __future__ import annotations

import math
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from basetype_benchmark.config.yaml_files import Problems, read_yaml

_SHIPPED = "prices.yaml"

HOURS_PER_YEAR = 8760
MONTHS_PER_YEAR = 12


def _check_finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"must be a number, not {value}")
    return value


def _check_text(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty: say where the figure is from")
    return text


class Figure(BaseModel):
    """A number that somebody else found, with where, when and for which place.

    One that `is_example` stands for a figure that is not known yet: whoever shows it says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Annotated[float, Field(ge=0), AfterValidator(_check_finite)]
    unit: str
    region: Annotated[str, AfterValidator(_check_text)]
    date: date
    source: Annotated[str, AfterValidator(_check_text)]
    is_example: bool = False


class Price(Figure):
    """A price for a thing and a time."""

    @property
    def per_year(self) -> float:
        """The price for a year, of 8760 hours or 12 months."""
        return self.value * (HOURS_PER_YEAR if self.unit.endswith("hour") else MONTHS_PER_YEAR)


class MemoryPrice(Price):
    """What RAM costs; a GiB is 2^30 bytes."""

    unit: Literal["per GiB-hour", "per GiB-month"]


class CpuPrice(Price):
    """What a processor costs, as the provider counts them."""

    unit: Literal["per vCPU-hour", "per vCPU-month"]


class DiskPrice(Price):
    """What room on disk costs; a GB is 10^9 bytes."""

    unit: Literal["per GB-hour", "per GB-month"]


class MemoryPower(Figure):
    """What RAM takes, in use or not."""

    unit: Literal["W per GiB"]


class CpuPower(Figure):
    """What a processor takes at the utilisation that the source says."""

    unit: Literal["W per vCPU"]


class PowerUsageEffectiveness(Figure):
    """What the data centre takes for each kWh of its servers; 1 is nothing besides."""

    value: Annotated[float, Field(ge=1), AfterValidator(_check_finite)]
    unit: Literal["ratio"]


class CarbonIntensity(Figure):
    """What a kWh of the grid gives off."""

    unit: Literal["gCO2e per kWh"]


class Prices(BaseModel):
    """The list. All prices are in one `currency`, given by its three letters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    memory_price: MemoryPrice
    cpu_price: CpuPrice
    disk_price: DiskPrice
    memory_power: MemoryPower
    cpu_power: CpuPower
    power_usage_effectiveness: PowerUsageEffectiveness
    carbon_intensity: CarbonIntensity

    def figures(self) -> dict[str, Figure]:
        """Give every figure by its name, in the order of the file."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: figure for name, figure in found.items() if isinstance(figure, Figure)}


def read_prices(path: Path | None = None) -> Prices:
    """Read a list of the user's own; without `path` the one that ships.

    Raises:
        ConfigError: it has mistakes; all are listed.
    """
    if path is not None:
        return _read(path)
    with as_file(files("basetype_benchmark.config") / _SHIPPED) as shipped:
        return _read(shipped)


def _read(path: Path) -> Prices:
    problems = Problems()
    prices = read_yaml(path, Prices, problems)
    problems.refuse("the prices")
    assert prices is not None  # else there were problems
    return prices
