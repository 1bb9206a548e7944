"""Runs campaigns in children that can be killed at any moment, and that start at once.

A process that has imported everything forks a child for each campaign. It reads one request a line
on its standard input and writes the child's pid; after another line, its exit code and its error.

Usage: python -m tests.integration.faults.zygote
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from basetype_benchmark import wall_clock
from basetype_benchmark.benchmark.fingerprint import code_version
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.errors import BenchmarkError
from basetype_benchmark.infrastructure import sentinel
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.runners.workload import Workload
from basetype_benchmark.units import GIB
from basetype_benchmark.workflows.benchmark import run_campaign
from basetype_benchmark.workflows.campaigns.gradient import run_gradient
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.plans.campaign_plan import quick_campaign
from basetype_benchmark.workflows.plans.gradient_plan import make_gradient_plan
from basetype_benchmark.workflows.plans.plan import Plan, make_plan
from basetype_benchmark.workflows.resume import resume_campaign
from basetype_benchmark.workflows.workload import build_workload
from tests.mock_engine.engine import ENGINE, SCENARIO, Nature, mock_row

PROFILE, SEED = "toy-2d", 42
QUESTIONS = ("Q3", "Q5")
REPETITIONS = 4
LEVELS = (64 << 20, 128 << 20)
INTERRUPTED = 130
JUMP = timedelta(days=400)


def run(settings: Settings, request: dict[str, Any]) -> None:
    """Run what was asked for: a new campaign, or what is left of the one there is."""
    if request.get("clock") == "jumps":
        _let_the_clock_jump()
    harness = Harness(settings=settings, choice=ServiceChoice(provider=Provider.LOCAL))
    do: dict[str, Callable[[], object]] = {
        "run": lambda: run_campaign(quick_campaign(_plan(REPETITIONS)), harness),
        "gradient": lambda: run_gradient(
            make_gradient_plan(_plan(1), scale_name="tiny", host_bytes=GIB, levels=LEVELS), harness
        ),
        "resume": lambda: resume_campaign(
            request.get("name"),
            harness,
            urls={},
            redoes=bool(request.get("redoes")),
            retries_failed=bool(request.get("retries_failed")),
        ),
    }
    do[request["do"]]()


def _plan(repetitions: int) -> Plan:
    return make_plan(
        profile=PROFILE,
        dataset_seed=SEED,
        scenarios=[SCENARIO],
        questions=[find_question(name) for name in QUESTIONS],
        protocol=Protocol(warmup=1, runs=3, variants=2),
        repetitions=repetitions,
    )


def _let_the_clock_jump() -> None:
    """Let the clock of the wall go forward and back by more than a year, reading by reading."""
    read, count = wall_clock.utc_now, iter(range(1_000_000))
    wall_clock.utc_now = lambda: read() + JUMP * (1, -1, 0)[next(count) % 3]


def _install(settings: Settings, nature: Nature) -> None:
    # Hundreds of cells are run to be killed, and nobody looks at their noise.
    sentinel._CPU_ROUNDS = sentinel._DISK_ROUNDS = 1

    def answers() -> Workload:
        questions = [find_question(name) for name in QUESTIONS]
        return build_workload(find_dataset(PROFILE, SEED, settings), questions, 2, SILENT)

    ENGINES[ENGINE] = mock_row(nature, answers)
    SCENARIOS[SCENARIO.id] = SCENARIO


def _child(request: dict[str, Any], said: int) -> int:
    settings = Settings(home=Path(request["home"]))
    _install(settings, Nature(**request.get("nature", {})))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run(settings, request)
    except BenchmarkError as error:
        os.write(said, f"{type(error).__name__}: {error}".encode())
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code_version()  # once for all children: it is the same, and takes its time
    for line in sys.stdin:
        request = json.loads(line)
        heard, said = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            with suppress(SystemExit):
                code = _child(request, said)
            os._exit(code)
        os.close(said)
        _say({"pid": pid})
        sys.stdin.readline()  # until asked, the child stays a zombie, whose pid nobody else gets
        _, status = os.waitpid(pid, 0)
        os.set_blocking(heard, False)  # an engine that outlived it may hold the other end
        with os.fdopen(heard, "rb") as file:
            text = (file.read() or b"").decode()
        _say({"code": os.waitstatus_to_exitcode(status), "said": text})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
