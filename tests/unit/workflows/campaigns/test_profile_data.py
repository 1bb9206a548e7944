"""Datasets that were cut for a campaign are removed after it, and no others."""

from dataclasses import replace
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.campaigns.profile_data import OWNER_FILE, drop_extracted
from basetype_benchmark.workflows.placement import ServiceChoice
from tests.records import make_campaign


@pytest.fixture
def record() -> CampaignRecord:
    made = make_campaign()
    cut = tuple(replace(planned, is_extracted=True) for planned in made.profiles)
    return replace(made, profiles=cut)


@pytest.mark.parametrize(
    ("owner", "keeps", "stays"),
    [
        ("the campaign", False, False),
        ("the campaign", True, True),
        ("another one", False, True),
        (None, False, True),  # made by the user, after the campaign had begun
    ],
)
def test_only_what_was_cut_for_the_campaign_is_removed(
    owner: str | None, keeps: bool, stays: bool, record: CampaignRecord, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    folder = settings.dataset_dir(record.profiles[0].profile, record.dataset_seed)
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text("{}")
    if owner is not None:
        name = record.campaign if owner == "the campaign" else owner
        (folder / OWNER_FILE).write_text(f"{name}\n")
    harness = Harness(settings=settings, choice=ServiceChoice())
    drop_extracted(replace(record, keeps_exports=keeps), harness)
    assert folder.exists() is stays
