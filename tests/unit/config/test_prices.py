"""The list of prices: that which ships says where its figures are from; mistakes are told."""

from pathlib import Path

import pytest

from basetype_benchmark.config.prices import HOURS_PER_YEAR, Prices, read_prices
from basetype_benchmark.errors import ConfigError

OWN = """
currency: EUR
memory_price: {value: 3, unit: per GiB-month, region: Paris, date: 2026-01-02, source: our bill}
cpu_price: {value: 0.02, unit: per vCPU-hour, region: Paris, date: 2026-01-02, source: our bill}
disk_price: {value: 0.1, unit: per GB-month, region: Paris, date: 2026-01-02, source: our bill}
memory_power: {value: 0.4, unit: W per GiB, region: Paris, date: 2026-01-02, source: a meter}
cpu_power: {value: 2, unit: W per vCPU, region: Paris, date: 2026-01-02, source: a meter}
power_usage_effectiveness: {value: 1.2, unit: ratio, region: Paris, date: 2026-01-02, source: them}
carbon_intensity:
  {value: 50, unit: gCO2e per kWh, region: France, date: 2026-01-02, source: us, is_example: true}
"""


def read(folder: Path, text: str) -> Prices:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return read_prices(path)


def test_the_list_that_ships_says_where_and_when_of_every_figure() -> None:
    prices = read_prices()
    assert prices.currency == "USD"
    for name, figure in prices.figures().items():
        assert min(len(figure.source), len(figure.region)) > 2, name
        assert figure.date.year >= 2022, name
        assert not figure.is_example, name


def test_a_price_by_the_month_and_one_by_the_hour_are_both_told_for_a_year(tmp_path: Path) -> None:
    prices = read(tmp_path, OWN)
    assert prices.memory_price.per_year == 36
    assert prices.cpu_price.per_year == pytest.approx(0.02 * HOURS_PER_YEAR)
    assert prices.carbon_intensity.is_example


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("currency: EUR", "currency: euro", "currency: String should match pattern"),
        ("value: 3,", "value: -3,", "memory_price.value: Input should be greater than or equal"),
        ("value: 3,", "value: .nan,", "memory_price.value: Input should be greater than or equal"),
        ("value: 3,", "value: .inf,", "memory_price.value: must be a number, not inf"),
        ("value: 1.2,", "value: 0.9,", "power_usage_effectiveness.value: Input should be greater"),
        ("per GiB-month", "per GB-month", "memory_price.unit: Input should be 'per GiB-hour' or"),
        ("source: our bill}", "source: ' '}", "memory_price.source: must not be empty"),
        ("region: Paris, date", "regio: Paris, date", "memory_price.region: must be given"),
        ("date: 2026-01-02", "date: soon", "memory_price.date: Input should be a valid date"),
        ("currency: EUR", "currency: EUR\nvat: 0.2", "vat: is not a key of this file"),
    ],
)
def test_a_mistake_is_told_with_file_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    with pytest.raises(ConfigError, match=r"the prices have mistakes: .*own\.yaml: ") as caught:
        read(tmp_path, OWN.replace(old, new, 1))
    assert expected in str(caught.value)


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, OWN.replace("value: 3,", "", 1).replace("W per vCPU", "kW", 1))
    assert "memory_price.value: must be given" in str(caught.value)
    assert "cpu_power.unit: Input should be 'W per vCPU', not 'kW'" in str(caught.value)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: file: is missing"):
        read_prices(tmp_path / "none.yaml")
