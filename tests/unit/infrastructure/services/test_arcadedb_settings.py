from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.infrastructure.service import Endpoint
from basetype_benchmark.infrastructure.services.arcadedb import ArcadePackage, LocalArcade
from basetype_benchmark.infrastructure.services.arcadedb_settings import (
    arcadedb_settings,
    heap_bytes,
    java_options,
)
from basetype_benchmark.units import GIB, MIB

ENDPOINT = Endpoint(host="127.0.0.1", port=7687, database="btb", user="root", password="s3cret")


@pytest.mark.parametrize(
    ("ram_bytes", "query_timeout_s"),
    [(GIB // 2, None), (2 * GIB, 60), (128 * GIB, 0.5)],
    ids=["512mib", "2gib-60s", "128gib-half-a-second"],
)
def test_the_command_line_is_as_published(ram_bytes, query_timeout_s, request, golden):
    engine = LocalArcade(
        package=ArcadePackage(java=Path("/jre/bin/java"), archives=Path("/jars"), version="26.10"),
        port=None,
        java=java_options(ram_bytes),
        product=arcadedb_settings(ram_bytes, query_timeout_s),
    )
    command = engine.command(Path("/data"), ENDPOINT)
    assert command.executable == command.argv[0] == "/jre/bin/java"
    reasons = [f"{s.name} {s.value}: {s.reason}" for s in engine.settings]
    golden(
        f"arcadedb_command/{request.node.callspec.id}.txt",
        "\n".join([*command.argv, "", *reasons, ""]),
    )


def test_the_password_is_in_no_argument():
    engine = LocalArcade(
        package=ArcadePackage(java=Path("java"), archives=Path("jars"), version="1"),
        port=None,
        java=(),
        product=(),
    )
    assert not [a for a in engine.command(Path("/data"), ENDPOINT).argv if "s3cret" in a]


@given(st.integers(min_value=512 * MIB, max_value=1024 * GIB))
def test_the_heap_leaves_room_for_the_rest_of_the_process(ram_bytes):
    assert heap_bytes(ram_bytes) + 256 * MIB <= ram_bytes
    assert heap_bytes(ram_bytes) < 32 * GIB


@given(st.integers(min_value=1, max_value=256 * GIB))
def test_more_memory_never_means_less_heap(ram_bytes):
    assert heap_bytes(ram_bytes) <= heap_bytes(ram_bytes + MIB)


def test_every_setting_has_one_reason():
    settings = (*java_options(GIB), *arcadedb_settings(GIB, 60))
    assert len({s.name for s in settings}) == len(settings)
    assert all(s.reason for s in settings)
