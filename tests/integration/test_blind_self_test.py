"""The harness finds out what it is not told: latencies, memory and need of an engine we know.

The truth is what the mock server says of itself: the time it took for each query, and the memory
that the kernel counted for it. So a busy machine makes the server slow, not the test wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results import QueryResult
from basetype_benchmark.benchmark.results_io import CELLS_DIR, read_gradient
from basetype_benchmark.benchmark.samples_io import attach_samples, read_samples, samples_path
from basetype_benchmark.benchmark.statistics import Interval
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.infrastructure.cgroups.local_limits import find_limit_support
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.units import MIB, NS_PER_MS
from basetype_benchmark.workflows.benchmark import run_campaign
from basetype_benchmark.workflows.campaigns.gradient import GradientResult, run_gradient
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.plans.campaign_plan import quick_campaign
from basetype_benchmark.workflows.plans.gradient_plan import make_gradient_plan
from basetype_benchmark.workflows.plans.plan import Plan, make_plan
from basetype_benchmark.workflows.workload import build_workload
from tests.mock_engine.engine import ENGINE, SCENARIO, Nature, Served, key_of, mock_row, read_served
from tests.toy import build_toy

pytestmark = pytest.mark.servers

PROFILE, SEED = "toy-2d", 42
QUESTIONS = ("Q3", "Q5")
LOCAL = ServiceChoice(provider=Provider.LOCAL)
HOST_BYTES = 8 * 1024 * MIB

SLOWEST_USUAL_NS = 2 * NS_PER_MS
"""Of half of the executions, what client, socket and scheduler add: some 0.1 ms on an idle machine.
So much more, and what the harness times is not the server; its unit or its clock is wrong."""

KERNEL_BYTES = 8 * MIB
"""What a limit counts beyond the process's own pages: page tables, stacks, files it reads."""

COUNTER_BYTES = MIB
"""The kernel counts the pages of a process for each processor apart, and adds up now and then."""

Install = Callable[[Nature], None]
"""Puts a mock engine of this nature into the tables."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    build_toy(settings.dataset_dir(PROFILE, SEED), profile=PROFILE, seed=SEED)
    return settings


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Install]:
    def put(nature: Nature) -> None:
        def answers():
            questions = [find_question(name) for name in QUESTIONS]
            return build_workload(find_dataset(PROFILE, SEED, settings), questions, 2, SILENT)

        monkeypatch.setitem(ENGINES, ENGINE, mock_row(nature, answers))
        monkeypatch.setitem(SCENARIOS, SCENARIO.id, SCENARIO)

    return put


@pytest.fixture
def limits() -> None:
    """Limits for child processes; in CI they are there."""
    support = find_limit_support()
    if support.why_not is not None:
        pytest.skip(f"needs RAM limits for child processes: {support.why_not}")


def plan(protocol: Protocol, ram_levels: tuple[int, ...] = ()) -> Plan:
    return make_plan(
        profile=PROFILE,
        dataset_seed=SEED,
        scenarios=[SCENARIO],
        questions=[find_question(name) for name in QUESTIONS],
        protocol=protocol,
        ram_levels=ram_levels,
    )


def run_one(settings: Settings, protocol: Protocol, ram_levels: tuple[int, ...] = ()) -> CellRecord:
    """Run one cell, and give what was written of it."""
    chosen = quick_campaign(plan(protocol, ram_levels))
    done = run_campaign(chosen, Harness(settings=settings, choice=LOCAL))
    [record] = done.cells
    samples = read_samples(samples_path(done.folder / CELLS_DIR, record.cell))
    return attach_samples(record, samples)


def measure(
    settings: Settings, protocol: Protocol, ram_levels: tuple[int, ...] = ()
) -> tuple[CellRecord, list[Served]]:
    """Run one cell, and read what the server says of it."""
    record = run_one(settings, protocol, ram_levels)
    return record, read_served(settings.engines_dir / SCENARIO.id / ENGINE)


def gradient(settings: Settings, levels: tuple[int, ...], *, bisects: bool) -> GradientResult:
    chosen = make_gradient_plan(
        plan(Protocol(warmup=1, runs=5, variants=2)),
        scale_name="tiny",
        host_bytes=HOST_BYTES,
        levels=levels,
        bisects=bisects,
    )
    return run_gradient(chosen, Harness(settings=settings, choice=LOCAL))


def pair(query: QueryResult, served: list[Served], warmup: int) -> tuple[np.ndarray, np.ndarray]:
    """What the harness measured and what the server says, in ns, execution by execution."""
    took = {(entry.key, entry.number): entry.took_ns for entry in served}
    keys = {v.number: key_of(query.query, v.parameters) for v in query.variants}
    measured = [sample.elapsed_ns for sample in query.samples]
    true = [took[keys[sample.variant], warmup + sample.run] for sample in query.samples]
    return np.array(measured, dtype=float), np.array(true, dtype=float)


def holds(interval: Interval | None, true_ns: float, tolerance_ns: float) -> bool:
    assert interval is not None
    return interval.low_ns - tolerance_ns <= true_ns <= interval.high_ns


def test_it_recovers_the_latencies(settings: Settings, install: Install) -> None:
    """The true percentiles lie in the intervals, up to what lies between server and client.

    The tolerance is that overhead as measured, pair by pair: its 95th percentile for p50 and its
    maximum for p95. Neither can be exceeded by chance, however busy the machine.
    """
    install(Nature(median_s=0.008, sigma=0.35))
    protocol = Protocol(warmup=2, runs=100, variants=2)
    record, served = measure(settings, protocol)
    assert record.result.is_ok
    for query in record.result.queries:
        measured, true = pair(query, served, protocol.warmup)
        overhead = measured - true
        assert (overhead > 0).all()  # no execution ends before the server has served it
        assert np.median(overhead) < SLOWEST_USUAL_NS
        latency = query.latency
        assert latency is not None
        assert latency.n == true.size == protocol.runs * len(query.variants)
        assert holds(latency.p50_interval, np.percentile(true, 50), np.percentile(overhead, 95))
        assert holds(latency.p95_interval, np.percentile(true, 95), overhead.max())
        # The intervals say something: a wrong guess by half is outside.
        assert not holds(latency.p50_interval, np.percentile(true, 50) * 1.5, 0)
        assert latency.p50_interval is not None
        assert np.percentile(true, 50) / 2 < latency.p50_interval.low_ns


def test_it_tells_a_slower_engine_from_a_faster_one(settings: Settings, install: Install) -> None:
    """Medians of 5 and 15 ms: whatever the machine does, sleeping is never shorter."""
    means = []
    for median_s in (0.005, 0.015):
        install(Nature(median_s=median_s, sigma=0.2))
        record, _ = measure(settings, Protocol(warmup=1, runs=20, variants=2))
        means.append(record.result.geometric_mean_p50_ns)
    assert means[0] < means[1]
    assert means[1] > 12 * NS_PER_MS


@pytest.mark.usefixtures("limits")
def test_it_recovers_the_memory_curve(settings: Settings, install: Install) -> None:
    """40 MiB after the load, and half a MiB more with each execution."""
    install(Nature(median_s=0.002, hold_mib=40, grow_mib=0.5))
    record, served = measure(settings, Protocol(warmup=3, runs=10, variants=2), (256 * MIB,))
    use = record.result.resources
    assert use is not None
    warmed_up = 3 * sum(len(query.variants) for query in record.result.queries)
    for phase, first, last in (("warm-up", 0, warmed_up), ("measure", warmed_up, len(served))):
        found = use.find(phase, ENGINE)
        assert found is not None
        assert_between(found.memory_peak_bytes, served[last - 1])
        assert_between(found.memory_end_bytes, served[last - 1])
        assert found.memory_begin_bytes is not None
        assert found.memory_begin_bytes < served[first].resident_kib * 1024 + KERNEL_BYTES
    grown = served[-1].own_kib - served[0].own_kib
    assert grown == pytest.approx(512 * (len(served) - 1), rel=0.1)


def assert_between(found_bytes: int | None, truth: Served) -> None:
    assert found_bytes is not None
    assert truth.own_kib * 1024 - COUNTER_BYTES <= found_bytes
    assert found_bytes <= truth.resident_kib * 1024 + KERNEL_BYTES


@pytest.mark.usefixtures("limits")
def test_it_recovers_the_need_for_memory_by_bisection(settings: Settings, install: Install) -> None:
    install(Nature(median_s=0.002, hold_mib=90, grow_mib=0.5))
    _, served = measure(settings, Protocol(warmup=1, runs=5, variants=2))
    done = gradient(settings, (64 * MIB, 256 * MIB), bisects=True)
    [found] = done.record.scenarios
    bracket = found.findings.least
    assert bracket.failed_at is not None
    assert bracket.passed_at is not None
    assert bracket.failed_at < served[-1].resident_kib * 1024 + KERNEL_BYTES
    assert bracket.passed_at > served[-1].own_kib * 1024
    assert bracket.passed_at <= bracket.failed_at * 1.25 + MIB
    assert found.findings.contradictions == ()
    failures = {level.ram_bytes: level.failure for level in found.levels}
    assert failures[64 * MIB] == "oom load"
    assert all(str(words).startswith("oom") for words in failures.values() if words)
    assert read_gradient(done.folder) == done.record


@pytest.mark.usefixtures("limits")
def test_it_names_the_query_that_ran_out_of_memory(settings: Settings, install: Install) -> None:
    """Enough for the load, too little for twenty queries of 8 MiB each."""
    install(Nature(median_s=0.002, hold_mib=16, grow_mib=8))
    record, served = measure(settings, Protocol(warmup=1, runs=5, variants=2), (96 * MIB,))
    assert record.result.load is not None, record.result.reason
    assert record.result.outcome is not CellOutcome.COMPLETED
    killed = [query for query in record.result.queries if query.outcome == "oom"]
    assert len(killed) == 1
    assert "the limit is 96 MiB" in str(killed[0].reason)
    assert served[-1].own_kib * 1024 < 96 * MIB


@pytest.mark.usefixtures("limits")
def test_a_server_that_its_limit_does_not_let_start_is_out_of_memory(
    settings: Settings, install: Install
) -> None:
    install(Nature())
    record = run_one(settings, Protocol(warmup=0, runs=1, variants=2), (2 * MIB,))
    assert record.result.outcome is CellOutcome.OOM_LOAD
    assert "ended the server at its start for lack of memory; the limit is 2 MiB" in str(
        record.result.reason
    )


@pytest.mark.usefixtures("limits")
def test_a_constant_engine_is_on_its_plateau_at_once(settings: Settings, install: Install) -> None:
    """Memory makes it no faster. The same seed draws the same latencies at every level."""
    install(Nature(median_s=0.01, sigma=0.05, hold_mib=16))
    done = gradient(settings, (64 * MIB, 128 * MIB, 256 * MIB), bisects=False)
    [found] = done.record.scenarios
    assert [level.failure for level in found.levels] == [None] * len(found.levels)
    assert found.findings.least.failed_at is None
    assert found.findings.least.passed_at == 64 * MIB
    assert done.is_ok
