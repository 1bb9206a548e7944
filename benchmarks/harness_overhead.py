"""What the harness itself costs per query, where it could be taken for the engine's time.

On real servers, started here, in turns that alternate within one run:

- P1's connection: `PostgresSession.execute` against a bare psycopg cursor, same text, about 1 ms;
- O2's connection: `SparqlClient.select` against a bare ``http.client`` POST, same text. The bare
  one does not decode the answer, so the difference holds our parser too;
- the template: a runner whose `execute` does nothing, from one execution to the next.

Each figure is the median of the differences within a pair. It must stay below 5 % of a query of
1 ms, 50 microseconds.

    python -m benchmarks.harness_overhead [--pairs 2000]
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from basetype_benchmark.benchmark.execution import Execution
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.dataset.manifest import FORMAT_VERSION, Counts, Manifest, PlantedDefects
from basetype_benchmark.dataset.model import DAY, EPOCH
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.infrastructure.clients.sparql_client import SparqlClient
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from basetype_benchmark.loaders.base import StoredCounts, StoreLoad
from basetype_benchmark.progress import Progress
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import BoundText, Statement
from basetype_benchmark.runners.base import BenchmarkRunner
from basetype_benchmark.runners.postgres_session import PostgresSession
from basetype_benchmark.runners.workload import ExpectedAnswer, QuestionWork, Workload

LIMIT_US = 50.0
VARIANTS = 10
ROWS = [("b01.m01", "Meter", "a meter")]
TIMEOUT_S = 60.0
UNCOUNTED = 100

# Of Q6's shape: three parameters, 24 rows of a time and numbers; about 1 ms of work.
SQL = """
SELECT date_trunc('hour', %(start)s::timestamptz + n * interval '90 s') AS hour,
       avg(n), min(n::float8) AS min, max(n::float8) AS max, count(*) AS samples
FROM generate_series(0, 959) AS n
WHERE %(point_id)s::text <> '' AND %(start)s::timestamptz + n * interval '90 s' < %(end)s
GROUP BY hour ORDER BY hour
"""
SQL_PARAMETERS = {"point_id": "b01.p1", "start": EPOCH, "end": EPOCH + DAY}
SPARQL = "SELECT ?name WHERE { VALUES ?name { 'a meter' } }"


class NoOpRunner(BenchmarkRunner):
    """Holds nothing and answers at once."""

    answer = Execution(columns=("node_id", "node_type", "name"), rows=ROWS)
    first_ns = last_ns = 0

    def connect(self) -> None: ...

    def disconnect(self) -> None: ...

    def clear_data(self) -> None: ...

    def load_stores(self, progress: Progress) -> dict[str, StoreLoad]:
        return {"postgresql": StoreLoad(phases=())}

    def count_stores(self) -> dict[str, StoredCounts]:
        return {"postgresql": StoredCounts(nodes={}, edges={}, samples=0)}

    def store_versions(self) -> dict[str, str]:
        return {"postgresql": "none"}

    def execute(self, statement: Statement) -> Execution:
        self.last_ns = time.perf_counter_ns()
        self.first_ns = self.first_ns or self.last_ns
        return self.answer

    def recover(self) -> None: ...


def empty_dataset(folder: Path) -> Dataset:
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        generator_version="0",
        profile="tiny-2d",
        seed=0,
        start=datetime(2024, 1, 1, tzinfo=UTC),
        end=datetime(2024, 1, 3, tzinfo=UTC),
        buildings=[],
        counts=Counts(nodes={}, edges={}, samples=0),
        planted=PlantedDefects(ghosts=[]),
        fingerprint="0",
        size_bytes=0,
    )
    return Dataset(folder=folder, manifest=manifest)


def workload() -> Workload:
    variants = tuple(
        ExpectedAnswer(number=number, parameters={"meter_id": f"b01.m{number}"}, rows=ROWS)
        for number in range(1, VARIANTS + 1)
    )
    return Workload(work=(QuestionWork(question=find_question("Q1"), variants=variants),))


def measure_template(runs: int) -> tuple[float, float]:
    """Give microseconds per execution: inside the clock (median), and from one to the next."""
    protocol = Protocol(warmup=0, runs=runs, variants=VARIANTS)
    with tempfile.TemporaryDirectory() as folder:
        runner = NoOpRunner(
            scenario=SCENARIOS["P1"], dataset=empty_dataset(Path(folder)), timeout_s=1.0
        )
        result = runner.run_benchmark(workload(), protocol, shuffle_seed="bench")
    [query] = result.queries
    assert result.is_ok
    assert query.latency is not None
    return query.latency.p50_ns / 1e3, (runner.last_ns - runner.first_ns) / (
        runs * VARIANTS - 1
    ) / 1e3


@contextmanager
def postgres_pair(folder: Path) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """Give the same query through bare psycopg and through our session."""
    question, bound = find_question("Q6"), BoundText(text=SQL, parameters=SQL_PARAMETERS)
    with open_postgres(folder) as service, bare_postgres(service.endpoint) as connection:
        session = PostgresSession(service, timeout_s=TIMEOUT_S)
        session.open()

        def bare() -> object:
            with connection.cursor(binary=True) as cursor:
                return cursor.execute(SQL, SQL_PARAMETERS).fetchall()

        with closing(session):
            assert bare() == session.execute(question, bound).rows
            yield bare, lambda: session.execute(question, bound)


def bare_postgres(endpoint: Endpoint) -> psycopg.Connection:
    return psycopg.connect(
        host=endpoint.host,
        port=endpoint.port,
        dbname=endpoint.database,
        user=endpoint.user,
        password=endpoint.password,
        options="-c timezone=UTC",
        autocommit=True,
        prepare_threshold=None,
    )


@contextmanager
def oxigraph_pair(folder: Path) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """Give the same query through bare http.client and through our client."""
    headers = {
        "Content-Type": "application/sparql-query",
        "Accept": "text/tab-separated-values",
    }
    with (
        open_oxigraph(folder) as service,
        closing(SparqlClient(service)) as client,
        closing(
            http.client.HTTPConnection(service.endpoint.host, service.endpoint.port)
        ) as connection,
    ):

        def bare() -> object:
            connection.request("POST", "/query", SPARQL.encode(), headers)
            return connection.getresponse().read()

        assert b"a meter" in bare()
        yield bare, lambda: client.select(SPARQL, timeout_s=TIMEOUT_S)


def compare(
    bare: Callable[[], object], ours: Callable[[], object], pairs: int
) -> tuple[float, float]:
    """Give microseconds: the median of the bare way, and of ours less the bare way."""
    for _ in range(UNCOUNTED):
        bare()
        ours()
    alone, differences = [], []
    for turn in range(pairs):
        if turn % 2:
            ours_us, bare_us = timed_us(ours), timed_us(bare)
        else:
            bare_us, ours_us = timed_us(bare), timed_us(ours)
        alone.append(bare_us)
        differences.append(ours_us - bare_us)
    return statistics.median(alone), statistics.median(differences)


def timed_us(work: Callable[[], object]) -> float:
    start = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - start) / 1e3


def measure(pairs: int) -> dict[str, float]:
    """Print what each layer adds, and give it in microseconds."""
    added: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for title, opened in (
            ("PostgresSession", postgres_pair(Path(name) / "postgresql")),
            ("SparqlClient", oxigraph_pair(Path(name) / "oxigraph")),
        ):
            with opened as (bare, ours):
                alone, added[title] = compare(bare, ours, pairs)
            print(f"{title:30}bare {alone:8.1f} us")
    measure_template(100)
    inside, around = min((measure_template(pairs) for _ in range(3)), key=lambda pair: pair[1])
    return added | {"template, inside the clock": inside, "template, one to the next": around}


def main() -> int:
    parser = argparse.ArgumentParser(description="What the harness itself costs per query.")
    parser.add_argument("--pairs", type=int, default=2000)
    added = measure(parser.parse_args().pairs)
    for name, value in added.items():
        print(f"{name:30}adds {value:8.2f} us {value / 10:6.2f} % of a 1 ms query")
    return 0 if max(added.values()) < LIMIT_US else 1


if __name__ == "__main__":
    sys.exit(main())
