import itertools
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, JournalEntry
from basetype_benchmark.benchmark.monitoring.resource_use import HARNESS, CellUse, PhaseUse
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.results_io import write_campaign
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.rates import load_rates
from basetype_benchmark.config.scenarios import SCENARIOS, StorageModel
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.manifest import Counts, write_manifest
from basetype_benchmark.infrastructure.host import describe_host_class, read_host_facts
from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.units import GIB, MIB, NS_PER_S
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan, quick_campaign
from basetype_benchmark.workflows.plans.estimate import PlanEstimate, estimate_plan
from basetype_benchmark.workflows.plans.estimate_measured import read_measured
from basetype_benchmark.workflows.plans.gradient_plan import make_gradient_plan
from basetype_benchmark.workflows.plans.plan import Plan, make_plan
from basetype_benchmark.workflows.plans.ranges import Range
from tests.fakes import make_dataset
from tests.records import make_campaign, make_cell, make_load, make_result, make_use
from tests.records import write_whole_cell as write_cell

COUNTS = Counts(nodes={"Site": 1434}, edges={"CONTAINS": 1824}, samples=370_860)
LOAD_S, MEAN_S, IDLE_S, COLD_S = 7.0, 0.002, 3.0, 0.5


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def add_dataset(settings: Settings, profile: str = "tiny-2d", counts: Counts = COUNTS) -> None:
    folder = settings.dataset_dir(profile, 42)
    folder.mkdir(parents=True)
    (folder / "nodes.parquet").touch()
    manifest = make_dataset(folder).manifest
    changed = {"profile": profile, "counts": counts, "size_bytes": 5 * counts.samples}
    write_manifest(folder, manifest.model_copy(update=changed))


def plan(scenarios: str = "P1", profile: str = "tiny-2d", **options) -> Plan:
    protocol = options.pop("protocol", Protocol(warmup=1, runs=3, variants=2))
    return make_plan(
        profile=profile,
        dataset_seed=42,
        scenarios=[SCENARIOS[name] for name in scenarios.split(",")],
        questions=[q for q in load_questions().values() if q.id in options.pop("queries", ["Q7"])],
        protocol=protocol,
        **options,
    )


def estimate(settings: Settings, part: Plan) -> PlanEstimate:
    return estimate_plan(quick_campaign(part), settings)


def host_class(settings: Settings) -> str:
    return describe_host_class(read_host_facts(settings.home))


def measured_record(cell: str = "tiny-2d.P1.r1", *, ram_bytes: int | None = None):
    """A cell of two parameter sets that took what the constants say."""
    [store] = make_load().stores
    store = replace(store, nodes=1434, edges=1824, samples=370_860, size_bytes=60 * MIB)
    load = replace(make_load(), elapsed_ns=int(LOAD_S * NS_PER_S), stores=(store,))
    [query] = make_result().queries
    latency = replace(query.latency, mean_ns=MEAN_S * NS_PER_S)
    query = replace(query, latency=latency, variants=query.variants * 2)
    warm_up_ns = int((2 * MEAN_S + COLD_S) * NS_PER_S)
    server = make_use(anonymous_peak_bytes=100 * MIB, kernel_peak_bytes=10 * MIB)
    harness = make_use(source=HARNESS, anonymous_peak_bytes=300 * MIB, kernel_peak_bytes=None)
    uses = [
        PhaseUse(phase=name, begin_ns=0, elapsed_ns=ns, package_energy_j=None, sources=sources)
        for name, ns, sources in (
            ("load", int(LOAD_S * NS_PER_S), (server, harness)),
            ("warm-up", warm_up_ns, (server, harness)),
        )
    ]
    result = replace(
        make_result(queries=(query,)),
        load=load,
        resources=CellUse(interval_ns=1, meters=(), phases=tuple(uses)),
    )
    return replace(make_cell(cell, result), ram_bytes=ram_bytes)


def add_campaign(settings: Settings, *records, name: str = "20260101-000000-x", **changes) -> None:
    folder = settings.results_dir / name
    campaign = replace(make_campaign(), campaign=name, host_class=host_class(settings))
    profiles = tuple(
        replace(p, protocol=Protocol(warmup=1, runs=3, variants=2)) for p in campaign.profiles
    )
    write_campaign(folder, replace(campaign, profiles=profiles, **changes))
    for record in records:
        began = campaign.created_at
        took = timedelta(seconds=record.result.elapsed_ns / NS_PER_S + IDLE_S)
        with (folder / JOURNAL_FILE).open("ab") as journal:
            for event, at in ((Event.CELL_STARTED, began), (Event.CELL_FINISHED, began + took)):
                entry = JournalEntry(at=at, event=event, pid=1, cell=record.cell)
                journal.write(orjson.dumps(entry) + b"\n")
        write_cell(folder, record)


def test_the_shipped_table_has_every_query_that_a_scenario_can_answer():
    for scenario in SCENARIOS.values():
        rates, rates_of = load_rates().of(scenario)
        assert rates.queries_ms.keys() >= load_questions().keys() - scenario.cannot.keys()
        assert (rates_of == scenario.id) is (scenario.graph.engine != "memgraph")


def test_what_grows_with_the_samples_is_not_fixed_in_the_table():
    with_samples = [s for s in SCENARIOS.values() if s.graph.model is not StorageModel.DOCUMENT]
    for scenario in with_samples:
        rates, _ = load_rates().of(scenario)
        assert rates.load_s.per_mega_samples > 0.05
        assert rates.disk_mib.per_mega_samples > 5


def test_without_anything_measured_it_says_that_the_table_spoke(settings):
    add_dataset(settings)
    found = estimate(settings, plan("P1,M2"))
    assert [(c.cell, c.measured_cells, c.rates_of) for c in found.cells] == [
        ("tiny-2d.P1.r1", 0, "P1"),
        ("tiny-2d.M2.r1", 0, "F2"),
    ]
    assert [c.basis for c in found.cells] == [
        "from the shipped table",
        "from the shipped table, as F2",
    ]
    assert found.basis.startswith(
        "P1, M2 (never run by us: as F2) from the shipped table (local servers, 2 cores"
    )


def test_what_was_measured_here_on_the_same_data_is_the_estimate(settings):
    add_dataset(settings)
    add_campaign(settings, measured_record())
    found = estimate(settings, plan("P1,O2"))
    cell, other = found.cells
    assert cell.load_s.likely == pytest.approx(LOAD_S)
    assert cell.runs_s.likely == pytest.approx(MEAN_S * 2 * 3)
    assert cell.idle_s.likely == pytest.approx(IDLE_S)
    assert cell.disk_bytes.likely == pytest.approx(
        60 * MIB * load_rates().scenarios["P1"].disk_peak
    )
    harness = load_rates().scenarios["P1"].harness_mib.at(3258, 370_860) * MIB
    assert cell.ram_bytes.likely == pytest.approx(110 * MIB + harness)
    assert (cell.basis, other.basis) == ("from 1 measured cell", "from the shipped table")
    assert "P1 from 1 measured cell; O2 from the shipped table" in found.basis
    assert cell.load_s.low == pytest.approx(LOAD_S / 1.25**2)
    assert cell.load_s.high == pytest.approx(LOAD_S * 1.25**2)


def test_other_data_is_scaled_and_its_bounds_are_wider(settings):
    add_dataset(settings)
    double = Counts(nodes={"Site": 2868}, edges={"CONTAINS": 3648}, samples=741_720)
    add_dataset(settings, "small-2d", double)
    add_campaign(settings, measured_record())
    [same] = estimate(settings, plan()).cells
    [other] = estimate(settings, plan(profile="small-2d")).cells
    assert same.load_s.likely < other.load_s.likely < 2 * same.load_s.likely
    assert other.load_s.high / other.load_s.likely > same.load_s.high / same.load_s.likely


def test_cells_that_differ_among_themselves_widen_the_bounds(settings):
    add_dataset(settings)
    slower = measured_record("tiny-2d.P1.r2")
    load = replace(slower.result.load, elapsed_ns=int(2 * LOAD_S * NS_PER_S))
    slower = replace(slower, result=replace(slower.result, load=load))
    add_campaign(settings, measured_record(), slower)
    [cell] = estimate(settings, plan()).cells
    assert cell.measured_cells == 2
    assert cell.load_s.low < LOAD_S
    assert cell.load_s.high > 2 * LOAD_S


@pytest.mark.parametrize("spoilt", ["other machine", "torn", "failed"])
def test_what_does_not_count_is_passed_over(spoilt, settings):
    add_dataset(settings)
    record = measured_record()
    if spoilt == "failed":
        failed = replace(record.result, outcome=CellOutcome.OOM_QUERY, reason="killed")
        record = replace(record, result=failed)
    changes = {"host_class": "another"} if spoilt == "other machine" else {}
    add_campaign(settings, record, **changes)
    if spoilt == "torn":
        place = settings.results_dir / "20260101-000000-x/cells/tiny-2d.P1.r1.json"
        place.write_bytes(place.read_bytes()[:500])
    [cell] = estimate(settings, plan()).cells
    assert cell.measured_cells == 0


def test_a_query_with_few_parameter_sets_is_not_counted_with_more(settings):
    add_dataset(settings)
    record = measured_record()
    [query] = record.result.queries
    few = replace(query, variants=query.variants[:1])
    add_campaign(settings, replace(record, result=replace(record.result, queries=(few,))))
    [cell] = estimate(settings, plan()).cells
    assert cell.runs_s.likely == pytest.approx(MEAN_S * 1 * 3)


def test_the_same_limit_is_preferred_to_none(settings):
    add_dataset(settings)
    limited = measured_record("tiny-2d.P1.0.5g.r1", ram_bytes=GIB // 2)
    [query] = limited.result.queries
    slow = replace(query, latency=replace(query.latency, mean_ns=1.4 * MEAN_S * NS_PER_S))
    limited = replace(limited, result=replace(limited.result, queries=(slow,)))
    add_campaign(settings, measured_record(), limited)
    found = estimate(settings, plan(ram_levels=(GIB // 2, GIB)))
    at_half, at_one = (cell.runs_s.likely for cell in found.cells)
    assert at_half == pytest.approx(1.4 * MEAN_S * 2 * 3)
    assert at_one < at_half


def test_levels_that_share_a_store_load_it_once(settings):
    add_dataset(settings)
    part = plan("P1,F1", ram_levels=(GIB // 4, GIB), repetitions=2)
    loads = {cell.cell: cell.loads for cell in estimate(settings, part).cells}
    assert loads == {
        "tiny-2d.P1.0.25g.r1": True,
        "tiny-2d.P1.1g.r1": False,
        "tiny-2d.F1.0.25g.r1": True,
        "tiny-2d.F1.1g.r1": True,
        "tiny-2d.F1.0.25g.r2": True,
        "tiny-2d.F1.1g.r2": True,
        "tiny-2d.P1.0.25g.r2": False,
        "tiny-2d.P1.1g.r2": False,
    }


def test_too_little_ram_widens_the_upper_bound_up_to_the_deadlines(settings):
    add_dataset(settings)
    [little] = estimate(settings, plan(ram_levels=(32 * MIB,))).cells
    [enough] = estimate(settings, plan(ram_levels=(8 * GIB,))).cells
    assert little.runs_s.likely == enough.runs_s.likely
    assert little.runs_s.high == pytest.approx(4 * enough.runs_s.high)
    hasty = Protocol(warmup=0, runs=3, variants=2, timeout_s=0.001)
    [cut_short] = estimate(settings, plan(protocol=hasty)).cells
    assert cut_short.runs_s.high == pytest.approx(0.001 * 2 * 3)
    assert cut_short.warmup_s == Range(low=0, likely=0, high=0)


def test_a_dataset_that_is_not_there_is_guessed_from_its_scale_else_its_spaces(settings):
    add_dataset(settings)
    by_days = estimate(settings, plan(profile="tiny-1w"))
    assert by_days.cells[0].load_s.likely > estimate(settings, plan()).cells[0].load_s.likely
    by_spaces = estimate(settings, plan(profile="small-2d"))
    factors = [
        found.cells[0].load_s.high / found.cells[0].load_s.likely for found in (by_days, by_spaces)
    ]
    assert factors[0] < factors[1]


def test_profiles_cut_out_take_disk_and_time_until_they_are_dropped(settings):
    add_dataset(settings, "small-1w", Counts(nodes={"Site": 1}, edges={}, samples=12_000_000))
    parts = tuple(plan(profile=name) for name in ("small-2d", "small-1w"))
    sources = {"small-2d": "small-1w", "small-1w": "small-1w"}
    campaign = CampaignPlan(mode="select", parts=parts, sources=sources)
    dropped = estimate_plan(campaign, settings)
    kept = estimate_plan(replace(campaign, keeps_exports=True), settings)
    assert kept.disk_bytes.likely > dropped.disk_bytes.likely
    apart = [estimate(settings, part) for part in parts]
    assert dropped.preparing_s.likely > sum(found.preparing_s.likely for found in apart)


def test_stores_that_are_dropped_after_use_do_not_add_up(settings):
    for profile in ("tiny-2d", "small-2d"):
        add_dataset(settings, profile)

    def disk(scenarios: str, *, keeps_exports: bool) -> float:
        parts = tuple(plan(scenarios, profile) for profile in ("tiny-2d", "small-2d"))
        sources = {part.profile: part.profile for part in parts}
        campaign = CampaignPlan(
            mode="select", parts=parts, sources=sources, keeps_exports=keeps_exports
        )
        return estimate_plan(campaign, settings).disk_bytes.likely

    assert disk("P1,P2", keeps_exports=True) > 1.9 * disk("P1", keeps_exports=True)
    assert disk("P1,P2", keeps_exports=False) < 1.1 * disk("P1", keeps_exports=False)


def test_a_gradient_may_try_few_levels_or_all(settings):
    add_dataset(settings)
    levels = [GIB // 8, GIB // 4, GIB // 2, GIB, 2 * GIB]
    base = plan("P1,F1")
    options = {"scale_name": "tiny", "host_bytes": 64 * GIB, "levels": levels}
    found = estimate_plan(make_gradient_plan(base, **options), settings)
    assert len(found.cells) == 10
    assert found.total_s.low < found.total_s.likely < found.total_s.high
    bisected = estimate_plan(make_gradient_plan(base, **options, bisects=True), settings)
    assert bisected.total_s.likely > found.total_s.likely
    assert found.cell("tiny-2d.P1.0.25g.r1").loads is False
    assert found.cell("none") is None


@of_hypothesis(max_examples=50, deadline=None)
@given(
    st.sampled_from(sorted(SCENARIOS)),
    st.integers(1, 50),
    st.integers(0, 9),
    st.integers(1, 5),
    st.sampled_from([None, 64 * MIB, 8 * GIB]),
)
def test_the_bounds_are_in_order_and_more_runs_take_longer(scenario, runs, warmup, sets, ram):
    settings = Settings(home=Path("/nowhere"))
    levels = () if ram is None else (ram,)
    queries = list(load_questions())

    def total(more: int) -> Range:
        protocol = Protocol(warmup=warmup + more, runs=runs + more, variants=sets)
        options = {"protocol": protocol, "queries": queries, "ram_levels": levels}
        found = estimate(settings, plan(scenario, "small-1w", **options))
        for one in (found.total_s, found.disk_bytes, found.ram_bytes, found.preparing_s):
            assert 0 < one.low <= one.likely <= one.high
        return found.total_s

    assert total(0).likely < total(1).likely


def test_it_is_quick_with_many_old_cells(settings):
    add_dataset(settings)
    for index in range(10):
        add_campaign(settings, measured_record(), name=f"2026010{index}-000000-x")
    for one in list(settings.results_dir.glob("*/cells/*.json")):
        content = one.read_text()
        for scenario, number in itertools.product(SCENARIOS, range(1, 6)):
            cell = f"tiny-2d.{scenario}.r{number}"
            copy = content.replace("tiny-2d.P1.r1", cell).replace(': "P1"', f': "{scenario}"')
            (one.parent / f"{cell}.json").write_text(copy)
    assert len(list(settings.results_dir.glob("*/cells/*.json"))) > 500
    part = plan(",".join(SCENARIOS), queries=list(load_questions()))
    estimate(settings, part)
    began = time.process_time()
    found = estimate(settings, part)
    assert time.process_time() - began < 0.5
    assert {cell.measured_cells for cell in found.cells} == {5}


def test_only_the_newest_cells_are_read(settings):
    for index in range(3):
        add_campaign(settings, measured_record(), name=f"2026010{index}-000000-x")
    oldest = settings.results_dir / "20260100-000000-x/cells/tiny-2d.P1.r1.json"
    document = orjson.loads(oldest.read_bytes())
    document["result"]["profile"] = "none"
    oldest.write_bytes(orjson.dumps(document))
    found = read_measured(settings, ["P1"], most_per_scenario=2)
    assert [cell.profile for cell in found] == ["tiny-2d", "tiny-2d"]
