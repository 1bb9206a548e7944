from datetime import UTC, datetime
from pathlib import Path

import pytest

from basetype_benchmark.config.profiles import (
    dataset_name,
    find_profile,
    load_scales,
    profile_names,
    read_scales,
)
from basetype_benchmark.errors import ConfigError, UsageError

GOOD = """
name: odd
purpose: test
buildings:
  - {archetype: office, floors: 1, spaces_per_floor: 5, tenants: 1}
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    [scale] = read_scales([write(tmp_path, "odd.yaml", GOOD)])
    assert (scale.name, scale.buildings[0].spaces_per_floor) == ("odd", 5)


def test_mistakes_of_all_files_are_told_together_in_one_line(tmp_path: Path) -> None:
    wrong = [
        write(tmp_path, "a.yaml", GOOD.replace("floors: 1", "floors: 0")),
        write(tmp_path, "b.yaml", "name: ["),
        write(tmp_path, "c.yaml", GOOD + "colour: red\n"),
        write(tmp_path, "d.yaml", GOOD + "name: other\n"),
    ]
    with pytest.raises(ConfigError) as caught:
        read_scales(wrong)
    message = str(caught.value)
    for expected in (
        "a.yaml: buildings.0.floors: ",
        "b.yaml: file: must be valid YAML",
        "c.yaml: colour: is not a key of this file",
        "the key 'name' is given twice",
    ):
        assert expected in message
    assert "\n" not in message


def test_a_name_given_to_two_scales_is_refused(tmp_path: Path) -> None:
    paths = [write(tmp_path, name, GOOD) for name in ("a.yaml", "b.yaml")]
    with pytest.raises(ConfigError, match=r"b\.yaml: name: 'odd' is taken by .*a\.yaml"):
        read_scales(paths)


def test_the_shipped_scales_nest_from_small_to_big() -> None:
    scales = list(load_scales().values())
    assert [scale.name for scale in scales][:2] == ["tiny", "small"]
    assert all(scale.nests_in(scale) for scale in scales)


def test_every_listed_profile_is_found_by_its_name() -> None:
    assert [find_profile(name).name for name in profile_names()] == profile_names()


@pytest.mark.parametrize("name", ["", "tiny", "tiny-3d", "huge-2d", "tiny-2d-2d"])
def test_an_unknown_profile_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageError, match=r"choose one of: .*tiny-2d, tiny-1w"):
        find_profile(name)


def test_a_profile_lasts_its_days() -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    assert find_profile("tiny-1w").end(start) == datetime(2024, 1, 8, tzinfo=UTC)


def test_a_dataset_is_named_by_profile_and_seed() -> None:
    assert dataset_name("small-1w", 7) == "small-1w_seed7"
