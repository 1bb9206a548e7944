"""Results made by hand, for tests of what reads and writes them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    EnvironmentRecord,
    PlannedCell,
    PlannedProfile,
    ServiceRecord,
    SettingRecord,
)
from basetype_benchmark.benchmark.execution import ClientWork, Legs
from basetype_benchmark.benchmark.fingerprint import CodeVersion
from basetype_benchmark.benchmark.gradient import (
    Bracket,
    Comparison,
    Contradiction,
    Decision,
    Findings,
    GradientPlanRecord,
    GradientRecord,
    LevelResult,
    ScenarioFindings,
    ScenarioLevels,
)
from basetype_benchmark.benchmark.monitoring.reading_log import ReadingLog
from basetype_benchmark.benchmark.monitoring.resource_use import (
    CellUse,
    MeterRecord,
    PhaseUse,
    QueryUse,
    SourceUse,
)
from basetype_benchmark.benchmark.monitoring.resources_io import write_cell_readings
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.ratio import Ratio
from basetype_benchmark.benchmark.results import (
    BenchmarkResult,
    LoadResult,
    PhaseResult,
    QueryResult,
    Sample,
    StoreResult,
    VariantResult,
    query_result,
)
from basetype_benchmark.benchmark.results_io import CELLS_DIR, write_cell
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.ram import Strategy
from basetype_benchmark.units import GIB, MIB

LEGS = Legs(graph_ns=700, transfer_ns=100, series_ns=200)
CLIENT = ClientWork(
    fetch_ns=600,
    decode_ns=300,
    aggregate_ns=100,
    received_bytes=3072,
    chunks=5,
    decoded_samples=4321,
)
CODE = CodeVersion(package="0.1.0", digest="d" * 16, commit="c" * 40, is_dirty=False)


def make_samples(
    query: str, elapsed_ns: list[int], *, outcome: Outcome = Outcome.OK, legs: Legs | None = None
) -> list[Sample]:
    return [
        Sample(
            query=query, variant=1, run=run, outcome=outcome, elapsed_ns=elapsed, rows=4, legs=legs
        )
        for run, elapsed in enumerate(elapsed_ns, start=1)
    ]


def make_query(query: str = "Q7", *, outcome: Outcome = Outcome.OK) -> QueryResult:
    reason = None if outcome is Outcome.OK else "it went wrong"
    variant = VariantResult(
        number=1, parameters={"id": "b01"}, expected_rows=4, outcome=outcome, reason=reason
    )
    samples = make_samples(query, [1_000_000, 2_000_001, 3_000_002], outcome=outcome, legs=LEGS)
    return query_result(query, "drift_top20", [variant], samples)


def make_client_query(query: str = "Q12") -> QueryResult:
    """A query that the client answers from chunks, run twice."""
    variant = VariantResult(number=1, parameters={}, expected_rows=4, outcome=Outcome.OK)
    samples = [replace(s, client=CLIENT) for s in make_samples(query, [1000, 1000])]
    return query_result(query, "building_dashboard", [variant], samples)


def make_interrupted_query(query: str, *, taken: int, planned: int) -> QueryResult:
    """A query of a cell that ended after `taken` runs."""
    variant = VariantResult(number=1, parameters={}, expected_rows=4, outcome=Outcome.SKIPPED)
    skipped = [
        Sample(query=query, variant=1, run=run, outcome=Outcome.SKIPPED)
        for run in range(taken + 1, planned + 1)
    ]
    samples = [*make_samples(query, [1_000_000] * taken), *skipped]
    return query_result(query, "drift_top20", [variant], samples)


def make_load() -> LoadResult:
    phase = PhaseResult(name="copy", elapsed_ns=5_000_000, items=1000)
    store = StoreResult(
        engine="postgresql",
        version="PostgreSQL 18.6 (no TimescaleDB)",
        phases=(phase,),
        size_bytes=4096,
        nodes=30,
        edges=40,
        samples=1000,
        details={"chunks": "2"},
    )
    return LoadResult(elapsed_ns=6_000_000, stores=(store,))


def make_result(
    *,
    outcome: CellOutcome = CellOutcome.COMPLETED,
    queries: tuple[QueryResult, ...] | None = None,
    error_type: str | None = None,
) -> BenchmarkResult:
    return BenchmarkResult(
        scenario="P1",
        profile="tiny-2d",
        dataset_seed=42,
        dataset_fingerprint="f" * 40,
        outcome=outcome,
        reason=None if outcome is CellOutcome.COMPLETED else "the server went away",
        error_type=error_type,
        started_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        elapsed_ns=9_000_000_000,
        load=make_load(),
        queries=(make_query(),) if queries is None else queries,
    )


def make_cell(cell: str = "tiny-2d.P1.r1", result: BenchmarkResult | None = None) -> CellRecord:
    return CellRecord(
        cell=cell,
        repetition=1,
        ram_bytes=None,
        fingerprint="a" * 16,
        result=result or make_result(),
    )


def make_campaign() -> CampaignRecord:
    return CampaignRecord(
        campaign="20260102-030405-tiny-2d",
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        mode=Mode.QUICK,
        dataset_seed=42,
        profiles=(
            PlannedProfile(
                profile="tiny-2d",
                source="tiny-2d",
                protocol=Protocol(warmup=1, runs=3, variants=2),
                dataset_fingerprint="f" * 40,
            ),
        ),
        queries=("Q7",),
        code=CODE,
        provider="auto",
        places={"postgresql": "local"},
        host_class="x86_64, a CPU, 2 of 2 CPUs, 24 GiB",
        cells=(
            PlannedCell(
                cell="tiny-2d.P1.r1",
                profile="tiny-2d",
                scenario="P1",
                repetition=1,
                ram_bytes=None,
                fingerprint="a" * 16,
            ),
        ),
    )


def make_gradient_campaign() -> CampaignRecord:
    """A campaign that has decided on none of its cells yet."""
    levels = ScenarioLevels(
        scenario="P1", strategy=Strategy.ITERATE_UP, levels_bytes=(256 * MIB, 512 * MIB, GIB)
    )
    plan = GradientPlanRecord(
        scenarios=(levels,),
        repetitions=1,
        host_bytes=4 * GIB,
        plateau_improvement=0.1,
        bracket_ratio=1.25,
        least_bytes=32 * MIB,
    )
    return replace(make_campaign(), cells=(), graph_share=0.5, gradient=plan)


def make_findings() -> ScenarioFindings:
    """Failed at 0.25 GiB, passed at 0.5 and 1 GiB, which is no faster."""
    steps = [(256 * MIB, "oom load", None), (512 * MIB, None, 2e6), (GIB, None, 1.9e6)]
    comparison = Comparison(
        lower_bytes=512 * MIB, higher_bytes=GIB, ratio=Ratio(value=0.95, low=0.92, high=0.99)
    )
    return ScenarioFindings(
        scenario="P1",
        levels=tuple(
            LevelResult(
                ram_bytes=size,
                cells=(f"tiny-2d.P1.{size / GIB:g}g.r1",),
                failure=failure,
                geometric_mean_p50_ns=mean,
            )
            for size, failure, mean in steps
        ),
        findings=Findings(
            least=Bracket(failed_at=256 * MIB, passed_at=512 * MIB),
            plateau=comparison,
            is_plateau_bound=True,
            comparisons=(comparison,),
            contradictions=(Contradiction(passed_at=128 * MIB, failed_at=256 * MIB),),
        ),
        end="plateau at 512 MiB",
    )


def make_gradient() -> GradientRecord:
    decision = Decision(
        scenario="P1",
        kind="measure",
        ram_bytes=256 * MIB,
        reason="the lowest level",
        decided_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        cells=("tiny-2d.P1.0.25g.r1",),
    )
    return GradientRecord(
        campaign="20260102-030405-tiny-2d", decisions=(decision,), scenarios=(make_findings(),)
    )


def make_environment() -> EnvironmentRecord:
    setting = SettingRecord(name="shared_buffers", value="1GB", reason="a quarter of the budget")
    service = ServiceRecord(
        scenario="P1",
        engine="postgresql",
        provider="local",
        version="PostgreSQL 18.6 (no TimescaleDB)",
        settings=(setting,),
    )
    return EnvironmentRecord(
        code=CODE, host={"cpu_count": 2, "swap_bytes": None}, services=(service,)
    )


def make_use(**changes: object) -> SourceUse:
    """What a server used in a phase: 100 MiB at most, no CPU time to speak of."""
    use = SourceUse(
        source="postgresql",
        memory_begin_bytes=10 * MIB,
        memory_end_bytes=90 * MIB,
        memory_peak_bytes=100 * MIB,
        memory_peak_is_exact=True,
        anonymous_peak_bytes=70 * MIB,
        anonymous_end_bytes=60 * MIB,
        file_peak_bytes=30 * MIB,
        file_end_bytes=20 * MIB,
        kernel_peak_bytes=10 * MIB,
        kernel_end_bytes=10 * MIB,
        cpu_user_ns=1_000_000,
        cpu_system_ns=1_000_000,
        read_bytes=0,
        written_bytes=8192,
        memory_pressure_ns=None,
        oom_kills=0,
        is_whole=True,
        counter_restarts=0,
        readings_expected=2,
        readings_taken=2,
    )
    return replace(use, **changes)


def make_cell_use() -> CellUse:
    phase = PhaseUse(
        phase="load",
        begin_ns=5,
        elapsed_ns=1_200_000_000,
        package_energy_j=3.5,
        sources=(make_use(),),
    )
    meter = MeterRecord(source="postgresql", meter="cgroup v2", ram_bytes=1 << 30)
    return CellUse(interval_ns=500_000_000, meters=(meter,), phases=(phase,))


def make_query_use() -> QueryUse:
    return QueryUse(
        source="postgresql",
        executions=3,
        cpu_ns=4_000_000,
        read_bytes=None,
        memory_peak_bytes=80 * MIB,
    )


def write_whole_cell(folder: Path, record: CellRecord) -> CellRecord:
    """Write a cell as a campaign does: its tables, then its result."""
    write_cell_readings(folder / CELLS_DIR, record.cell, ReadingLog())
    return write_cell(folder, record)
