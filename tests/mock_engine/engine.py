"""The mock engine as the harness sees any engine: a service, a loader, a runner, a row."""

from __future__ import annotations

import json
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.scenarios import Scenario, Side, StorageModel
from basetype_benchmark.dataset.manifest import Counts
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.engines import Engine, Services
from basetype_benchmark.errors import QueryFailed, ServerDied, ServiceUnavailable
from basetype_benchmark.infrastructure.availability import Availability
from basetype_benchmark.infrastructure.clients.postgres_messages import extended_message
from basetype_benchmark.infrastructure.local.ending import StopStep
from basetype_benchmark.infrastructure.local.local_manager import Command
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.service import Endpoint, ServerStart, Service, Setting
from basetype_benchmark.loaders.base import LoadPhase, StoredCounts, StoreLoad
from basetype_benchmark.progress import Progress
from basetype_benchmark.queries.statement import Statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.workload import Workload
from tests.mock_engine import server

ENGINE = "mock"
SCENARIO = Scenario(
    id="X1", title="Mock engine", graph=Side(engine=ENGINE, model=StorageModel.RELATIONAL)
)
SOCKET = "mock.sock"
DEADLINE_S = 30.0

Answers = Callable[[], Workload]
"""Gives what the engine is to be loaded with: the right answers of the campaign."""


@dataclass(frozen=True, kw_only=True)
class Nature:
    """What the mock engine is like: the truth that the harness is to find out."""

    median_s: float = 0.005
    sigma: float = 0.3
    hold_mib: float = 0.0
    grow_mib: float = 0.0
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class LocalMock:
    """How to run the mock server; it has no settings, as it does not know its limit."""

    nature: Nature
    engine: str = ENGINE
    title: str = "Mock engine"
    settings: tuple[Setting, ...] = ()
    stop_steps: tuple[StopStep, ...] = (StopStep(signal=signal.SIGTERM, patience_s=10.0),)
    abort_steps: tuple[StopStep, ...] = ()

    def holds_store(self, data_dir: Path) -> bool:
        return (data_dir / server.LOG).is_file()

    def prepare(self, data_dir: Path, run_dir: Path) -> Endpoint:
        data_dir.mkdir(exist_ok=True)
        return Endpoint(host=str(run_dir), port=0)

    def command(self, data_dir: Path, endpoint: Endpoint) -> Command:
        place = Path(endpoint.host, SOCKET)
        place.unlink(missing_ok=True)  # of a server before it, that was killed
        nature = self.nature
        argv = (
            *(sys.executable, "-I", "-S", server.__file__),
            *("--socket", str(place), "--data", str(data_dir), "--seed", str(nature.seed)),
            *("--median-s", str(nature.median_s), "--sigma", str(nature.sigma)),
            *("--hold-mib", str(nature.hold_mib), "--grow-mib", str(nature.grow_mib)),
        )
        return Command(argv=argv, executable=sys.executable)

    def why_not_ready(self, endpoint: Endpoint) -> str | None:
        try:
            with Client(endpoint) as client:
                client.ask(do="ping")
        except ServerDied as error:
            return str(error)
        return None

    def read_version(self, endpoint: Endpoint) -> str:
        with Client(endpoint) as client:
            return str(client.ask(do="ping")["title"])


class Client:
    """One connection to the mock server."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._stack = ExitStack()
        peer = self._stack.enter_context(socket.socket(socket.AF_UNIX))
        try:
            peer.settimeout(DEADLINE_S)
            peer.connect(str(Path(endpoint.host, SOCKET)))
        except OSError as error:
            self._stack.close()
            raise ServerDied(f"the mock engine does not answer: {error}") from None
        self._stream = self._stack.enter_context(peer.makefile("rwb"))

    def ask(self, **request: Any) -> dict[str, Any]:
        try:
            self._stream.write(json.dumps(request).encode() + b"\n")
            self._stream.flush()
            line = self._stream.readline()
        except OSError as error:
            raise ServerDied(f"the mock engine went away: {error}") from None
        if not line:
            raise ServerDied("the mock engine went away in the middle of a request")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._stack.close()
        except OSError:  # flushing to a server that is gone
            return


class MockRunner(BenchmarkRunner):
    """Loads the answers and asks for them. What was loaded is lost with the server."""

    def __init__(
        self, *, dataset: Dataset, timeout_s: float, service: Service, answers: Answers
    ) -> None:
        super().__init__(scenario=SCENARIO, dataset=dataset, timeout_s=timeout_s)
        self._service = service
        self._answers = answers
        self._client: Client | None = None

    def connect(self) -> None:
        self._client = Client(self._service.endpoint)

    def disconnect(self) -> None:
        if self._client is not None:
            self._client.__exit__()
            self._client = None

    def clear_data(self) -> None:
        self._ask(do="clear")

    def load_stores(self, progress: Progress) -> dict[str, StoreLoad]:
        answers = {
            _key(work.question.id, variant.parameters): {
                "columns": work.question.column_names,
                "rows": [list(row) for row in variant.rows],
            }
            for work in self._answers().work
            for variant in work.variants
        }
        counts = self.dataset.manifest.counts.model_dump()
        begin_ns = time.perf_counter_ns()
        self._ask(do="load", answers=answers, counts=counts)
        phase = LoadPhase(name="load", elapsed_ns=time.perf_counter_ns() - begin_ns)
        return {ENGINE: StoreLoad(phases=(phase,))}

    def count_stores(self) -> dict[str, StoredCounts]:
        counts = Counts.model_validate(self._ask(do="count"))
        stored = StoredCounts(nodes=counts.nodes, edges=counts.edges, samples=counts.samples)
        return {ENGINE: stored}

    def store_versions(self) -> dict[str, str]:
        return {ENGINE: self._service.version}

    def execute(self, statement: Statement) -> Execution:
        answer = self._ask(do="query", key=_key(statement.question.id, statement.parameters))
        rows = [tuple(row) for row in answer["rows"]]
        return Execution(columns=tuple(answer["columns"]), rows=rows)

    def recover(self) -> None:
        self.disconnect()
        if self._service.why_dead() is None:
            self.connect()
            return
        self._service.restart()
        raise ServerDied("the mock engine runs again, but has lost its data; load it again")

    def _ask(self, **request: Any) -> dict[str, Any]:
        if self._client is None:
            raise ServerDied("the mock engine is not connected")
        answer = self._client.ask(**request)
        if "error" in answer:
            raise QueryFailed(answer["error"])
        return answer


def mock_row(nature: Nature, answers: Answers) -> Engine:
    """The row of the engine table."""

    def make_runner(
        _scenario: Scenario, services: Services, dataset: Dataset, timeout_s: float
    ) -> BenchmarkRunner:
        return MockRunner(
            dataset=dataset, timeout_s=timeout_s, service=services[ENGINE], answers=answers
        )

    def open_local(start: ServerStart) -> LocalService:
        return LocalService(
            engine=LocalMock(nature=nature),
            data_dir=start.data_dir,
            ram_bytes=start.ram_bytes,
            fresh=start.is_fresh,
        )

    return Engine(
        id=ENGINE,
        title="Mock engine",
        url_example=None,
        open_local=open_local,
        open_external=_refuse_external,
        local_availability=lambda: Availability(engine=ENGINE, provider="local"),
        keeps_store=False,
        make_runner=make_runner,
        describe_foreign=lambda _service: None,
        message=lambda bound, _timeout_s: extended_message(bound.text, bound.parameters),
    )


def _refuse_external(_url: str) -> Never:
    raise ServiceUnavailable("the mock engine is for the tests, as a child process")


@dataclass(frozen=True, kw_only=True)
class Served:
    """One query as the server saw it, and its memory after it.

    `own_kib` it shares with nobody; `resident_kib` has the pages of Python's files too, which the
    limit counts only where no process outside has read them before.
    """

    key: str
    number: int  # how many-eth of this key, from 1
    took_ns: int
    drawn_s: float
    own_kib: int
    resident_kib: int


def read_served(data_dir: Path) -> list[Served]:
    """Read what the last server on this folder logged of its queries."""
    seen: Counter[str] = Counter()
    served = []
    for line in (data_dir / server.LOG).read_text().splitlines():
        entry = json.loads(line)
        seen[entry["key"]] += 1
        served.append(Served(number=seen[entry["key"]], **entry))
    return served


def key_of(question: str, parameters: Mapping[str, str]) -> str:
    """Name an execution as the log does, by the parameters as a result has them."""
    return _key(question, parameters)


def _key(question: str, parameters: Mapping[str, Any]) -> str:
    return f"{question} {json.dumps({k: str(v) for k, v in sorted(parameters.items())})}"
