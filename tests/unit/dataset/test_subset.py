"""Cutting a dataset gives what generating it gives."""

from pathlib import Path

import pytest

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generate import generate_dataset
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.subset import can_extract, extract_subset
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.errors import UsageError


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("week") / "tiny-1w_seed42"
    return generate_dataset(find_profile("tiny-1w"), 42, folder, workers=1)


def test_a_week_cut_to_two_days_is_two_days_generated(week: Dataset, tiny: Dataset, tmp_path: Path):
    cut = extract_subset(week, find_profile("tiny-2d"), tmp_path / "cut")
    assert cut.fingerprint == tiny.fingerprint
    sizes = {"size_bytes": 0}
    assert cut.manifest.model_copy(update=sizes) == tiny.manifest.model_copy(update=sizes)
    assert verify_dataset(cut.folder).fingerprint == tiny.fingerprint


def test_longer_than_the_source_is_refused(tiny: Dataset, tmp_path: Path):
    week = find_profile("tiny-1w")
    assert "only 2" in str(can_extract(tiny.manifest, week))
    with pytest.raises(UsageError, match="btb dataset generate tiny-1w"):
        extract_subset(tiny, week, tmp_path / "cut")
    assert not (tmp_path / "cut").exists()


def test_scale_that_does_not_nest_is_refused(tiny: Dataset):
    assert "not the first ones" in str(can_extract(tiny.manifest, find_profile("small-2d")))


def test_unknown_scale_is_refused(tiny: Dataset):
    manifest = tiny.manifest.model_copy(update={"profile": "mine-2d"})
    assert "not known" in str(can_extract(manifest, find_profile("tiny-2d")))


def test_same_profile_can_be_copied(tiny: Dataset):
    assert can_extract(tiny.manifest, find_profile("tiny-2d")) is None
