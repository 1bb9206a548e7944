"""Profile files of the user's own: every mistake is told, and one bad file is in nobody's way."""

from pathlib import Path

import pytest

from basetype_benchmark.config.profile_files import read_profiles
from basetype_benchmark.config.profiles import Profiles, load_scales
from basetype_benchmark.errors import ConfigError, UsageError

OWN = """
name: own
purpose: test
buildings:
  - {archetype: office, floors: 2, spaces_per_floor: 9, floor_area_m2: 800, tenants: 3}
"""


def read(folder: Path, **files: str) -> Profiles:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return read_profiles(folder, ["office", "pavilion"])


def test_without_a_folder_there_are_the_scales_that_ship(tmp_path: Path) -> None:
    assert read_profiles(tmp_path / "none", ["office"]).scales == load_scales()


def test_a_scale_of_a_file_gives_a_profile_for_each_duration(tmp_path: Path) -> None:
    profiles = read(tmp_path, file=OWN)
    assert list(profiles.scales) == [*load_scales(), "own"]
    assert profiles.find("own-1w").days == 7
    assert profiles.find("own-1w").scale.buildings[0].floors == 2
    assert profiles.mistakes == ()


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    for name in (".own.yaml", "own.yaml.bak", "notes.txt"):
        (tmp_path / name).write_text("{", encoding="utf-8")
    (tmp_path / "short.yml").write_text(OWN, encoding="utf-8")
    profiles = read_profiles(tmp_path, ["office"])
    assert profiles.mistakes == ()
    assert "own" in profiles.scales


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "floors: 2",
            "floors: 100",
            "buildings.0.floors: Input should be less than or equal to 99",
        ),
        (
            "floors: 2",
            "floors: yes",
            "buildings.0.floors: Input should be a valid integer, not True",
        ),
        ("spaces_per_floor: 9, ", "", "buildings.0.spaces_per_floor: must be given"),
        (
            "floor_area_m2: 800",
            "floor_area_m2: 89",
            "buildings.0: floor_area_m2 must be at least 10 a space, so 90, not 89",
        ),
        ("tenants: 3", "tenant: 3", "buildings.0.tenant: is not a key of this file"),
        ("archetype: office", "archetype: castle", "must be one of office, pavilion, not 'castle'"),
        ("name: own", "name: Own", "name: must be at most 40 of a-z"),
        ("name: own", "name: own-", "name: must be at most 40 of a-z"),
        ("name: own", "name: ../own", "name: must be at most 40 of a-z"),
        ("name: own", f"name: o{'w' * 40}", "name: must be at most 40 of a-z"),
        ("buildings:\n  -", "buildings:\n ", "buildings: must be a list"),
        ("buildings:\n  -", "buildings: []\nrest:\n  -", "buildings: must be 1 to 99 buildings"),
        ("purpose: test", "purpose: 2024-13-45", "file: must be valid YAML: month"),
        ("purpose: test", "[a]: test", "file: must be valid YAML: a key must be a word"),
        (OWN, "", "file: must be keys with values"),
    ],
)
def test_a_mistake_is_told_with_file_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    mistakes = read(tmp_path, own=OWN.replace(old, new, 1)).mistakes
    assert all(mistake.startswith(f"{tmp_path}/own.yaml: ") for mistake in mistakes)
    assert expected in "; ".join(mistakes)


def test_an_unknown_archetype_is_told_beside_other_mistakes(tmp_path: Path) -> None:
    bad = OWN.replace("office", "castle").replace("floors: 2", "floors: 0")
    keys = [mistake.split(": ")[1] for mistake in read(tmp_path, own=bad).mistakes]
    assert keys == ["buildings.0.archetype", "buildings.0.floors"]


def test_a_mistake_of_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (mistake,) = read(tmp_path, own=OWN.replace("name: own", "name: [own")).mistakes
    assert "at line 3, column 8" in mistake
    assert "unicode string" not in mistake


def test_all_mistakes_of_all_files_are_told_together_in_one_line(tmp_path: Path) -> None:
    bad = OWN.replace("floors: 2", "floors: 0").replace("tenants: 3", "tenants: 0")
    profiles = read(tmp_path, one=bad, two=OWN.replace("office", "castle"))
    with pytest.raises(UsageError) as caught:
        profiles.find("nothing-2d")
    message = str(caught.value)
    for part in (
        "one.yaml: buildings.0.floors",
        "buildings.0.tenants",
        "two.yaml: buildings.0.arc",
    ):
        assert part in message
    assert "\n" not in message


def test_a_bad_file_is_told_of_where_its_profile_is_asked_for_and_in_nobody_elses_way(
    tmp_path: Path,
) -> None:
    bad = OWN.replace("floors: 2", "floors: 0")
    profiles = read(tmp_path, bad=bad, good=OWN.replace("name: own", "name: good"), worse="{")
    with pytest.raises(
        ConfigError, match=r"'own-2d' cannot be made: .*bad\.yaml: buildings\.0"
    ) as e:
        profiles.find("own-2d")
    assert "worse" not in str(e.value)
    with pytest.raises(ConfigError, match=r"worse\.yaml: file: must be valid YAML"):
        profiles.find("worse-2d")
    assert profiles.find("good-2d").scale.name == "good"
    assert profiles.find("tiny-2d").scale == load_scales()["tiny"]


def test_a_name_that_ships_is_not_to_be_given_again_nor_chosen_between(tmp_path: Path) -> None:
    profiles = read(tmp_path, file=OWN.replace("name: own", "name: small"))
    with pytest.raises(
        ConfigError, match=r"file\.yaml: name: .*'small' is that of a scale that sh"
    ):
        profiles.find("small-2d")
    assert profiles.scales == load_scales()


def test_a_name_given_by_two_files_is_not_chosen_between(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"b\.yaml: name: .*'own' is that of a\.yaml"):
        read(tmp_path, a=OWN, b=OWN).find("own-2d")


def test_what_is_no_folder_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("in the way")
    profiles = read_profiles(tmp_path / "profiles", ["office"])
    with pytest.raises(UsageError, match=r"profiles: folder: cannot be read: Not a directory"):
        profiles.find("own-2d")
    assert profiles.find("tiny-2d")


def test_a_folder_in_place_of_a_file_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").mkdir()
    (tmp_path / "lost.yaml").symlink_to(tmp_path / "nowhere")
    told = "; ".join(read_profiles(tmp_path, ["office"]).mistakes)
    assert "own.yaml: file: cannot be read: Is a directory" in told
    assert "lost.yaml: file: is missing" in told
