"""``purge engines`` on stores of real servers: running, stopped, left running by a killed btb."""

import pytest

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.purge import purge
from basetype_benchmark.workflows.purging.drop import drop_store
from basetype_benchmark.workflows.purging.selection import Selection, Target
from tests.integration.probe import OPENERS, harness, processes_of, said

pytestmark = pytest.mark.servers

STORES = Selection(targets=frozenset({Target.ENGINES}))


@pytest.fixture(autouse=True)
def no_daemon(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def test_a_store_is_kept_while_its_server_runs_and_removed_after(settings):
    data_dir = settings.engines_dir / "P1/postgresql"
    with OPENERS["postgresql"](data_dir) as service:
        done = purge(STORES, settings, lambda _found: True)
        [kept] = done.kept
        assert kept.why_kept is not None
        assert kept.why_kept.startswith("in use by process ")
        assert (done.removed, done.failed) == ([], [])
        assert service.why_not_ready() is None
    [removed] = purge(STORES, settings, lambda _found: True).removed
    assert removed.name == "P1/postgresql"
    assert {path.name for path in data_dir.parent.iterdir()} == {"postgresql.lock"}


def test_a_server_that_outlived_its_killed_harness_is_ended_with_its_store(settings):
    data_dir = settings.engines_dir / "P1/postgresql"
    with harness("postgresql", data_dir) as process:
        said(process)
        process.kill()
        process.wait(10)
    assert processes_of(data_dir) != []
    [removed] = purge(STORES, settings, lambda _found: True).removed
    assert removed.name == "P1/postgresql"
    assert processes_of(data_dir) == []
    assert {path.name for path in data_dir.parent.iterdir()} == {"postgresql.lock"}


def test_a_campaign_drops_the_stores_of_one_scenario(settings):
    for scenario, engine in (("O2", "oxigraph"), ("O2", "postgresql"), ("O1", "oxigraph")):
        with OPENERS[engine](settings.engines_dir / scenario / engine):
            pass
    drop_store(SCENARIOS["O2"], settings, ServiceChoice(provider=Provider.LOCAL))
    stores = {path.name for path in settings.engines_dir.glob("*/*") if path.is_dir()}
    assert stores == {"oxigraph"}
    assert (settings.engines_dir / "O1/oxigraph").is_dir()
    drop_store(SCENARIOS["O2"], settings, ServiceChoice(provider=Provider.LOCAL))
