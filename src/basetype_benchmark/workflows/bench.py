"""What all cells of a campaign share: verified data, expected answers, where the servers run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.ram import GRAPH_SHARE
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.progress import Progress
from basetype_benchmark.queries.catalog import Question
from basetype_benchmark.runners.workload import Workload
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.placement import ServiceChoice, require_engines
from basetype_benchmark.workflows.workload import build_workload


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What all cells of a campaign share.

    `graph_share` is the graph server's part of the RAM of a scenario with two servers.
    """

    settings: Settings
    dataset: Dataset
    workload: Workload
    protocol: Protocol
    choice: ServiceChoice
    progress: Progress
    graph_share: float = GRAPH_SHARE


def prepare_bench(
    *,
    profile: str,
    dataset_seed: int,
    scenarios: Sequence[Scenario],
    questions: Sequence[Question],
    protocol: Protocol,
    settings: Settings,
    choice: ServiceChoice,
    progress: Progress,
    graph_share: float = GRAPH_SHARE,
) -> Bench:
    """Find and verify the dataset, see that every engine can be used, and work out the answers.

    Raises:
        DatasetError: the dataset is missing or damaged.
        ServiceUnavailable: an engine that is needed is not installed.
    """
    dataset = find_dataset(profile, dataset_seed, settings)
    require_engines(scenarios, choice, progress=progress)
    # Results are published under the dataset's fingerprint: it must be that of the content. This
    # takes a small part of the time of loading the same samples into one engine.
    verify_dataset(dataset.folder, progress)
    return Bench(
        settings=settings,
        dataset=dataset,
        workload=build_workload(dataset, questions, protocol.variants, progress),
        protocol=protocol,
        choice=choice,
        progress=progress,
        graph_share=graph_share,
    )
