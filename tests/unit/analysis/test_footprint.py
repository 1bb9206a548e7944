"""What cells took, and what a year of them costs: worked out by hand where that can be."""

from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.analysis.campaign_data import CampaignData, read_campaign_data
from basetype_benchmark.analysis.footprint import (
    ENERGY_MEASURED,
    ENERGY_NOT_MEASURABLE,
    Footprint,
    energy_note,
    footprint_rows,
    gib_hours,
)
from basetype_benchmark.analysis.footprint_cost import formulas, sources, yearly_cost
from basetype_benchmark.analysis.footprint_options import Basis, Option, find_options
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.gradient import Bracket
from basetype_benchmark.benchmark.monitoring.reading_log import Moment, ReadingLog
from basetype_benchmark.benchmark.monitoring.resource_use import CellUse, PhaseUse
from basetype_benchmark.benchmark.monitoring.resources_io import write_cell_readings
from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.benchmark.resources import Reading
from basetype_benchmark.benchmark.results_io import CELLS_DIR, write_cell
from basetype_benchmark.config.prices import Prices, read_prices
from basetype_benchmark.report.html.facts import sort_facts
from basetype_benchmark.units import GIB, MIB, NS_PER_S
from tests.measured import MadeCell, log_normal, write_measured
from tests.records import (
    make_cell_use,
    make_environment,
    make_findings,
    make_gradient,
    make_result,
    make_use,
)

HOUR_NS = 3600 * NS_PER_S
ASKED = {"Q1": log_normal(1)}


def phase(name: str, **changes: object) -> PhaseUse:
    used = PhaseUse(
        phase=name,
        begin_ns=0,
        elapsed_ns=HOUR_NS // 2,
        package_energy_j=None,
        sources=(
            replace(make_use(), source="postgresql", cpu_user_ns=3 * NS_PER_S, cpu_system_ns=0),
            replace(make_use(), source="oxigraph", cpu_user_ns=NS_PER_S, cpu_system_ns=NS_PER_S),
            replace(make_use(), source="harness", cpu_user_ns=99 * NS_PER_S),
            replace(make_use(), source="host", cpu_user_ns=99 * NS_PER_S),
        ),
    )
    return replace(used, **changes)


def watched(folder: Path, use: CellUse, ram_bytes: int | None = 2 * GIB) -> tuple[Footprint, ...]:
    """Footprints of one cell, whose servers held 1 GiB, then 3 GiB, in the phase `load`."""
    data = write_measured(folder, [MadeCell(queries=ASKED, ram_bytes=ram_bytes)])
    (cell,) = data.cells
    log = ReadingLog()
    for source in ("postgresql", "oxigraph", "host"):
        for t_ns, held in ((0, GIB), (HOUR_NS // 2, 3 * GIB)):
            log.add(source, "load", Moment.TIMED, t_ns, Reading(memory_bytes=held))
    write_cell_readings(folder / CELLS_DIR, cell.cell, log)
    write_cell(folder, replace(cell, result=replace(cell.result, resources=use)))
    return footprint_rows(read_campaign_data(folder))


def test_memory_over_time_is_the_area_under_the_readings() -> None:
    # A quarter of an hour from 1 to 3 GiB, then three quarters at 3 GiB: 0.5 + 2.25.
    moments = [0, HOUR_NS // 4, HOUR_NS]
    assert gib_hours([GIB, 3 * GIB, 3 * GIB], moments) == pytest.approx(2.75)


def test_servers_are_added_up_and_neither_harness_nor_host_is_one(tmp_path: Path) -> None:
    use = replace(make_cell_use(), phases=(phase("clear"), phase("load"), phase("measure")))
    load, measure = watched(tmp_path, use)
    assert (load.phase, measure.phase) == ("load", "measure")
    assert load.cpu_s == pytest.approx(5)
    assert load.written_bytes == 2 * 8192
    assert load.limit_gib_hours == pytest.approx(1.0)  # 2 GiB for half an hour
    assert load.used_gib_hours == pytest.approx(2.0)  # twice 2 GiB on average, for half an hour
    assert measure.used_gib_hours is None  # nothing was read in that phase
    assert load.is_whole


def test_what_one_server_does_not_tell_is_not_measured(tmp_path: Path) -> None:
    silent = replace(make_use(), source="oxigraph", cpu_user_ns=None, read_bytes=None)
    told = replace(make_use(), source="postgresql", is_whole=False)
    use = replace(make_cell_use(), phases=(phase("load", sources=(told, silent)),))
    (load,) = watched(tmp_path, use, ram_bytes=None)
    assert (load.cpu_s, load.read_bytes, load.limit_gib_hours) == (None, None, None)
    assert load.written_bytes == 2 * 8192
    assert not load.is_whole


def test_energy_is_told_where_there_is_a_meter_and_else_why_not(tmp_path: Path) -> None:
    unmetered = watched(tmp_path / "a", replace(make_cell_use(), phases=(phase("load"),)))
    metered = watched(
        tmp_path / "b",
        replace(make_cell_use(), phases=(phase("load", package_energy_j=12.5),)),
    )
    assert energy_note(unmetered) == ENERGY_NOT_MEASURABLE
    assert [row.package_energy_j for row in metered] == [12.5]
    assert energy_note(metered) == ENERGY_MEASURED


def test_a_cell_that_nobody_watched_has_no_footprint(tmp_path: Path) -> None:
    assert footprint_rows(write_measured(tmp_path, [MadeCell(queries=ASKED)])) == ()


def priced() -> Prices:
    """A list in which every figure is easy to reckon with."""
    known = read_prices().model_dump()
    for name, value, unit in (
        ("memory_price", 0.01, "per GiB-hour"),
        ("cpu_price", 10, "per vCPU-month"),
        ("disk_price", 0.5, "per GB-month"),
        ("memory_power", 0.5, "W per GiB"),
        ("cpu_power", 2, "W per vCPU"),
        ("power_usage_effectiveness", 1.5, "ratio"),
        ("carbon_intensity", 100, "gCO2e per kWh"),
    ):
        known[name] |= {"value": value, "unit": unit}
    return Prices.model_validate(known)


def option(**changes: object) -> Option:
    made = Option(
        profile="tiny-2d",
        scenario="P1",
        basis=Basis.LEAST,
        ram_bytes=4 * GIB,
        found="at most 4 GiB",
        disk_bytes=10_000_000_000,
        vcpus=2,
    )
    return replace(made, **changes)


def test_a_year_is_what_one_works_out_by_hand() -> None:
    cost = yearly_cost(option(), priced())
    assert cost.memory_cost == pytest.approx(4 * 0.01 * 8760)
    assert cost.cpu_cost == pytest.approx(2 * 10 * 12)
    assert cost.disk_cost == pytest.approx(10 * 0.5 * 12)
    assert cost.total_cost == pytest.approx(350.4 + 240 + 60)
    assert cost.energy_kwh == pytest.approx((4 * 0.5 + 2 * 2) * 8.76 * 1.5)
    assert cost.carbon_kg == pytest.approx(78.84 * 100 / 1000)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"ram_bytes": None}, {"memory_cost", "total_cost", "energy_kwh", "carbon_kg"}),
        ({"disk_bytes": None}, {"disk_cost", "total_cost"}),
        ({"vcpus": None}, {"cpu_cost", "total_cost", "energy_kwh", "carbon_kg"}),
    ],
)
def test_what_was_not_measured_is_not_guessed(changes: dict[str, None], missing: set[str]) -> None:
    cost = yearly_cost(option(**changes), priced())
    figures = {
        name: getattr(cost, name)
        for name in (
            "memory_cost",
            "cpu_cost",
            "disk_cost",
            "total_cost",
            "energy_kwh",
            "carbon_kg",
        )
    }
    assert {name for name, value in figures.items() if value is None} == missing


def test_the_formulas_have_the_figures_of_the_list_in_them() -> None:
    assert formulas(priced()) == (
        "RAM: GiB x 0.01 x 8760 h USD",
        "CPU: vCPUs x 10 x 12 months USD",
        "disk: GB x 0.5 x 12 months USD",
        "kWh: (GiB x 0.5 W + vCPUs x 2 W) x 8760 h / 1000 x 1.5",
        "kg CO2e: kWh x 100 g / 1000",
    )


def test_an_example_in_the_list_is_said_to_be_one() -> None:
    known = read_prices().model_dump()
    known["disk_price"]["is_example"] = True
    told = [line for line in sources(Prices.model_validate(known)) if "an example" in line]
    assert [line.partition(":")[0] for line in told] == ["disk price"]


def found(data: CampaignData) -> dict[Basis, tuple[int | None, str]]:
    return {o.basis: (o.ram_bytes, o.found) for o in find_options(data)}


def test_a_gradient_gives_the_least_ram_and_the_plateau(tmp_path: Path) -> None:
    findings = make_findings()
    cells = [MadeCell(queries=ASKED, ram_bytes=level.ram_bytes) for level in findings.levels]
    data = write_measured(tmp_path, cells)
    host = {"cpu_usable_count": 3}
    data = replace(
        data, gradient=make_gradient(), environment=replace(make_environment(), host=host)
    )
    assert found(data) == {
        Basis.LEAST: (512 * MIB, "failed at 0.25 GiB, passed at 0.5 GiB"),
        Basis.PLATEAU: (512 * MIB, "0.5 GiB or less: 1 GiB is not 10 % faster"),
    }
    assert {(o.disk_bytes, o.vcpus) for o in find_options(data)} == {(4096, 3)}


def test_without_a_gradient_the_lowest_level_that_passed_is_taken(tmp_path: Path) -> None:
    failed = make_result(outcome=CellOutcome.OOM_LOAD, queries=())
    data = write_measured(
        tmp_path,
        [
            MadeCell(queries=ASKED, ram_bytes=64 * MIB, result=failed),
            MadeCell(queries=ASKED, ram_bytes=128 * MIB),
            MadeCell(queries=ASKED, ram_bytes=128 * MIB, repetition=2, result=failed),
            MadeCell(queries=ASKED, ram_bytes=256 * MIB),
            MadeCell(queries=ASKED, ram_bytes=512 * MIB),
        ],
    )
    told = found(data)
    assert told[Basis.LEAST] == (256 * MIB, "failed at 128 MiB, passed at 256 MiB")
    assert told[Basis.PLATEAU] == (None, "not measured: btb run --mode gradient does it")


def test_where_no_level_passed_there_is_nothing_to_reckon_with(tmp_path: Path) -> None:
    failed = make_result(outcome=CellOutcome.OOM_LOAD, queries=())
    data = write_measured(tmp_path, [MadeCell(queries=ASKED, ram_bytes=64 * MIB, result=failed)])
    told = "more than 64 MiB: nothing that was tried is enough"
    assert found(data)[Basis.LEAST] == (None, told)


def test_a_level_that_passed_below_one_that_failed_is_not_the_least(tmp_path: Path) -> None:
    """The same rule as that of the answer of a report."""
    failed = make_result(outcome=CellOutcome.OOM_LOAD, queries=())
    data = write_measured(
        tmp_path,
        [
            MadeCell(queries=ASKED, ram_bytes=64 * MIB),
            MadeCell(queries=ASKED, ram_bytes=128 * MIB, result=failed),
            MadeCell(queries=ASKED, ram_bytes=256 * MIB),
        ],
    )
    (profile,) = sort_facts(data, summarise_campaign(data))
    (scenario,) = profile.scenarios
    assert scenario.least == Bracket(failed_at=128 * MIB, passed_at=256 * MIB)
    assert found(data)[Basis.LEAST] == (256 * MIB, str(scenario.least))


def test_without_limits_the_least_ram_is_not_measured(tmp_path: Path) -> None:
    ram_bytes, why = found(write_measured(tmp_path, [MadeCell(queries=ASKED)]))[Basis.LEAST]
    assert ram_bytes is None
    assert why.startswith("not measured: nothing was limited")


def test_the_disk_of_a_level_is_that_of_the_cell_that_loaded_its_stores(tmp_path: Path) -> None:
    data = write_measured(
        tmp_path,
        [
            MadeCell(queries=ASKED, ram_bytes=64 * MIB),
            MadeCell(queries=ASKED, ram_bytes=128 * MIB),
        ],
    )
    lower, higher = data.cells
    failed = make_result(outcome=CellOutcome.OOM_QUERY, queries=())
    cells: tuple[CellRecord, ...] = (
        replace(lower, result=replace(failed, load=lower.result.load)),
        replace(higher, loaded_in_cell=lower.cell, result=replace(higher.result, load=None)),
    )
    least = next(o for o in find_options(replace(data, cells=cells)) if o.basis is Basis.LEAST)
    assert (least.ram_bytes, least.disk_bytes) == (128 * MIB, 4096)
