"""Sums over servers: all of them, or none."""

from dataclasses import replace

import pytest

from basetype_benchmark.benchmark.monitoring.resource_use import PhaseUse, total
from tests.records import make_use


@pytest.mark.parametrize(
    ("values", "expected"),
    [((), None), ((1, 2), 3), ((0,), 0), ((1, None), None), ((0.5, 1), 1.5)],
)
def test_a_total_is_of_all_or_it_is_not_known(
    values: tuple[float | None, ...], expected: float | None
) -> None:
    assert total(values) == expected


def test_the_harness_and_the_host_are_no_servers() -> None:
    names = ("oxigraph", "harness", "postgresql", "host")
    phase = PhaseUse(
        phase="load",
        begin_ns=0,
        elapsed_ns=1,
        package_energy_j=None,
        sources=tuple(replace(make_use(), source=name) for name in names),
    )
    assert [use.source for use in phase.servers] == ["oxigraph", "postgresql"]
