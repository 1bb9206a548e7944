"""The commands that share datasets, as processes that talk to a hub over sockets."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from basetype_benchmark.cli.main import run_command
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.infrastructure.waiting import wait_until
from tests.hub_server import TOKEN, Fault, HubServer, run_hub

REPOSITORY = "ada/tiny-2d_seed42"
DAY = "timeseries/building_id=b01/day=2024-01-01/part-0.parquet"

Btb = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def server() -> Iterator[HubServer]:
    with run_hub() as running:
        yield running


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


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "basetype_benchmark", *arguments]


@pytest.fixture
def btb(environment: dict[str, str]) -> Btb:
    def run(
        *arguments: str, change: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            env={**environment, **(change or {})},
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the dataset tiny-2d."""
    home = tmp_path_factory.mktemp("home")
    assert run_command(["dataset", "generate", "tiny-2d", "--home", str(home)]) == 0
    return home


@pytest.fixture
def published(btb: Btb, home: Path) -> None:
    done = btb("publish", "dataset", "tiny-2d", "--home", str(home), "--repo", REPOSITORY)
    assert done.returncode == 0, done.stderr


def see(what: str, is_there: Callable[[], bool]) -> None:
    wait_until(what, lambda: None if is_there() else "not yet", deadline_s=30)


def below(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_from_one_home_to_another(btb: Btb, server: HubServer, home: Path, tmp_path: Path) -> None:
    here, there = str(home), str(tmp_path / "there")
    said = [btb("publish", "dataset", "tiny-2d", "--home", here, "--repo", REPOSITORY)]
    fetch = ("dataset", "download", "tiny-2d", "--home", there, "--repo", REPOSITORY, "--json")
    said += [btb(*fetch)]
    assert [done.returncode for done in said] == [0, 0], said
    verify_dataset(Path(there) / "datasets" / "tiny-2d_seed42")
    source = json.loads((home / "datasets" / "tiny-2d_seed42" / "dataset.json").read_text())
    assert json.loads(said[1].stdout)["fingerprint"] == source["fingerprint"]
    assert server.requests
    assert all(TOKEN not in done.stdout + done.stderr for done in said)
    written = [*below(home), *below(Path(there)), *below(tmp_path / "hf_home")]
    assert not any(TOKEN.encode() in content for content in written)


def test_a_dry_run_writes_the_folder_and_asks_nobody(
    btb: Btb, server: HubServer, home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    plan = ("publish", "dataset", "tiny-2d", "--home", str(home), "--dry-run")
    done = btb(*plan, "--output", str(folder), change={"HF_TOKEN": ""})
    assert done.returncode == 0, done.stderr
    assert "would send 10 files" in done.stderr
    assert "basetype-benchmark/tiny-2d_seed42" in done.stderr
    found = btb(*plan, "--json")
    assert json.loads(found.stdout)["files"].keys() == {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
    }
    assert (home / "publish" / "tiny-2d_seed42" / "README.md").is_file()
    assert server.requests == []


def test_without_token_one_line_says_how_to_get_one(btb: Btb, home: Path) -> None:
    done = btb("publish", "dataset", "tiny-2d", "--home", str(home), change={"HF_TOKEN": ""})
    assert done.returncode == 3
    assert done.stderr.startswith("error: there is no token for 127.0.0.1")
    assert "hf auth login" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_refusal_does_not_tell_the_token_even_with_its_stack_trace(
    btb: Btb, server: HubServer, home: Path
) -> None:
    done = btb("publish", "dataset", "tiny-2d", "--home", str(home), "--debug")
    assert done.returncode == 3
    assert "Traceback" in done.stderr
    assert "give a repository of your own with --repo" in done.stderr.splitlines()[-1]
    assert server.asked("POST", "/api/repos/create")[0].token == TOKEN
    assert TOKEN not in done.stderr + done.stdout


@pytest.mark.usefixtures("published")
def test_a_download_that_is_killed_is_no_dataset_and_is_continued(
    btb: Btb, environment: dict[str, str], server: HubServer, tmp_path: Path
) -> None:
    home = tmp_path / "there"
    folder = home / "datasets" / "tiny-2d_seed42"
    fetch = ("dataset", "download", "tiny-2d", "--home", str(home), "--repo", REPOSITORY)
    held = Fault(until=threading.Event())
    server.faults["GET", DAY] = held
    with subprocess.Popen(command(*fetch), env=environment) as process:
        see("three of four parts", lambda: len(list(folder.glob("timeseries/b*/*/*.parquet"))) == 3)
        process.kill()
    held.until.set()
    assert not (folder / "dataset.json").exists()
    server.requests.clear()
    done = btb(*fetch)
    assert done.returncode == 0, done.stderr
    assert [r.path.endswith(DAY) for r in server.asked("GET", "/timeseries/")][:1] == [True]
    assert "1 parts fetched" in done.stderr
    verify_dataset(folder)


@pytest.mark.usefixtures("published")
def test_an_interrupt_does_not_wait_for_transfers(
    environment: dict[str, str], server: HubServer, tmp_path: Path
) -> None:
    home = tmp_path / "there"
    fetch = ("dataset", "download", "tiny-2d", "--home", str(home), "--repo", REPOSITORY)
    held = Fault(until=threading.Event())
    server.faults["GET", DAY] = held
    with subprocess.Popen(
        command(*fetch), env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        see("a transfer that hangs", lambda: bool(server.asked("GET", DAY)))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    held.until.set()
    assert process.returncode == 130
    assert said.startswith("error: interrupted")
    assert not (home / "datasets" / "tiny-2d_seed42" / "dataset.json").exists()


@pytest.mark.parametrize(
    "arguments", [["publish", "dataset", "tiny-2d"], ["dataset", "download", "tiny-2d"]]
)
def test_without_the_client_one_line_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    home: Path,
    arguments: list[str],
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert run_command([*arguments, "--home", str(home)]) == 3
    said = capsys.readouterr().err
    assert "pip install 'basetype-benchmark[publish]'" in said
    assert len(said.splitlines()) == 1
