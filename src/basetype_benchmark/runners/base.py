"""The template of a benchmark: what every runner does, and what each family must say."""

from __future__ import annotations

from abc import ABC, abstractmethod

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.loaders.base import StoreLoad, StoredCounts
from basetype_benchmark.progress import Progress
from basetype_benchmark.queries.statement import Statement


class BenchmarkRunner(ABC):
    """One scenario on running services.

    Only `execute` is inside the clock: from sending to the last row received and decoded by the
    driver. A subclass translates its driver's errors into `QueryFailed` and its children.
    """

    def __init__(self, *, scenario: Scenario, dataset: Dataset, timeout_s: float) -> None:
        self.scenario = scenario
        self.dataset = dataset
        self.timeout_s = timeout_s

    @abstractmethod
    def connect(self) -> None:
        """Open the connections that queries use, with the per-query timeout set on the server."""

    @abstractmethod
    def disconnect(self) -> None:
        """Close them; also after a failure, and twice."""

    @abstractmethod
    def clear_data(self) -> None:
        """Empty every store of the scenario."""

    @abstractmethod
    def load_stores(self, progress: Progress) -> dict[str, StoreLoad]:
        """Load every store, by engine id, indexes and statistics included."""

    @abstractmethod
    def count_stores(self) -> dict[str, StoredCounts]:
        """Count what every store holds, by engine id."""

    @abstractmethod
    def execute(self, statement: Statement) -> Execution:
        """Send one statement and return all its rows: the timed part.

        Raises:
            QueryFailed: no answer; the subclass says why.
        """

    @abstractmethod
    def recover(self) -> None:
        """Make the scenario answer again after a `QueryTimeout` or `ServerDied`.

        Restarts a server whose query cannot be ended otherwise, and reconnects.
        """
