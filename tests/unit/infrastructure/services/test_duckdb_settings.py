import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.errors import UsageError
from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.duckdb import LocalDuckDB, open_external_duckdb
from basetype_benchmark.infrastructure.services.duckdb_settings import (
    PROCESS_BYTES,
    duckdb_settings,
)
from basetype_benchmark.units import GIB, MIB


def memory_limit(ram_bytes: int) -> int:
    value = next(s.value for s in duckdb_settings(ram_bytes, 2) if s.name == "memory_limit")
    assert value.endswith("MiB")
    return int(value.removesuffix("MiB")) * MIB


@pytest.mark.parametrize(
    ("ram_bytes", "cpu_count"),
    [(GIB // 4, 1), (GIB, 2), (8 * GIB, 8), (256 * GIB, 64)],
    ids=["256mib-1cpu", "1gib-2cpu", "8gib-8cpu", "256gib-64cpu"],
)
def test_settings_are_as_published(ram_bytes, cpu_count, request, golden):
    lines = [f"{s.name} = {s.value}  # {s.reason}\n" for s in duckdb_settings(ram_bytes, cpu_count)]
    golden(f"duckdb_settings/{request.node.callspec.id}.conf", "".join(lines))


def test_the_command_line_is_as_published(golden):
    engine = LocalDuckDB(settings=duckdb_settings(GIB, 2))
    command = engine.command(Path("/data/duckdb"), Endpoint(host="/run/btb", port=0))
    assert command.executable == sys.executable
    golden("duckdb_settings/command.txt", "\n".join(("python", *command.argv[1:], "")))


@given(st.integers(min_value=128 * MIB, max_value=1024 * GIB))
def test_the_server_fits_in_its_budget(ram_bytes):
    assert memory_limit(ram_bytes) + PROCESS_BYTES <= ram_bytes


@given(st.integers(min_value=1, max_value=512 * GIB))
def test_more_memory_never_means_less(ram_bytes):
    assert memory_limit(ram_bytes) <= memory_limit(2 * ram_bytes)


def test_every_setting_is_given_once_with_its_reason():
    settings = duckdb_settings(GIB, 2)
    assert len({setting.name for setting in settings}) == len(settings)
    assert all(setting.reason for setting in settings)


def test_a_url_is_refused_without_repeating_it():
    with pytest.raises(UsageError, match="has no server at a URL") as caught:
        open_external_duckdb("duckdb://user:secret@host")
    assert "secret" not in str(caught.value)
