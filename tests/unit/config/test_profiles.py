from datetime import UTC, datetime
from pathlib import Path

import pytest

from basetype_benchmark.config.profiles import (
    Profiles,
    find_profile,
    load_scales,
    read_scales,
    scale_of_name,
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
    profiles = Profiles(shipped=load_scales())
    assert profiles.names[:2] == ["tiny-2d", "tiny-1w"]
    assert [profiles.find(name).name for name in profiles.names] == profiles.names


@pytest.mark.parametrize("name", ["", "tiny", "tiny-3d", "huge-2d", "tiny-2d-2d", "-2d", "tiny-"])
def test_an_unknown_profile_is_refused_with_the_scales_and_durations_there_are(name: str) -> None:
    with pytest.raises(UsageError, match=r"scale of tiny, small, .* duration of 2d, 1w, 1m"):
        find_profile(name)


@pytest.mark.parametrize(
    ("name", "scale"),
    [("tiny-2d", "tiny"), ("my-own_3-1y", "my-own_3"), ("a-2d", "a"), ("a-2d-2d", "a-2d")],
)
def test_the_scale_is_told_by_the_name_of_a_profile(name: str, scale: str) -> None:
    assert scale_of_name(name) == scale


@pytest.mark.parametrize(
    "name", ["../x-2d", "x-3d", "2d", "-2d", "X-2d", "x.y-2d", "x-2d\n", "x--2d"]
)
def test_what_is_no_name_of_a_profile_has_no_scale(name: str) -> None:
    assert scale_of_name(name) is None


def test_a_scale_counts_its_spaces_and_its_area() -> None:
    plan = load_scales()["tiny"].buildings[0]
    assert (plan.spaces, plan.area_m2) == (14, 980)
    assert plan.model_copy(update={"floor_area_m2": None}).area_m2 == 1400


def test_a_profile_lasts_its_days() -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    assert find_profile("tiny-1w").end(start) == datetime(2024, 1, 8, tzinfo=UTC)
