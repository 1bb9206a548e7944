"""A bundle is made beside its campaign, and never in the place of it."""

from pathlib import Path

import pytest

from basetype_benchmark.benchmark.checksums import CARD_FILE, CHECKSUMS_FILE, write_checksums
from basetype_benchmark.benchmark.results_io import CELLS_DIR
from basetype_benchmark.benchmark.samples_io import join_samples
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows import publish_results
from basetype_benchmark.workflows.publish_results import make_results_bundle
from basetype_benchmark.workflows.verify_bundle import Verdict
from tests.made_campaign import Making, make_campaign, planned_cells

NAME = "20260102-030405-small-2d"
ONE = Making(scenarios=("P1",), levels_mib=(None,), readings=5, runs=2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def campaign(settings: Settings) -> Path:
    folder = make_campaign(settings.home / "results" / NAME, ONE)
    join_samples(folder, folder / CELLS_DIR, [cell.cell for cell in planned_cells(ONE)])
    write_checksums(folder)
    return folder


def bundle(folder: Path, settings: Settings, output: Path | None = None) -> Path:
    """Make a bundle of what was found sound."""
    sound = Verdict(folder=folder, is_complete=True, cells=1, planned=1, checks=())
    return make_results_bundle(sound, settings, repository="ada/r", output=output).parcel.folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_bundle_is_not_made_of_itself(campaign: Path, settings: Settings) -> None:
    made = bundle(campaign, settings)
    before = contents(made)
    assert {CARD_FILE, CHECKSUMS_FILE} <= before.keys()
    with pytest.raises(UsageError, match="lie in each other"):
        bundle(made, settings)
    assert contents(made) == before


@pytest.mark.parametrize("where", [".", "..", "bundle", "../link"])
def test_neither_lies_in_the_other(campaign: Path, settings: Settings, where: str) -> None:
    (campaign / CARD_FILE).write_text("a card, as of what was downloaded")
    (campaign.parent / "campaign.json").write_text("{}")
    (campaign.parent / CARD_FILE).write_text("it looks like a bundle")
    (campaign.parent / "link").symlink_to(campaign)
    before = contents(campaign)
    with pytest.raises(UsageError, match="lie in each other"):
        bundle(campaign, settings, output=campaign / where)
    assert contents(campaign) == before


def test_a_bundle_stays_until_the_new_one_is_whole(
    campaign: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bundle(campaign, settings)
    before = contents(made)

    def break_off(*_: object, **_options: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publish_results, "make_card", break_off)
        with pytest.raises(KeyboardInterrupt):
            bundle(campaign, settings)
    assert contents(made) == before
    (made / "of_before.txt").write_text("x")
    assert contents(bundle(campaign, settings)) == before
    assert [path.name for path in made.parent.iterdir()] == [made.name]
