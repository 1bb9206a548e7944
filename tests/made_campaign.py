"""A whole campaign made up: levels that fail, every outcome, legs, client work, memory, plans.

For tests and measurements of what reads results. The same plan gives the same files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa

from basetype_benchmark.benchmark.brackets import find_bracket
from basetype_benchmark.benchmark.campaign import (
    CampaignRecord,
    CellRecord,
    EnvironmentRecord,
    PlannedCell,
    ServiceRecord,
    SettingRecord,
)
from basetype_benchmark.benchmark.execution import ClientWork, Legs
from basetype_benchmark.benchmark.gradient import (
    Findings,
    GradientRecord,
    LevelResult,
    Observation,
    ScenarioFindings,
)
from basetype_benchmark.benchmark.monitoring.reading_log import Moment, ReadingLog
from basetype_benchmark.benchmark.monitoring.resource_use import CellUse, MeterRecord, PhaseUse
from basetype_benchmark.benchmark.monitoring.resources_io import write_cell_readings
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.benchmark.results import (
    BenchmarkResult,
    LoadResult,
    PhaseResult,
    QueryResult,
    StoreResult,
    VariantResult,
    unsupported_query,
)
from basetype_benchmark.benchmark.results_io import (
    CELLS_DIR,
    write_campaign,
    write_cell,
    write_environment,
    write_gradient,
)
from basetype_benchmark.benchmark.samples_io import SAMPLES_SCHEMA, samples_path
from basetype_benchmark.benchmark.statistics import summarise
from basetype_benchmark.benchmark.tables_io import write_table
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.ram import format_level
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.units import MIB, NS_PER_S
from tests import records

NAMES = {f"Q{n}": f"question_{n}" for n in range(1, 14)}
HYBRID = frozenset(f"Q{n}" for n in range(7, 14))
LEAST_MIB = {"P": 64, "O": 150, "F": 200, "M": 220, "A": 300, "D": 50}
"""The least RAM with which a store works."""
SPEED = {"P": 1.0, "O": 2.5, "F": 0.7, "M": 0.8, "A": 3.0, "D": 1.6}
"""Its time with plenty of RAM, where that of P is 1."""
_CELL_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Making:
    """What to make up. `outcomes` are those of a query of a scenario, at every level.

    `spread` is the standard deviation of the logarithms of times; `readings` are those of a server
    in a cell. Cells named in `missing` get no result; at slow levels everything takes nine
    times as long.
    """

    profiles: tuple[str, ...] = ("small-2d",)
    scenarios: tuple[str, ...] = ("P1", "O1", "O2", "F1", "D1")
    levels_mib: tuple[int | None, ...] = (32, 64, 128, 256, 512)
    repetitions: int = 1
    runs: int = 8
    variants: int = 2
    spread: float = 0.15
    readings: int = 60
    outcomes: Mapping[tuple[str, str], Outcome] = field(default_factory=dict)
    is_gradient: bool = False
    is_watched: bool = True
    plan: str | None = None
    missing: frozenset[str] = frozenset()
    slow_levels_mib: frozenset[int] = frozenset()


def make_campaign(folder: Path, making: Making) -> Path:
    """Write the campaign and say where."""
    cells = planned_cells(making)
    folder.mkdir(parents=True, exist_ok=True)
    write_campaign(folder, _campaign(folder.name, making, cells))
    write_environment(folder, _environment(making))
    for number, cell in enumerate(cells):
        if cell.cell not in making.missing:
            _write_cell(folder, making, cell, np.random.default_rng(number))
    if making.is_gradient:
        write_gradient(folder, _gradient(folder.name, making))
    return folder


def planned_cells(making: Making) -> list[PlannedCell]:
    """All cells of the plan."""
    return [
        PlannedCell(
            cell=".".join(
                [profile, scenario, *([format_level(level * MIB)] if level else []), f"r{number}"]
            ),
            profile=profile,
            scenario=scenario,
            repetition=number,
            ram_bytes=None if level is None else level * MIB,
            fingerprint="a" * 16,
        )
        for profile in making.profiles
        for scenario in making.scenarios
        for level in making.levels_mib
        for number in range(1, making.repetitions + 1)
    ]


def is_viable(scenario: str, ram_bytes: int | None) -> bool:
    """Whether a scenario works with so much RAM."""
    return ram_bytes is None or ram_bytes >= LEAST_MIB[scenario[0]] * MIB


def _campaign(name: str, making: Making, cells: list[PlannedCell]) -> CampaignRecord:
    protocol = Protocol(warmup=1, runs=making.runs, variants=making.variants)
    base = records.make_campaign()
    profiles = tuple(
        replace(base.profiles[0], profile=profile, protocol=protocol) for profile in making.profiles
    )
    return replace(
        base,
        campaign=name,
        mode=Mode.GRADIENT if making.is_gradient else Mode.FULL,
        profiles=profiles,
        queries=tuple(NAMES),
        cells=tuple(cells),
    )


def _environment(making: Making) -> EnvironmentRecord:
    setting = SettingRecord(name="shared_buffers", value="1GB", reason="a quarter of the budget")
    services = tuple(
        ServiceRecord(
            scenario=scenario,
            engine=engine,
            provider="local",
            version=f"{engine} 1.0",
            settings=(setting,),
        )
        for scenario in making.scenarios
        for engine in _engines(scenario)
    )
    host = {"cpu_model": "a CPU", "cpu_usable_count": 2, "memory_bytes": 8 << 30, "swap": None}
    return EnvironmentRecord(code=records.CODE, host=host, services=services)


def _engines(scenario: str) -> list[str]:
    known = SCENARIOS[scenario]
    return [known.graph.engine, *([known.series.engine] if known.series else [])]


def _write_cell(folder: Path, making: Making, cell: PlannedCell, rng: np.random.Generator) -> None:
    """Write a cell as a campaign does, but its samples as columns: objects take too long."""
    is_good = is_viable(cell.scenario, cell.ram_bytes)
    size = (len(NAMES), making.runs, making.variants)
    medians = _medians(cell) * (9 if (cell.ram_bytes or 0) // MIB in making.slow_levels_mib else 1)
    elapsed = np.rint(medians[:, None, None] * rng.lognormal(0, making.spread, size)).astype(
        np.int64
    )
    outcomes = {query: making.outcomes.get((cell.scenario, query), Outcome.OK) for query in NAMES}
    write_cell_readings(folder / CELLS_DIR, cell.cell, _log(making, cell))
    queries = tuple(
        _query(making, cell, query, outcomes[query], elapsed[index])
        for index, query in enumerate(NAMES)
    )
    result = BenchmarkResult(
        scenario=cell.scenario,
        profile=cell.profile,
        dataset_seed=42,
        dataset_fingerprint="f" * 40,
        outcome=CellOutcome.COMPLETED if is_good else CellOutcome.OOM_LOAD,
        reason=None if is_good else "the kernel ended the server <while loading> & more",
        error_type=None,
        started_at=records.make_campaign().created_at,
        elapsed_ns=int(_CELL_S * NS_PER_S),
        load=_load(cell.scenario) if is_good else None,
        queries=queries if is_good else (),
        resources=_use(cell) if making.is_watched else None,
    )
    record = CellRecord(
        cell=cell.cell,
        repetition=cell.repetition,
        ram_bytes=cell.ram_bytes,
        fingerprint="a" * 16,
        result=result,
    )
    write_cell(folder, record)
    if is_good:
        _put_samples(folder, cell, elapsed, outcomes)


def _medians(cell: PlannedCell) -> np.ndarray:
    """In ns, by query; with less RAM it takes longer."""
    base = np.geomspace(4e5, 4e7, len(NAMES)) * SPEED[cell.scenario[0]]
    if cell.ram_bytes is None:
        return base
    return base * (1 + 2 * LEAST_MIB[cell.scenario[0]] * MIB / cell.ram_bytes)


def _query(
    making: Making, cell: PlannedCell, query: str, outcome: Outcome, elapsed: np.ndarray
) -> QueryResult:
    if outcome is Outcome.UNSUPPORTED:
        return unsupported_query(query, NAMES[query], "it has no words for <this>")
    is_answered = outcome in (Outcome.OK, Outcome.WRONG_ANSWER)
    reason = None if outcome is Outcome.OK else f"it ended with {outcome.value}"
    variants = tuple(
        VariantResult(number=number, parameters={}, expected_rows=4, outcome=outcome, reason=reason)
        for number in range(1, making.variants + 1)
    )
    total = int(elapsed.sum())
    is_federated = SCENARIOS[cell.scenario].is_federated and query in HYBRID and is_answered
    is_client = cell.scenario == "O1" and query in HYBRID and is_answered
    values = elapsed.ravel().tolist()
    return QueryResult(
        query=query,
        name=NAMES[query],
        outcome=outcome,
        reason=reason,
        variants=variants,
        planned_runs=len(values),
        answered_runs=len(values) if is_answered else 0,
        rows=4 if is_answered else None,
        legs=_legs(total) if is_federated else None,
        client=_client(total) if is_client else None,
        latency=summarise(values, list(range(1, making.variants + 1)) * making.runs)
        if is_answered
        else None,
        plan=making.plan if is_answered else None,
    )


def _legs(total: int) -> Legs:
    return Legs(graph_ns=total // 2, transfer_ns=total // 10, series_ns=total - total * 6 // 10)


def _client(total: int) -> ClientWork:
    return ClientWork(
        fetch_ns=total // 2,
        decode_ns=total // 3,
        aggregate_ns=total - total // 2 - total // 3,
        received_bytes=5 * MIB,
        chunks=70,
        decoded_samples=90_000,
    )


def _load(scenario: str) -> LoadResult:
    stores = tuple(
        StoreResult(
            engine=engine,
            version=f"{engine} 1.0",
            phases=(PhaseResult(name="copy", elapsed_ns=2 * NS_PER_S, items=1000),),
            size_bytes=40 * MIB,
            nodes=30,
            edges=40,
            samples=1000,
            details={},
        )
        for engine in _engines(scenario)
    )
    return LoadResult(elapsed_ns=2 * NS_PER_S * len(stores), stores=stores)


def _use(cell: PlannedCell) -> CellUse:
    engines = _engines(cell.scenario)
    share = None if cell.ram_bytes is None else cell.ram_bytes // len(engines)
    sources = tuple(
        replace(records.make_use(), source=source, read_bytes=None, cpu_user_ns=NS_PER_S)
        for source in (*engines, "harness", "host")
    )
    phases = tuple(
        PhaseUse(
            phase=phase,
            begin_ns=int(begin * NS_PER_S),
            elapsed_ns=int(length * NS_PER_S),
            package_energy_j=None,
            sources=sources,
        )
        for phase, begin, length in (("load", 1.0, 20.0), ("measure", 22.0, 37.0))
    )
    meters = tuple(
        MeterRecord(source=source, meter="cgroup v2", ram_bytes=share) for source in engines
    )
    return CellUse(interval_ns=NS_PER_S // 2, meters=meters, phases=phases)


def _log(making: Making, cell: PlannedCell) -> ReadingLog:
    """Memory that grows while loading, and pages of files that come and go."""
    log = ReadingLog()
    if not making.is_watched:
        return log
    for source in _engines(cell.scenario):
        for number in range(making.readings):
            share = number / max(1, making.readings - 1)
            anonymous = int(40 * MIB * min(1.0, 3 * share)) + MIB
            file = int(20 * MIB * (1 + np.sin(40 * share)))
            reading = Reading(
                memory_bytes=anonymous + file + MIB,
                anonymous_bytes=anonymous,
                file_bytes=file,
                kernel_bytes=MIB,
            )
            t_ns = int(share * _CELL_S * NS_PER_S)
            log.add(source, "load" if share < 0.35 else "measure", Moment.TIMED, t_ns, reading)
    return log


def _put_samples(
    folder: Path, cell: PlannedCell, elapsed: np.ndarray, outcomes: Mapping[str, Outcome]
) -> None:
    table = _samples(cell, elapsed, outcomes)
    digest = write_table(samples_path(folder / CELLS_DIR, cell.cell), SAMPLES_SCHEMA, [table])
    path = folder / CELLS_DIR / f"{cell.cell}.json"
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | {"samples_sha256": digest}))


def _samples(cell: PlannedCell, elapsed: np.ndarray, outcomes: Mapping[str, Outcome]) -> pa.Table:
    queries, runs, variants = elapsed.shape
    rows = elapsed.size
    columns = {
        "cell": pa.repeat(cell.cell, rows),
        "profile": pa.repeat(cell.profile, rows),
        "scenario": pa.repeat(cell.scenario, rows),
        "ram_bytes": pa.array([cell.ram_bytes] * rows, pa.int64()),
        "repetition": pa.repeat(pa.scalar(cell.repetition, pa.int32()), rows),
        "query": pa.array(np.repeat(list(NAMES), runs * variants)),
        "variant": pa.array(np.tile(np.arange(1, variants + 1), queries * runs), pa.int32()),
        "run": pa.array(np.tile(np.repeat(np.arange(1, runs + 1), variants), queries), pa.int32()),
        "outcome": pa.array(np.repeat([o.value for o in outcomes.values()], runs * variants)),
        "rows": pa.repeat(pa.scalar(4, pa.int64()), rows),
        "elapsed_ns": pa.array(elapsed.ravel()),
    }
    every = {f.name: columns.get(f.name, pa.nulls(rows, f.type)) for f in SAMPLES_SCHEMA}
    table = pa.table(every, schema=SAMPLES_SCHEMA)
    sent = [outcome is not Outcome.UNSUPPORTED for outcome in outcomes.values()]
    return table.filter(pa.array(np.repeat(sent, runs * variants)))


def _gradient(name: str, making: Making) -> GradientRecord:
    return GradientRecord(
        campaign=name,
        decisions=records.make_gradient().decisions,
        scenarios=tuple(_findings(scenario, making) for scenario in making.scenarios),
    )


def _findings(scenario: str, making: Making) -> ScenarioFindings:
    levels = [level * MIB for level in making.levels_mib if level is not None]
    tried = [
        Observation(ram_bytes=level, failure=None if is_viable(scenario, level) else "oom load")
        for level in levels
    ]
    return ScenarioFindings(
        scenario=scenario,
        levels=tuple(
            LevelResult(
                ram_bytes=o.ram_bytes, cells=(), failure=o.failure, geometric_mean_p50_ns=None
            )
            for o in tried
        ),
        findings=Findings(
            least=find_bracket(tried),
            plateau=None,
            is_plateau_bound=False,
            comparisons=(),
            contradictions=(),
        ),
        end=None,
    )
