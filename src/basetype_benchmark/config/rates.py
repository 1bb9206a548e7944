"""How long things take and how much room they need: the table that estimates begin with."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, NonNegativeFloat

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.config.yaml_files import Problems, read_yaml

_PARTS = ("fixed", "per_kilo_elements", "per_mega_samples")
_UNKNOWN = "A2"
_NOT_RUN = {"memgraph": "falkordb"}
"""Engines of which nothing was measured, and whose rates theirs are taken to be."""


class Rate(BaseModel):
    """A quantity as the size of the data decides it, in a unit that its name states.

    In the file a list: the fixed part, that of 1000 nodes and relations, of a million samples.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fixed: NonNegativeFloat
    per_kilo_elements: NonNegativeFloat
    per_mega_samples: NonNegativeFloat

    def at(self, elements: float, samples: float) -> float:
        """Give the quantity for so many nodes and relations, and samples."""
        return (
            self.fixed
            + self.per_kilo_elements * elements / 1e3
            + self.per_mega_samples * samples / 1e6
        )


def _name_parts(given: object) -> object:
    """Take a list of three apart; anything else is for the model to refuse."""
    if isinstance(given, list) and len(given) == len(_PARTS):
        return dict(zip(_PARTS, given, strict=True))
    return given


_Listed = Annotated[Rate, BeforeValidator(_name_parts)]


class ScenarioRates(BaseModel):
    """What a scenario takes.

    `idle_s` goes to starting and stopping its servers, `cold_s` is what the first executions take
    longer than the later. `disk_mib` is that of the loaded stores, `disk_peak` how much more they
    take meanwhile. `servers_mib` and `harness_mib` are what the servers and btb itself hold at
    most, without the page cache. `queries_ms` is the mean of an execution.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    idle_s: NonNegativeFloat
    cold_s: NonNegativeFloat
    load_s: _Listed
    disk_mib: _Listed
    disk_peak: float
    servers_mib: _Listed
    harness_mib: _Listed
    queries_ms: dict[str, _Listed]


class DataRates(BaseModel):
    """How big a dataset is that is not there: a guess by its spaces and days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    elements_per_space: NonNegativeFloat
    samples_per_space_day: NonNegativeFloat
    bytes_per_sample: NonNegativeFloat


class PreparingRates(BaseModel):
    """What a profile takes before its first cell.

    `answers` are the expected ones, for each parameter set per query.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verify_s: _Listed
    answers_s: _Listed
    extract_s: _Listed


class Rates(BaseModel):
    """The whole table, of local servers on one machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measured_on: str
    data: DataRates
    preparing: PreparingRates
    scenarios: dict[str, ScenarioRates]

    def of(self, scenario: Scenario) -> tuple[ScenarioRates, str]:
        """Give the rates of a scenario, and the id of the one that was measured.

        That is another one where its engine could not be run: its twin in the other engine. Of a
        scenario that the table does not know, the one with the slowest load: who adds an engine has
        no rates of it yet.
        """
        other = _NOT_RUN.get(scenario.graph.engine)
        twin = scenario.id if other is None else f"{other[0].upper()}{scenario.id[1:]}"
        if twin not in self.scenarios:
            twin = _UNKNOWN
        return self.scenarios[twin], twin


@cache
def load_rates() -> Rates:
    """Read the table that ships with the package.

    Raises:
        ConfigError: it is invalid; every mistake is listed.
    """
    problems = Problems()
    path = Path(str(files("basetype_benchmark.config") / "rates.yaml"))
    rates = read_yaml(path, Rates, problems)
    problems.refuse("the rates")
    assert rates is not None  # else there were problems
    return rates
