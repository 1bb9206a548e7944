"""``btb purge containers``, on a daemon of the test's own: nobody else's data is at stake."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.labels import DATA_DIR, MACHINE, OURS, OWNER
from basetype_benchmark.infrastructure.local.data_lock import DataLock
from basetype_benchmark.workflows.campaigns.lock_files import MEASURING_LOCK
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.purging.drop import drop_store
from tests.integration.docker.obedient import open_obedient
from tests.integration.docker.second_daemon import SecondDaemon
from tests.integration.docker.test_ownership import harness
from tests.integration.probe import ROOT

pytestmark = [pytest.mark.servers, pytest.mark.root]


@pytest.fixture
def client(second: SecondDaemon, monkeypatch: pytest.MonkeyPatch) -> Iterator[docker.DockerClient]:
    """The second daemon, empty before and after."""
    monkeypatch.setenv("DOCKER_HOST", second.socket_url)
    client = second.client()
    empty(client)
    yield client
    empty(client)
    client.close()


def empty(client: docker.DockerClient) -> None:
    for container in client.containers.list(all=True):
        container.remove(force=True, v=True)
    for volume in client.volumes.list():
        volume.remove()


# In a namespace of its own no group of another test is seen, which others may just be removing.
WITHOUT_GROUPS = "umount --recursive --lazy /sys/fs/cgroup 2>/dev/null"


def purge(
    *options: str, mounted: str = WITHOUT_GROUPS, target: str = "containers", home: str = ""
) -> subprocess.CompletedProcess[str]:
    """Purge one home, else all."""
    btb = [sys.executable, "-m", "basetype_benchmark", "purge", target, *options]
    btb += ["--home", home] if home else ["--all-homes"]
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", f'{mounted}; exec "$@"', "sh", *btb],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def left_by_a_killed_harness(image: str, data_dir: Path) -> str:
    """Give the name of the container and of the volume."""
    with harness(image, data_dir) as process:
        name = process.stdout.readline().strip()
        process.kill()
    return name


def names(client: docker.DockerClient) -> set[str]:
    containers = {f"container {c.name}" for c in client.containers.list(all=True)}
    return containers | {f"volume {v.name}" for v in client.volumes.list()}


def test_a_strangers_container_and_volume_beside_ours_are_never_touched(
    client, shell_image, tmp_path
):
    stranger = client.volumes.create("btb-oxigraph-000000000000", labels={"made.by": "somebody"})
    client.containers.run(
        shell_image,
        ["sleep", "600"],
        name="btb-oxigraph-stranger",
        volumes={stranger.name: {"bind": "/data"}},
        detach=True,
    )
    strange = names(client)
    name = left_by_a_killed_harness(shell_image, tmp_path / "data")
    assert names(client) == strange | {f"container {name}", f"volume {name}"}
    done = purge("--yes")
    assert done.returncode == 0, done.stderr
    assert "removed 1 container and 1 volume (" in done.stderr
    assert "btb-oxigraph-stranger" not in done.stdout + done.stderr
    assert names(client) == strange
    assert client.containers.get("btb-oxigraph-stranger").status == "running"


def test_what_a_living_harness_uses_is_kept_and_said(client, shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "used") as service:
        left = left_by_a_killed_harness(shell_image, tmp_path / "left")
        done = purge("--yes", "--json")
        found = json.loads(done.stdout)
        assert {(f["kind"], f["name"]) for f in found["removed"]} == {
            ("container", left),
            ("volume", left),
        }
        assert {(f["kind"], f["name"]) for f in found["kept"]} == {
            ("container", service.container_name),
            ("volume", service.container_name),
        }
        assert all("in use by process" in f["why_kept"] for f in found["kept"])
        assert service.why_not_ready() is None
    assert purge("--yes").returncode == 0
    assert names(client) == set()


def test_it_lists_what_there_is_with_its_place(client, shell_image, tmp_path):
    name = left_by_a_killed_harness(shell_image, tmp_path / "data")
    done = purge("--dry-run")
    assert done.returncode == 0, done.stderr
    assert name in done.stdout
    assert str(tmp_path / "data") in done.stdout.replace("\n", "")
    assert "would remove 1 container and 1 volume (" in done.stderr
    assert names(client) != set()


def test_only_what_is_of_the_home_is_listed_unless_told_otherwise(client, shell_image, tmp_path):
    for home in ("mine", "other"):
        with open_obedient(shell_image, tmp_path / home / "engines/O1/oxigraph") as service:
            pass
    other = f"volume {service.container_name}"
    done = purge("--yes", home=str(tmp_path / "mine"))
    assert "removed 1 volume (" in done.stderr
    assert names(client) == {other}
    assert "there is nothing to remove" in purge("--yes", home=str(tmp_path / "mine")).stderr
    assert names(client) == {other}
    assert "removed 1 volume (" in purge("--yes").stderr


def test_the_stores_of_a_scenario_are_removed_with_their_volumes(client, shell_image, tmp_path):
    for scenario in ("O1", "O2"):
        left_by_a_killed_harness(shell_image, tmp_path / f"engines/{scenario}/oxigraph")
    done = purge("O1", "--yes", target="engines", home=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "removed 1 container and 1 volume (" in done.stderr
    data_dirs = {v.attrs["Labels"][DATA_DIR] for v in client.volumes.list()}
    assert data_dirs == {str(tmp_path / "engines/O2/oxigraph")}


def test_a_campaign_that_runs_keeps_its_volumes_between_cells(client, shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "engines/O1/oxigraph"):
        pass
    measuring = tmp_path / "engines" / MEASURING_LOCK
    with DataLock(what="the home", lock_file=measuring):
        done = purge("--yes", home=str(tmp_path))
        assert f"in use by the campaign of process {os.getpid()}" in done.stderr
        assert len(client.volumes.list()) == 1
    assert "removed 1 volume (" in purge("--yes", home=str(tmp_path)).stderr


def test_a_campaign_drops_the_volume_of_a_scenario(client, shell_image, tmp_path):
    settings = Settings(home=tmp_path)
    choice = ServiceChoice(provider=Provider.DOCKER)
    for scenario in ("O1", "O2"):
        with open_obedient(shell_image, settings.engines_dir / scenario / "oxigraph") as service:
            if scenario == "O1":
                with pytest.raises(ServiceUnavailable, match="in use by process"):
                    drop_store(SCENARIOS["O1"], settings, choice)
    drop_store(SCENARIOS["O1"], settings, choice)
    assert names(client) == {f"volume {service.container_name}"}


def test_json_without_yes_only_lists(client, shell_image, tmp_path):
    with open_obedient(shell_image, tmp_path / "data") as service:
        pass
    found = json.loads(purge("--json").stdout)
    assert found["removed"] == []
    [volume] = found["kept"]
    assert (volume["name"], volume["state"]) == (service.container_name, "free")
    assert volume["size_bytes"] == len("kept\n")
    assert volume["why_kept"] is None
    assert names(client) == {f"volume {service.container_name}"}


def test_what_other_machines_made_is_kept(client, shell_image):
    labels = {OURS: "oxigraph", DATA_DIR: "/elsewhere/oxigraph", MACHINE: "another"}
    owner = "another boot pid:[1] 4711 1.0"
    client.volumes.create("btb-oxigraph-elsewhere", labels=labels)
    client.containers.create(
        shell_image, name="btb-oxigraph-elsewhere", labels={**labels, OWNER: owner}
    )
    before = names(client)
    done = purge("--yes")
    assert "nothing was removed" in done.stderr
    assert "kept volume btb-oxigraph-elsewhere: made on another machine" in done.stderr
    assert names(client) == before


def test_an_empty_daemon_is_said_to_be_so(client):
    done = purge()
    assert (done.returncode, done.stdout) == (0, "")
    assert "there is nothing to remove" in done.stderr


def test_without_a_daemon_it_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    done = purge("--yes")
    assert done.returncode == 3
    assert "there is no socket" in done.stderr
