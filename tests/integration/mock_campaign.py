"""A campaign on the mock engine as a process of its own, shown as ``btb run`` shows it.

Usage: python -m tests.integration.mock_campaign HOME MEDIAN_S RUNS REPETITIONS [NOTIFY]
"""

import sys
from pathlib import Path

from basetype_benchmark.cli.invocation import INTERRUPTED
from basetype_benchmark.cli.live_view import open_campaign_view
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.runners.workload import Workload
from basetype_benchmark.workflows.benchmark import run_campaign
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.plans.campaign_plan import quick_campaign
from basetype_benchmark.workflows.plans.plan import make_plan
from basetype_benchmark.workflows.workload import build_workload
from tests.mock_engine.engine import ENGINE, SCENARIO, Nature, mock_row

PROFILE, SEED = "toy-2d", 42
QUESTIONS = [find_question(name) for name in ("Q3", "Q5")]


def main(
    home: str, median_s: str, runs: str, repetitions: str, notify_command: str | None = None
) -> None:
    settings = Settings(home=Path(home))

    def answers() -> Workload:
        return build_workload(find_dataset(PROFILE, SEED, settings), QUESTIONS, 2, SILENT)

    ENGINES[ENGINE] = mock_row(Nature(median_s=float(median_s), hold_mib=20), answers)
    SCENARIOS[SCENARIO.id] = SCENARIO
    plan = make_plan(
        profile=PROFILE,
        dataset_seed=SEED,
        scenarios=[SCENARIO],
        questions=QUESTIONS,
        protocol=Protocol(warmup=1, runs=int(runs), variants=2),
        repetitions=int(repetitions),
    )
    with open_campaign_view(settings, notify=notify_command) as view:
        run_campaign(
            quick_campaign(plan),
            Harness(
                settings=settings,
                choice=ServiceChoice(provider=Provider.LOCAL),
                progress=view.progress,
                observer=view.observer,
            ),
        )


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
