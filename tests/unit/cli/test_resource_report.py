from dataclasses import replace

import pytest

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.monitoring.resource_use import (
    CellUse,
    MeterRecord,
    PhaseUse,
    SourceUse,
)
from basetype_benchmark.cli.resource_report import print_resources
from basetype_benchmark.units import MIB
from tests.records import make_cell, make_result, make_use

Captured = pytest.CaptureFixture[str]


def cell(*uses: tuple[str, SourceUse], name: str = "tiny-2d.P1.r1") -> CellRecord:
    """A cell of one source, with what it used by phase."""
    phases = tuple(
        PhaseUse(phase=phase, begin_ns=0, elapsed_ns=1, package_energy_j=None, sources=(use,))
        for phase, use in uses
    )
    meter = MeterRecord(source="postgresql", meter="cgroup v1", ram_bytes=None)
    resources = CellUse(interval_ns=1, meters=(meter,), phases=phases)
    return make_cell(name, replace(make_result(), resources=resources))


def shown(capsys: Captured, *records: CellRecord) -> tuple[list[str], str]:
    """Give the words of the last row, and what was said."""
    print_resources(records)
    output = capsys.readouterr()
    rows = [line for line in output.out.splitlines() if "postgresql" in line]
    return rows[-1].split() if rows else [], output.err


def test_load_and_measured_runs_stand_side_by_side(capsys: Captured) -> None:
    load = make_use(
        memory_peak_bytes=1234 * MIB,
        cpu_user_ns=11_000_000_000,
        cpu_system_ns=1_340_000_000,
        read_bytes=5 * MIB // 2,
        written_bytes=0,
        anonymous_end_bytes=1 * MIB,
    )
    runs = make_use(
        memory_peak_bytes=200 * MIB,
        cpu_user_ns=400_000_000,
        cpu_system_ns=0,
        read_bytes=0,
        written_bytes=17 * MIB,
        anonymous_end_bytes=150 * MIB,
        file_end_bytes=40 * MIB,
    )
    words, said = shown(capsys, cell(("load", load), ("warm-up", make_use()), ("measure", runs)))
    assert " ".join(words) == (
        "tiny-2d.P1.r1 postgresql 1234 / 200 150 / 40.0 12.3 / 0.40 2.50 / 0 0 / 17.0"
    )
    assert "during the load / the measured runs" in said
    assert "~" not in said
    assert ">" not in said


def test_what_was_not_measured_is_a_dash_and_never_a_zero(capsys: Captured) -> None:
    unread = make_use(
        **dict.fromkeys(
            (
                *("memory_peak_bytes", "anonymous_end_bytes", "file_end_bytes"),
                *("cpu_user_ns", "cpu_system_ns", "read_bytes", "written_bytes"),
            )
        )
    )
    words, _ = shown(capsys, cell(("load", unread), ("measure", unread)))
    assert words[2:] == ["-"] * 5
    words, _ = shown(capsys, cell(("load", make_use()), ("measure", unread)))
    assert words[2:5] == ["100", "/", "-"]


def test_a_cell_that_ended_in_the_load_shows_the_load(capsys: Captured) -> None:
    words, _ = shown(capsys, cell(("load", make_use(anonymous_end_bytes=60 * MIB))))
    assert words[2:8] == ["100", "/", "-", "60.0", "/", "20.0"]


def test_what_is_not_exact_or_not_whole_is_marked_and_explained(capsys: Captured) -> None:
    use = make_use(memory_peak_is_exact=False, is_whole=False, cpu_user_ns=1_000_000_000)
    words, said = shown(capsys, cell(("load", use), ("measure", make_use())))
    assert words[2:5] == ["~100", "/", "100"]
    assert words[8:11] == [">1.00", "/", "0.00"]
    assert "~: the most that readings saw" in said
    assert ">: the source could not be read" in said


def test_missed_readings_are_named(capsys: Captured) -> None:
    few = make_use(readings_expected=100, readings_taken=61)
    _, said = shown(capsys, cell(("load", few), ("measure", make_use())))
    assert "! tiny-2d.P1.r1 postgresql: 61 of 100 readings were taken in the phase load" in said
    enough = make_use(readings_expected=100, readings_taken=97)
    _, said = shown(capsys, cell(("load", enough)))
    assert "!" not in said


def test_where_nobody_watched_there_is_no_table(capsys: Captured) -> None:
    print_resources([make_cell()])
    assert capsys.readouterr() == ("", "")


def test_it_fits_into_a_hundred_columns(capsys: Captured) -> None:
    big = make_use(
        memory_peak_bytes=9999 * MIB,
        memory_peak_is_exact=False,
        anonymous_end_bytes=9999 * MIB,
        file_end_bytes=9999 * MIB,
        cpu_user_ns=9_999_000_000_000,
        read_bytes=9999 * MIB,
        written_bytes=9999 * MIB,
    )
    print_resources([cell(("load", big), ("measure", big), name="small-1w.P1.0.25g.r1")])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100
