"""Every scenario with two clients at once: both get right answers."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.answers import wrong_answers
from tests.conformance.bench import Bench

pytestmark = pytest.mark.servers

ROUNDS = 3


def test_two_clients_at_once_get_right_answers(
    scenario: Scenario, bench: Bench, toy_runner: BenchmarkRunner, toy: Dataset
) -> None:
    both_ready = threading.Barrier(2, timeout=30)

    def ask(runner: BenchmarkRunner) -> Sequence[object]:
        both_ready.wait()
        return [wrong_answers(runner) for _ in range(ROUNDS)]

    with bench.connect(scenario, toy) as second, ThreadPoolExecutor(2) as threads:
        found = list(threads.map(ask, (toy_runner, second)))
    assert found == [[{}] * ROUNDS] * 2


def test_a_client_that_leaves_takes_nothing_with_it(
    scenario: Scenario, bench: Bench, toy_runner: BenchmarkRunner, toy: Dataset
) -> None:
    with bench.connect(scenario, toy) as second:
        assert wrong_answers(second) == {}
    assert wrong_answers(toy_runner) == {}
    toy_runner.verify_counts()
