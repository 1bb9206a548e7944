"""Runs of a made-up engine over two questions, and how one of its answers is made to fail."""

from pathlib import Path

import pytest

from basetype_benchmark.benchmark.results import BenchmarkResult
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.errors import BenchmarkError
from tests.fakes import (
    FakeClock,
    FakeRunner,
    RecordingProgress,
    make_dataset,
    make_workload,
    right_answers,
)

PROTOCOL = Protocol(warmup=2, runs=3, variants=2)


@pytest.fixture
def runner(tmp_path: Path) -> FakeRunner:
    return FakeRunner(make_dataset(tmp_path), right_answers(make_workload(tmp_path)))


def run(
    runner: FakeRunner,
    protocol: Protocol = PROTOCOL,
    *,
    seed: str = "42/1",
    progress: RecordingProgress | None = None,
) -> BenchmarkResult:
    return runner.run_benchmark(
        make_workload(runner.dataset.folder),
        protocol,
        shuffle_seed=seed,
        progress=progress or RecordingProgress(),
        clock=FakeClock(),
    )


def fail_on(building: str, error: BenchmarkError, *, execution: int | None = None) -> object:
    def hook(asked: str, count: int) -> None:
        if asked == building and execution in (None, count):
            raise error

    return hook
