"""What all cells of a campaign share: verified data, expected answers, where the servers run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.ram import GRAPH_SHARE
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.progress import Progress
from basetype_benchmark.runners.workload import Workload
from basetype_benchmark.workflows.campaigns.ground import Ground, survey
from basetype_benchmark.workflows.dataset import find_dataset, verify
from basetype_benchmark.workflows.limits import require_limits
from basetype_benchmark.workflows.placement import ServiceChoice, require_engines
from basetype_benchmark.workflows.plans.plan import Plan
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
    ground: Ground
    progress: Progress
    graph_share: float = GRAPH_SHARE


def require_servers(
    scenarios: Sequence[Scenario], choice: ServiceChoice, progress: Progress, *, is_limited: bool
) -> ServiceChoice:
    """See that every engine can be used, and limited where that is wanted, before any is started.

    Gives the choice with nothing left open: where each engine runs, and of which image.

    Raises:
        UsageError: a server at a URL was to be limited, or has no URL.
        ServiceUnavailable: an engine that is needed is not installed, or cannot be limited.
    """
    settled = choice.settle(scenarios)
    if is_limited:
        require_limits(scenarios, settled)
    require_engines(scenarios, settled, progress=progress)
    return settled.identify_images(scenarios, progress)


def prepare_bench(
    plan: Plan,
    settings: Settings,
    choice: ServiceChoice,
    progress: Progress,
    *,
    is_verified: bool = False,
) -> Bench:
    """Find the dataset, verify it unless that was done before, and work out the answers.

    Raises:
        DatasetError: the dataset is missing or damaged.
    """
    dataset = find_dataset(plan.profile, plan.dataset_seed, settings)
    if not is_verified:
        verify(plan.profile, plan.dataset_seed, settings, progress)
    return Bench(
        settings=settings,
        dataset=dataset,
        workload=build_workload(dataset, plan.questions, plan.protocol.variants, progress),
        protocol=plan.protocol,
        choice=choice,
        ground=survey(plan.scenarios, choice, settings.home),
        progress=progress,
        graph_share=plan.graph_share,
    )
