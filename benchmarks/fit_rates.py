"""Writes the table of rates that estimates begin with, out of campaigns measured on one machine.

Of three sizes at least, of which two differ in their building and two in their days:

    for p in tiny-2d tiny-1w small-2d; do btb dataset generate $p; btb run $p; done
    python -m benchmarks.fit_rates btb-home > scenarios.yaml

What is no rate of a cell (``data``, ``preparing``, ``disk_peak``) is measured by hand, and so is
``harness_mib``: in a process of its own for each scenario, since memory is not given back.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

from basetype_benchmark.benchmark.results import LoadResult
from basetype_benchmark.benchmark.results_io import CELLS_DIR, read_cell
from basetype_benchmark.config.rates import Rate
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings, resolve_settings
from basetype_benchmark.units import MIB, NS_PER_S
from basetype_benchmark.workflows.plans.estimate_measured import MeasuredCell, read_measured

MOST_CELLS = 100
LOAD_OF_SERIES = ("series", "samples", "chunks", "statistics", "checkpoint", "snapshot")
"""How phases of a load begin that take longer the more samples there are."""

Sizes = Sequence[tuple[float, float]]


def fit(sizes: Sizes, values: Sequence[float]) -> Rate:
    """Fit a fixed part, one per 1000 elements and one per million samples, none below zero.

    The relative errors are made small, so that the smallest size counts as much as the biggest.
    """
    matrix = np.array([[1, elements / 1e3, samples / 1e6] for elements, samples in sizes])
    target = np.maximum(np.array(values), 1e-9)
    found, _ = nnls(matrix / target[:, None], np.ones(len(target)))
    return Rate(fixed=found[0], per_kilo_elements=found[1], per_mega_samples=found[2])


def fit_load(loads: Sequence[LoadResult]) -> Rate:
    """Fit what grows with the graph and what grows with the series apart, phase by phase."""
    graph, series, elements, samples = [], [], [], []
    for load in loads:
        phases = [phase for store in load.stores for phase in store.phases]
        of_series = [p for p in phases if p.name.startswith(LOAD_OF_SERIES)]
        series.append(sum(phase.elapsed_ns for phase in of_series) / NS_PER_S)
        graph.append(sum(phase.elapsed_ns for phase in phases) / NS_PER_S - series[-1])
        elements.append(max((store.nodes or 0) + (store.edges or 0) for store in load.stores))
        samples.append(max(store.samples or 0 for store in load.stores))
    of_graph = fit([(count, 0) for count in elements], graph)
    of_samples = fit([(0, count) for count in samples], series)
    return Rate(
        fixed=of_graph.fixed + of_samples.fixed,
        per_kilo_elements=of_graph.per_kilo_elements,
        per_mega_samples=of_samples.per_mega_samples,
    )


def read_loads(settings: Settings) -> dict[str, list[LoadResult]]:
    """Read the loads of all cells of a home, by scenario."""
    loads: dict[str, list[LoadResult]] = defaultdict(list)
    for place in sorted(settings.results_dir.glob(f"*/{CELLS_DIR}/*.json")):
        result = read_cell(place).result
        if result.load is not None:
            loads[result.scenario].append(result.load)
    return loads


def row(name: str, rate: Rate, depth: int) -> str:
    """Write a rate as a line of YAML."""
    parts = (rate.fixed, rate.per_kilo_elements, rate.per_mega_samples)
    return f"{'  ' * depth}{name}: [{', '.join(f'{part:.3g}' for part in parts)}]"


def describe(cells: Sequence[MeasuredCell], loads: Sequence[LoadResult]) -> list[str]:
    """Write the rates of a scenario."""
    sizes = [(cell.elements, cell.samples) for cell in cells]
    queries = sorted({q for cell in cells for q in cell.query_s}, key=lambda q: int(q[1:]))
    return [
        f"    idle_s: {np.median([cell.idle_s for cell in cells if cell.idle_s is not None]):.2g}",
        f"    cold_s: {np.median([cell.cold_s for cell in cells]):.2g}",
        row("load_s", fit_load(loads), 2),
        row("disk_mib", fit(sizes, [(cell.disk_bytes or 0) / MIB for cell in cells]), 2),
        row("servers_mib", fit(sizes, [(cell.servers_bytes or 0) / MIB for cell in cells]), 2),
        "    queries_ms:",
        *(row(q, fit(sizes, [1e3 * cell.query_s[q] for cell in cells]), 3) for q in queries),
    ]


def main() -> None:
    """Print the part of the table that is measured by cells."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("home", type=Path)
    settings = resolve_settings(parser.parse_args().home)
    by_scenario: dict[str, list[MeasuredCell]] = defaultdict(list)
    for cell in read_measured(settings, None, most_per_scenario=MOST_CELLS):
        by_scenario[cell.scenario].append(cell)
    loads = read_loads(settings)
    print("scenarios:")
    for scenario in (known for known in SCENARIOS if known in by_scenario):
        cells = by_scenario[scenario]
        print("\n".join([f"  {scenario}:", *describe(cells, loads[scenario])]))


if __name__ == "__main__":
    main()
