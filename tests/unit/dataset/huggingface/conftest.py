"""A hub on this machine, the real client for it, and datasets to share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.huggingface.bundle import Bundle, write_bundle
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.hub.client import Hub, open_hub
from tests.hub_server import TOKEN, HubServer, run_hub

WEEK = "ada/tiny-1w_seed42"


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The profile tiny-1w."""
    folder = tmp_path_factory.mktemp("datasets") / "tiny-1w_seed42"
    return generate_dataset(find_profile("tiny-1w"), 42, folder, workers=1)


@pytest.fixture(scope="session")
def week_bundle(week: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return write_bundle(week, WEEK, tmp_path_factory.mktemp("publish") / "week")


@pytest.fixture(scope="session")
def week_files(week_bundle: Bundle) -> dict[str, bytes]:
    return {name: (week_bundle.folder / name).read_bytes() for name in week_bundle.files}


@pytest.fixture
def server() -> Iterator[HubServer]:
    with run_hub() as running:
        yield running


@pytest.fixture
def anonymous(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: HubServer) -> Hub:
    """The client without a token; that of who runs the tests is not looked for."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_OIDC_RESOURCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no_token"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    return open_hub(server.url)


@pytest.fixture
def hub(anonymous: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The client with the token of `ada`."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    return anonymous


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def files_below() -> Callable[[Path], dict[str, bytes]]:
    """Read all files below a folder, by name."""

    def read(folder: Path) -> dict[str, bytes]:
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    return read
