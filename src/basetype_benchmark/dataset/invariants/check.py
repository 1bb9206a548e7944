"""Runs all invariants over a dataset, streamed by building and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from basetype_benchmark.dataset.invariants.catalogue import INVARIANTS
from basetype_benchmark.dataset.invariants.day import read_day
from basetype_benchmark.dataset.invariants.facts import BuildingFacts, read_facts
from basetype_benchmark.dataset.invariants.finding import NOTHING, Finding
from basetype_benchmark.dataset.invariants.invariant import (
    GraphInvariant,
    Invariant,
    SeriesCheck,
    SeriesInvariant,
)
from basetype_benchmark.dataset.invariants.relations import GraphFacts, read_graph
from basetype_benchmark.dataset.partitions import Partition, read_partition, series_partitions
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import CheckFailed, DatasetError
from basetype_benchmark.progress import SILENT, Progress, Task


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found of one invariant."""

    invariant: Invariant
    finding: Finding

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return self.finding.failed == 0


def check_invariants(
    dataset: Dataset,
    invariants: Sequence[Invariant] = INVARIANTS,
    progress: Progress = SILENT,
) -> list[Verdict]:
    """Check a dataset against itself; gives a verdict per invariant, in order.

    One building and day is in memory at a time, and of the days before what little the checks
    keep of each point.

    Raises:
        DatasetError: a file cannot be read, or the graph lacks what the checks go by.
    """
    graph = read_graph(dataset.nodes(), dataset.edges(), dataset.manifest)
    findings: dict[str, Finding] = {}
    for invariant in invariants:
        if isinstance(invariant, GraphInvariant):
            findings[invariant.name] = invariant.check(graph)
    findings |= _check_series(
        dataset, graph, [i for i in invariants if isinstance(i, SeriesInvariant)], progress
    )
    return [Verdict(invariant=item, finding=findings[item.name]) for item in invariants]


def demand_invariants(verdicts: Sequence[Verdict]) -> None:
    """See that all invariants hold.

    Raises:
        CheckFailed: one does not; the first is named, with its first violation.
    """
    broken = [verdict for verdict in verdicts if not verdict.holds]
    if broken:
        first = broken[0]
        others = f" (and {len(broken) - 1} other invariants broken)" if len(broken) > 1 else ""
        raise CheckFailed(
            f"{first.invariant.name} is broken {first.finding.failed} times{others}: "
            f"{first.finding.violations[0]}; generate the dataset again"
        )


def _check_series(
    dataset: Dataset,
    graph: GraphFacts,
    invariants: Sequence[SeriesInvariant],
    progress: Progress,
) -> dict[str, Finding]:
    findings = dict.fromkeys((invariant.name for invariant in invariants), NOTHING)
    if not invariants:
        return findings
    facts = read_facts(graph, dataset.manifest)
    partitions = list(series_partitions(dataset))
    with progress.task("check invariants", total=len(partitions), unit="parts") as task:
        for building_id, days in groupby(partitions, lambda partition: partition.building_id):
            building = _find_building(dataset, facts, building_id)
            checks = {invariant.name: invariant.begin(building) for invariant in invariants}
            for partition in days:
                _see_day(building, partition, checks, findings, task)
            for name, check in checks.items():
                findings[name] += check.end()
    return findings


def _see_day(
    building: BuildingFacts,
    partition: Partition,
    checks: dict[str, SeriesCheck],
    findings: dict[str, Finding],
    task: Task,
) -> None:
    day = read_day(building, partition, read_partition(partition))
    for name, check in checks.items():
        findings[name] += check.see(day)
    task.advance()


def _find_building(
    dataset: Dataset, facts: dict[str, BuildingFacts], building_id: str
) -> BuildingFacts:
    if building_id not in facts:
        raise DatasetError(
            f"{dataset.folder} has samples of {building_id}, of which the graph has no points; "
            "generate the dataset again"
        )
    return facts[building_id]
