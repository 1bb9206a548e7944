"""A runner over servers that have a recording proxy before each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.engines import open_runner
from basetype_benchmark.queries.statement import Statement
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.bench import Bench
from tests.wire.proxy import RecordingProxy
from tests.wire.requests import READERS, Request


@dataclass
class Recording:
    """A runner whose every engine has a proxy before it."""

    runner: BenchmarkRunner
    proxies: Mapping[str, RecordingProxy]

    def requests(self) -> dict[str, list[Request]]:
        """Give all that was sent so far, by engine."""
        return {
            engine: [r for sent in proxy.sent for r in READERS[engine](sent)]
            for engine, proxy in self.proxies.items()
        }

    def requests_of(self, statement: Statement) -> dict[str, list[Request]]:
        """Give what one execution sends."""
        before = {engine: len(found) for engine, found in self.requests().items()}
        self.runner.execute(statement)
        return {engine: found[before[engine] :] for engine, found in self.requests().items()}


@contextmanager
def recorded(scenario: Scenario, bench: Bench, dataset: Dataset) -> Iterator[Recording]:
    with ExitStack() as stack:
        proxies = {
            engine: stack.enter_context(RecordingProxy(service))
            for engine, service in bench.services(scenario).items()
        }
        runner = open_runner(scenario, proxies, dataset, bench.timeout_s)
        stack.callback(runner.disconnect)
        runner.connect()
        yield Recording(runner=runner, proxies=proxies)
