"""Tests dealt out to processes: an engine of the conformance suite is started in one of them."""

import pytest

from tests.processes import shared_by


@pytest.mark.parametrize(
    ("nodeid", "shared"),
    [
        ("tests/conformance/test_toy_building.py::test_an_answer[P2-Q1-b01.m01]", "postgresql"),
        ("tests/conformance/test_failures.py::test_a_timeout[O2]", "oxigraph"),
        ("tests/conformance/test_failures.py::test_a_load[F1-first]", "falkordb"),
        ("tests/conformance/test_here.py::test_all", "tests/conformance/test_here.py"),
        ("tests/conformance/test_any.py::test_a[X9]", "tests/conformance/test_any.py"),
        ("tests/unit/test_units.py::test_a[P1]", "tests/unit/test_units.py"),
    ],
)  # fmt: skip
def test_what_shares_a_server_shares_a_process(nodeid: str, shared: str) -> None:
    assert shared_by(nodeid) == shared
