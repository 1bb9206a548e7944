"""The tables of a gradient: bounds are told as such."""

from dataclasses import replace
from pathlib import Path

from basetype_benchmark.analysis.tables.gradient import gradient_tables
from basetype_benchmark.units import MIB
from tests.measured import MadeCell, log_normal, write_measured
from tests.records import make_gradient


def test_a_plateau_that_may_lie_lower_is_a_bound(tmp_path: Path) -> None:
    data = write_measured(tmp_path, [MadeCell(queries={"Q1": log_normal(1)})])
    _, table = gradient_tables(replace(data, gradient=make_gradient()))
    [row] = table.read().to_dicts()
    assert (row["plateau_bytes"], row["is_plateau_bound"]) == (512 * MIB, True)
