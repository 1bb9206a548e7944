"""The rates of one scenario on one size of data: the shipped ones, corrected by what was measured.

The shipped table says how a quantity grows with the data, and the cells measured in this home how
much faster or slower this machine is than the one of the table. The cells nearest in size decide.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from basetype_benchmark.config.rates import Rate, ScenarioRates
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.plans.estimate_measured import MeasuredCell
from basetype_benchmark.workflows.plans.estimate_size import DataSize
from basetype_benchmark.workflows.plans.ranges import Range, about


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """How far an estimate may be off: by which factor, up or down.

    `shipped`: another machine from the one of the table. `measured`: the same cell from itself
    another time. `per_log` is what is added to 1, and multiplies either, for each factor of e
    between the sizes measured and estimated.
    """

    shipped: float
    measured: float
    per_log: float


OF_TIME = Doubt(shipped=2.5, measured=1.25, per_log=0.35)
OF_ROOM = Doubt(shipped=1.4, measured=1.1, per_log=0.1)
"""The bytes of a store are nearly the same on every machine."""

_SAME_SIZE = 0.02  # of the logarithm
_MOST_NEAREST = 5
_LARGEST_SHIPPED = 3_646_785  # samples, of small-2d


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """Corrects the rates of one scenario for one size of data and one RAM limit.

    `cells` are the measured ones that are nearest; with none the shipped rates stand as they are.
    """

    rates: ScenarioRates
    size: DataSize
    cells: Sequence[MeasuredCell]
    distance: float

    def load_s(self) -> Range:
        """Time of a load."""
        return self._range(self.rates.load_s, lambda cell: cell.load_s, 1, OF_TIME)

    def disk_bytes(self) -> Range:
        """Size of the loaded stores."""
        return self._range(self.rates.disk_mib, lambda cell: cell.disk_bytes, MIB, OF_ROOM)

    def servers_bytes(self) -> Range:
        """Memory of the servers without limit."""
        rate = self.rates.servers_mib
        return self._range(rate, lambda cell: cell.servers_bytes, MIB, OF_ROOM)

    def round_s(self, queries: Sequence[str], variants: int) -> Range:
        """Time to execute each of these queries once with each of its parameter sets.

        Of queries that there are no rates for, nothing.
        """
        sets = {
            query: min([variants, *(cell.few_sets.get(query, variants) for cell in self.cells)])
            for query in queries
            if query in self.rates.queries_ms
        }

        def model(elements: float, samples: float) -> float:
            per_query = self.rates.queries_ms
            return sum(per_query[q].at(elements, samples) * n for q, n in sets.items()) / 1e3

        def measured(cell: MeasuredCell) -> float | None:
            if not sets or not sets.keys() <= cell.query_s.keys():
                return None
            return sum(cell.query_s[query] * count for query, count in sets.items())

        return self._corrected(model, measured)

    def idle_s(self) -> Range:
        """Time to start and stop the servers."""
        return self._corrected(lambda *_size: self.rates.idle_s, lambda cell: cell.idle_s)

    def cold_s(self) -> Range:
        """What the first executions take longer; the shipped rate, since it is mostly noise."""
        return about(self.rates.cold_s, OF_TIME.shipped)

    def _range(
        self,
        rate: Rate,
        measured: Callable[[MeasuredCell], float | None],
        unit: float,
        doubt: Doubt,
    ) -> Range:
        def model(elements: float, samples: float) -> float:
            return unit * rate.at(elements, samples)

        return self._corrected(model, measured, doubt)

    def _corrected(
        self,
        model: Callable[[float, float], float],
        measured: Callable[[MeasuredCell], float | None],
        doubt: Doubt = OF_TIME,
    ) -> Range:
        here = model(self.size.elements, self.size.samples)
        ratios = [
            value / known
            for cell in self.cells
            if (value := measured(cell)) is not None
            and (known := model(cell.elements, cell.samples)) > 0
        ]
        if not ratios:
            return about(here, self._shipped_factor(doubt))
        middle = median(ratios)
        spread = max(max(ratios) / middle, middle / min(ratios)) if middle > 0 else 1.0
        farther = 1 + doubt.per_log * self.distance
        alone = doubt.measured ** (1 + 1 / len(ratios))  # of one cell nobody knows how it varies
        return about(here * middle, alone * spread * farther * self.size.factor)

    def _shipped_factor(self, doubt: Doubt) -> float:
        beyond = max(0.0, math.log(max(1.0, self.size.samples) / _LARGEST_SHIPPED))
        return doubt.shipped * (1 + doubt.per_log * beyond) * self.size.factor


def correct(
    rates: ScenarioRates,
    size: DataSize,
    ram_bytes: int | None,
    measured: Sequence[MeasuredCell],
) -> Corrected:
    """Choose the measured cells to go by: the nearest in size, of the same limit if there are."""
    by_distance = sorted((_distance(cell, size), index) for index, cell in enumerate(measured))
    nearest = by_distance[0][0] if by_distance else 0.0
    near = [measured[i] for distance, i in by_distance if distance <= nearest + _SAME_SIZE]
    same_limit = [cell for cell in near if cell.ram_bytes == ram_bytes]
    return Corrected(
        rates=rates,
        size=size,
        cells=(same_limit or near)[:_MOST_NEAREST],
        distance=0.0 if nearest <= _SAME_SIZE else nearest,
    )


def _distance(cell: MeasuredCell, size: DataSize) -> float:
    """Say how far apart two sizes are: the sum of the logarithms of their ratios."""
    return abs(math.log(max(1, cell.elements) / max(1, size.elements))) + abs(
        math.log(max(1, cell.samples) / max(1, size.samples))
    )
