"""What a campaign can be resumed after: what befell its folder, and its dataset, meanwhile."""

import json
import shutil
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.checksums import CHECKSUMS_FILE
from basetype_benchmark.benchmark.journal import Event
from basetype_benchmark.benchmark.results_io import ENVIRONMENT_FILE
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.campaigns.find import is_resumable
from basetype_benchmark.workflows.campaigns.status import State
from basetype_benchmark.workflows.campaigns.status_reader import StatusReader
from basetype_benchmark.workflows.verify_bundle import verify_bundle
from tests.integration.faults.campaigns import (
    SLOW,
    Zygote,
    campaign_folder,
    content_of,
    events,
    wait_for_cells,
)
from tests.integration.faults.zygote import PROFILE, SEED
from tests.toy import build_toy

pytestmark = pytest.mark.servers


def killed_after_one_cell(zygote: Zygote, home: Path) -> Path:
    child = zygote.start(home, "run", nature=SLOW)
    folder = wait_for_cells(home, 1)
    child.kill()
    zygote.wait()
    return folder


def put_another_dataset(home: Path) -> None:
    place = Settings(home=home).dataset_dir(PROFILE, SEED)
    shutil.rmtree(place)
    build_toy(place, profile=PROFILE, seed=SEED, days=3)


def test_a_gradient_measured_again_is_as_sound_as_the_first_time(
    zygote: Zygote, home: Path
) -> None:
    assert zygote.run(home, "gradient") == 0
    folder = campaign_folder(home)
    first = findings(folder)
    assert len(first) < 9  # it is planned for a machine that there is not, on an engine of no table
    put_another_dataset(home)
    assert zygote.run(home, "resume", name=folder.name, redoes=True) == 0
    assert (folder / "set_aside").is_dir()
    assert findings(folder) == first


def findings(folder: Path) -> set[tuple[str, str]]:
    checks = verify_bundle(folder).checks
    return {(str(found.file), str(found.field)) for check in checks for found in check.findings}


def test_a_campaign_goes_on_under_another_name(zygote: Zygote, home: Path) -> None:
    folder = killed_after_one_cell(zygote, home)
    renamed = folder.rename(folder.with_name("my-own-name"))
    assert zygote.run(home, "resume", name="my-own-name") == 0
    assert content_of(renamed)
    assert list((home / "results").iterdir()) == [renamed]


def test_the_digests_are_what_stands_for_complete(zygote: Zygote, home: Path) -> None:
    assert zygote.run(home, "run") == 0
    folder = campaign_folder(home)
    assert not is_resumable(folder)
    (folder / CHECKSUMS_FILE).unlink()  # as if killed before they were written
    assert is_resumable(folder)
    assert StatusReader(folder).read().state is State.INTERRUPTED
    assert zygote.run(home, "resume") == 0
    assert (folder / CHECKSUMS_FILE).exists()
    assert StatusReader(folder).read().state is State.COMPLETE


def test_a_cell_that_is_gone_is_measured_again(zygote: Zygote, home: Path) -> None:
    assert zygote.run(home, "run") == 0
    folder = campaign_folder(home)
    next((folder / "cells").glob("*.json")).unlink()
    assert StatusReader(folder).read().state is State.INTERRUPTED
    assert zygote.run(home, "resume") == 0
    assert content_of(folder)


def test_results_of_two_datasets_do_not_come_into_one_campaign(zygote: Zygote, home: Path) -> None:
    folder = killed_after_one_cell(zygote, home)
    put_another_dataset(home)
    assert zygote.run(home, "resume", name=folder.name) == 1
    assert f"the dataset {PROFILE} is " in zygote.said
    assert "btb resume" in zygote.said
    assert events(folder)[-1] is Event.FAILED
    assert zygote.run(home, "resume", name=folder.name, redoes=True) == 0
    assert content_of(folder)


def test_a_torn_environment_is_set_aside(zygote: Zygote, home: Path) -> None:
    folder = killed_after_one_cell(zygote, home)
    environment = folder / ENVIRONMENT_FILE
    environment.write_bytes(environment.read_bytes()[:-9])
    assert zygote.run(home, "resume", name=folder.name) == 0
    assert (folder / "set_aside" / f"{ENVIRONMENT_FILE}.1").is_dir()
    assert json.loads(environment.read_bytes())["services"]
