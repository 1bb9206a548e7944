"""Results from a run to the Hub and back, as processes that talk to a hub over sockets."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import yaml
from huggingface_hub import HfApi, constants

from basetype_benchmark.benchmark.checksums import CHECKSUMS_FILE
from basetype_benchmark.cli.main import run_command
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.hub.client import open_hub
from basetype_benchmark.hub.upload import upload_parcel
from basetype_benchmark.workflows.publish_results import check_campaign, make_results_bundle
from tests.hub_server import TOKEN, Fault, HubServer, run_hub
from tests.integration.forging import change, numbers_in
from tests.toy import build_toy

pytestmark = pytest.mark.servers

REPOSITORY = "ada/tiny-results"


@pytest.fixture
def server() -> Iterator[HubServer]:
    with run_hub() as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one small campaign."""
    home = tmp_path_factory.mktemp("home")
    build_toy(home / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    run = ["run", "tiny-2d", "--scenarios", "D1", "--queries", "Q3,Q5", "--home", str(home)]
    assert run_command(run) == 0
    return home


@pytest.fixture
def campaign(home: Path) -> Path:
    [folder] = (home / "results").iterdir()
    return folder


@pytest.fixture
def environment(server: HubServer, tmp_path: Path) -> dict[str, str]:
    """What the client reads when it is imported; nothing of who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    return {
        **kept,
        "HF_ENDPOINT": server.url,
        "HF_HOME": str(tmp_path / "hf_home"),
        "HF_HUB_DISABLE_XET": "1",
        "HF_TOKEN": TOKEN,
    }


def btb(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "basetype_benchmark", *arguments],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def publish(
    environment: dict[str, str], home: Path, campaign: Path, *more: str
) -> subprocess.CompletedProcess[str]:
    command = ("publish", "results", campaign.name, "--home", str(home), "--repo", REPOSITORY)
    return btb(environment, *command, *more)


def download(server: HubServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fetch a repository with the real client, as ``hf download`` does."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    api = HfApi(endpoint=server.url, token=TOKEN)
    for name in server.repositories[REPOSITORY].files:
        api.hf_hub_download(REPOSITORY, name, repo_type="dataset", local_dir=folder)
    return folder


def below(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_what_was_published_is_sound_where_it_is_downloaded(
    environment: dict[str, str],
    server: HubServer,
    home: Path,
    campaign: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = publish(environment, home, campaign)
    assert said.returncode == 0, said.stderr
    files = server.repositories[REPOSITORY].files
    assert {"README.md", CHECKSUMS_FILE, "campaign.json", "disclosure.json"} <= files.keys()
    there = download(server, tmp_path / "there", monkeypatch)
    verified = btb(environment, "verify", str(there), "--dataset", "--home", str(home), "--json")
    assert verified.returncode == 0, verified.stderr
    verdict = json.loads(verified.stdout)
    assert verdict["ok"]
    assert verdict["complete"]
    assert {check["name"] for check in verdict["checks"]} >= {"files", "statistics", "dataset"}
    assert all(check["compared"] > 0 for check in verdict["checks"])
    assert json.loads((campaign / "published.json").read_text())["repository"] == REPOSITORY
    again = publish(environment, home, campaign)
    assert "nothing was sent" in again.stderr
    outputs = [done.stdout + done.stderr for done in (said, verified, again)]
    written = [*below(home), *below(there), *below(tmp_path / "hf_home"), *files.values()]
    assert server.asked("POST", "/commit/")[0].token == TOKEN
    assert not any(TOKEN in output for output in outputs)
    assert not any(TOKEN.encode() in content for content in written)


def test_the_card_makes_the_viewer_load_the_samples_and_says_how_to_verify(
    environment: dict[str, str], home: Path, campaign: Path
) -> None:
    planned = publish(environment, home, campaign, "--dry-run", "--json")
    folder = Path(json.loads(planned.stdout)["folder"])
    card = (folder / "README.md").read_text()
    _, front_matter, text = card.split("---\n", 2)
    metadata = yaml.safe_load(front_matter)
    configs = {config["config_name"]: config["data_files"] for config in metadata["configs"]}
    assert [c["config_name"] for c in metadata["configs"] if c.get("default")] == ["samples"]
    for info in metadata["dataset_info"]:
        [part] = configs[info["config_name"]]
        schema = pl.read_parquet_schema(folder / part["path"])
        assert [feature["name"] for feature in info["features"]] == list(schema)
    assert metadata["license"] == "cc-by-4.0"
    assert f"hf download {REPOSITORY}" in text
    assert "btb verify" in text
    assert "| `tiny-2d.D1.r1` | DuckDB, relational | no limit | ok |" in text


def test_a_dry_run_lists_the_files_with_sizes_and_asks_nobody(
    environment: dict[str, str], server: HubServer, home: Path, campaign: Path
) -> None:
    done = publish({**environment, "HF_TOKEN": ""}, home, campaign, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "samples.parquet" in done.stdout
    assert "KiB" in done.stdout
    assert f"to {REPOSITORY}" in done.stderr
    assert server.requests == []


def test_what_is_not_sound_or_not_complete_is_not_sent(
    environment: dict[str, str], server: HubServer, home: Path, campaign: Path
) -> None:
    kept = {name: (campaign / name).read_bytes() for name in ("campaign.json", CHECKSUMS_FILE)}
    change(campaign, numbers_in(campaign, "campaign.json")[3], gross=False)
    forged = publish(environment, home, campaign)
    for name, content in kept.items():
        (campaign / name).write_bytes(content)
    (campaign / CHECKSUMS_FILE).unlink()
    incomplete = publish(environment, home, campaign)
    (campaign / CHECKSUMS_FILE).write_bytes(kept[CHECKSUMS_FILE])
    assert forged.returncode == 1
    assert "is not sound" in forged.stderr
    assert incomplete.returncode == 2
    assert f"btb resume {campaign.name}" in incomplete.stderr
    assert not server.repositories


@pytest.mark.thorough
def test_an_upload_that_broke_off_is_continued_and_declares_nothing_before(
    environment: dict[str, str], server: HubServer, home: Path, campaign: Path
) -> None:
    # The data is committed first, then all that declares it whole.
    held = {("POST", "/commit/main"): Fault(status=500, message="later", times=20)}
    server.faults.update(held)
    broken = publish(environment, home, campaign)
    assert broken.returncode == 3
    assert CHECKSUMS_FILE not in server.repositories[REPOSITORY].files
    sent = len(server.asked("PUT", "/store/"))
    server.faults.clear()
    server.requests.clear()
    done = publish(environment, home, campaign)
    assert done.returncode == 0, done.stderr
    assert sent > 0
    assert not server.asked("PUT", "/store/")
    assert CHECKSUMS_FILE in server.repositories[REPOSITORY].files


def test_a_repository_of_something_else_is_left_alone(
    server: HubServer,
    home: Path,
    campaign: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    settings = Settings(home=home)
    verdict = check_campaign(campaign.name, settings)
    made = make_results_bundle(verdict, settings, repository=REPOSITORY, output=tmp_path / "folder")
    other = json.dumps({"campaign": "20200101-000000-small-1w"}).encode()
    for files in (
        {"campaign.json": other, "samples.parquet": b"x"},
        {"samples.parquet": b"of mine"},
        {"notes.txt": b"of mine"},
        {"campaign.json": b"{}"},
    ):
        server.add(REPOSITORY, files)
        with pytest.raises(UsageError, match="with --repo OWNER/NAME"):
            upload_parcel(open_hub(server.url), made.parcel)
        assert server.repositories[REPOSITORY].files == files


def test_a_private_repository_is_made_so(
    environment: dict[str, str], server: HubServer, home: Path, campaign: Path
) -> None:
    assert publish(environment, home, campaign, "--private").returncode == 0
    assert server.repositories[REPOSITORY].private
