"""What one cell will take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.rates import Rates
from basetype_benchmark.units import MIB
from basetype_benchmark.workflows.plans.estimate_measured import MeasuredCell
from basetype_benchmark.workflows.plans.estimate_rates import Corrected, correct
from basetype_benchmark.workflows.plans.estimate_size import DataSize
from basetype_benchmark.workflows.plans.plan import Cell
from basetype_benchmark.workflows.plans.ranges import NOTHING, Range, about, total

_SHORT_OF_RAM_FACTOR = 4.0
"""How much longer queries may take when the servers' data does not fit into the RAM they have."""

_HARNESS_FACTOR = 1.5
_PREPARING_FACTOR = 2.0


@dataclass(frozen=True, kw_only=True)
class CellEstimate:
    """What one cell will take; `loads` says whether it loads its stores or finds them loaded.

    `disk_bytes` is the most that its stores take, while they are loaded. `ram_bytes` is what its
    servers and the harness hold: with a limit the servers' is the limit. `measured_cells` is how
    many cells it was estimated from; with 0 it was from the shipped rates of the scenario
    `rates_of`.
    """

    cell: str
    scenario: str
    loads: bool
    load_s: Range
    warmup_s: Range
    runs_s: Range
    idle_s: Range
    disk_bytes: Range
    ram_bytes: Range
    measured_cells: int
    rates_of: str

    @property
    def total_s(self) -> Range:
        """From its begin to its end."""
        return total((self.load_s, self.warmup_s, self.runs_s, self.idle_s))

    @property
    def basis(self) -> str:
        """Say out of what it was made."""
        if self.measured_cells:
            return f"from {self.measured_cells} measured cell{'s' * (self.measured_cells > 1)}"
        as_twin = "" if self.rates_of == self.scenario else f", as {self.rates_of}"
        return f"from the shipped table{as_twin}"


class CellEstimator:
    """Estimates cells by a table of rates and what was measured in the home."""

    def __init__(self, rates: Rates, measured: Sequence[MeasuredCell]) -> None:
        self._rates = rates
        self._measured: dict[str, list[MeasuredCell]] = defaultdict(list)
        for cell in measured:
            self._measured[cell.scenario].append(cell)

    def estimate(
        self,
        cell: Cell,
        size: DataSize,
        protocol: Protocol,
        queries: Sequence[str],
        *,
        loads: bool,
    ) -> CellEstimate:
        """Estimate a cell on data of this size."""
        rates, rates_of = self._rates.of(cell.scenario)
        corrected = correct(rates, size, cell.ram_bytes, self._measured[cell.scenario.id])
        servers = corrected.servers_bytes()
        asked = [query for query in queries if query not in cell.scenario.cannot]
        once = corrected.round_s(asked, protocol.variants)
        once = once.times(1, 1, _slowdown(corrected, cell.ram_bytes, servers))
        longest = len(asked) * protocol.variants * protocol.timeout_s
        # What is loaded apart is measured by servers that were started once more.
        starts = 2 if loads and cell.ram_bytes is not None else 1
        harness = MIB * rates.harness_mib.at(size.elements, size.samples)
        return CellEstimate(
            cell=cell.id,
            scenario=cell.scenario.id,
            loads=loads,
            load_s=corrected.load_s() if loads else NOTHING,
            warmup_s=_warmup_s(corrected, once, protocol).at_most(longest * protocol.warmup),
            runs_s=once.times(protocol.runs).at_most(longest * protocol.runs),
            idle_s=corrected.idle_s().times(starts),
            disk_bytes=corrected.disk_bytes().times(rates.disk_peak),
            ram_bytes=about(harness, _HARNESS_FACTOR)
            + (servers if cell.ram_bytes is None else about(cell.ram_bytes, 1)),
            measured_cells=len(corrected.cells),
            rates_of=rates_of,
        )


def _slowdown(corrected: Corrected, ram_bytes: int | None, servers: Range) -> float:
    """Say how much longer executions may take for lack of RAM, where that was not measured."""
    was_measured = any(cell.ram_bytes == ram_bytes for cell in corrected.cells)
    is_enough = ram_bytes is None or ram_bytes >= servers.likely
    return 1.0 if is_enough or was_measured else _SHORT_OF_RAM_FACTOR


def _warmup_s(corrected: Corrected, once: Range, protocol: Protocol) -> Range:
    return once.times(protocol.warmup) + corrected.cold_s() if protocol.warmup else NOTHING


def estimate_preparing(
    rates: Rates, size: DataSize, source: DataSize | None, protocol: Protocol
) -> Range:
    """Estimate what comes before the first cell of a profile.

    Verifying its dataset, working out the expected answers, and before that cutting it out of a
    bigger one, the `source`; None: it is there.
    """
    preparing = rates.preparing
    seconds = preparing.verify_s.at(size.elements, size.samples)
    seconds += protocol.variants * preparing.answers_s.at(size.elements, size.samples)
    if source is not None:
        seconds += preparing.extract_s.at(source.elements, source.samples)
    return about(seconds, _PREPARING_FACTOR * size.factor)
