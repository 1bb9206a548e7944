"""The micro-load, on the real CPU and disk."""

from pathlib import Path

from basetype_benchmark.infrastructure.sentinel import measure_sentinel


def test_a_reading_has_both_figures_and_leaves_no_file(tmp_path: Path) -> None:
    found = measure_sentinel(tmp_path, after_cell="tiny-2d.P1.r1")
    assert found.after_cell == "tiny-2d.P1.r1"
    assert 100_000 < found.cpu_ns < 10**10
    assert found.disk_ns is not None
    assert found.disk_ns > 10_000
    assert not list(tmp_path.iterdir())


def test_a_disk_that_refuses_the_file_is_not_measured_and_ends_nothing() -> None:
    found = measure_sentinel(Path("/proc"))
    assert found.disk_ns is None
    assert found.cpu_ns > 0
