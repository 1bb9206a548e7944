"""Cutting a dataset gives what generating it gives."""

import itertools
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from basetype_benchmark.cli.main import run_command
from basetype_benchmark.config.profiles import find_profile, load_scales
from basetype_benchmark.dataset.extension import can_extend, extend_dataset
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.manifest import MANIFEST_NAME
from basetype_benchmark.dataset.origin import is_same_graph
from basetype_benchmark.dataset.parts import part_path
from basetype_benchmark.dataset.reader import Dataset, open_dataset
from basetype_benchmark.dataset.subgraph import keep_buildings
from basetype_benchmark.dataset.subset import can_extract, extract_subset
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.dataset.verify import verify_dataset
from basetype_benchmark.dataset.writer import building_ids
from basetype_benchmark.errors import UsageError


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Three buildings."""
    folder = tmp_path_factory.mktemp("campus") / "medium-2d_seed42"
    return generate_dataset(find_profile("medium-2d"), 42, folder)


@pytest.fixture(scope="module")
def office_week(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The first of them, for longer."""
    folder = tmp_path_factory.mktemp("office") / "small-1w_seed42"
    return generate_dataset(find_profile("small-1w"), 42, folder)


@pytest.fixture
def home(tiny: Dataset, week: Dataset, tmp_path: Path) -> Path:
    """A home that has tiny-1w, to read only."""
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / week.folder.name).symlink_to(week.folder)
    return tmp_path


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def check_equal(made: Dataset, generated: Dataset) -> None:
    assert made.manifest == generated.manifest
    assert files_of(made.folder) == files_of(generated.folder)
    assert verify_dataset(made.folder).fingerprint == generated.fingerprint


def test_one_of_three_buildings_and_two_of_seven_days_are_those_generated(
    campus: Dataset, office_week: Dataset, tmp_path: Path
):
    """All four ways to small-2d and small-1w give the same."""
    profile = find_profile("small-2d")
    from_campus = extract_subset(campus, profile, tmp_path / "from campus")
    check_equal(extract_subset(office_week, profile, tmp_path / "from week"), from_campus)
    check_equal(generate_dataset(profile, 42, tmp_path / "generated"), from_campus)
    longer = extend_dataset(campus, find_profile("small-1w"), tmp_path / "longer")
    check_equal(longer, office_week)
    assert longer.manifest.planted.ghosts
    assert longer.manifest.planted.sensor_faults
    assert len(campus.manifest.planted.ghosts) > len(longer.manifest.planted.ghosts)


def test_a_week_cut_to_two_days_is_two_days_generated(week: Dataset, tiny: Dataset, tmp_path: Path):
    check_equal(extract_subset(week, find_profile("tiny-2d"), tmp_path / "cut"), tiny)


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


def test_two_days_extended_to_a_week_are_the_week_generated(
    week: Dataset, tiny: Dataset, tmp_path: Path
):
    folder = tmp_path / "long"
    long = extend_dataset(tiny, find_profile("tiny-1w"), folder, workers=1)
    assert long.manifest == week.manifest
    kept = [path.relative_to(tiny.folder) for path in tiny.series_files()]
    assert all((folder / path).read_bytes() == (tiny.folder / path).read_bytes() for path in kept)
    assert verify_dataset(folder).fingerprint == week.fingerprint


def test_what_is_not_longer_is_not_extended(week: Dataset):
    assert "extract does it" in str(can_extend(week.manifest, find_profile("tiny-2d")))


def test_what_another_generator_made_is_not_extended(tiny: Dataset):
    manifest = tiny.manifest.model_copy(update={"generator_version": "0.0.1"})
    assert "0.0.1" in str(can_extend(manifest, find_profile("tiny-1w")))


def test_scales_nest_where_their_first_buildings_are_the_same():
    scales = [find_profile(f"{name}-2d") for name in ("tiny", "small", "medium")]
    graphs = {profile.scale.name: build_graph(profile, 42) for profile in scales}
    for small, large in itertools.permutations(scales, 2):
        first = building_ids(graphs[large.scale.name])[: len(small.scale.buildings)]
        cut = keep_buildings(graphs[large.scale.name], first)
        is_nested = is_same_graph(cut, graphs[small.scale.name])
        assert is_nested == small.scale.nests_in(large.scale), (small.name, large.name)


def test_what_can_be_made_of_what_is_said_of_every_pair_of_profiles(tiny: Dataset):
    profiles = [
        find_profile(f"{scale}-{duration}")
        for scale in load_scales()
        for duration in ("2d", "1w", "1m")
    ]
    answers = Counter()
    for source, target in itertools.product(profiles, repeat=2):
        manifest = tiny.manifest.model_copy(
            update={"profile": source.name, "end": source.end(tiny.manifest.start)}
        )
        wanted, there = target.scale.buildings, source.scale.buildings
        nests = list(wanted) == list(there)[: len(wanted)]
        can_cut = can_extract(manifest, target) is None
        can_lengthen = can_extend(manifest, target) is None
        assert can_cut == (nests and target.days <= source.days), (source.name, target.name)
        assert can_lengthen == (nests and target.days > source.days), (source.name, target.name)
        answers.update({"cut": can_cut, "lengthened": can_lengthen})
    # Ten pairs of the four scales of offices and one of tiny, by six and three pairs of durations.
    assert answers == {"cut": 66, "lengthened": 33}


def told(arguments: list[str], home: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code of a command, and the one line that it told."""
    code = run_command(["dataset", *arguments, "--home", str(home)])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return code, lines[0]


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["extract", "tiny-1w", "tiny-1w"], "source and target are both tiny-1w"),
        (["extend", "tiny-1w", "tiny-1w"], "source and target are both tiny-1w"),
        (
            ["extract", "tiny-1w", "tiny-2d", "--seed", "7"],
            "there is no dataset tiny-1w with seed 7",
        ),
        (["extract", "tiny-1w", "tiny-1m"], "tiny-1m lasts 30 days and tiny-1w only 7"),
        (["extract", "tiny-1w", "small-2d"], "the buildings of small are not the first ones"),
        (["extend", "tiny-1w", "tiny-2d"], "is not longer than tiny-1w"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_line(
    arguments: list[str], refusal: str, home: Path, capsys: pytest.CaptureFixture[str]
):
    code, line = told(arguments, home, capsys)
    assert code == 2
    assert refusal in line
    assert len(list((home / "datasets").iterdir())) == 1


def test_a_dataset_in_the_way_is_replaced_on_demand_only(
    home: Path, tiny: Dataset, capsys: pytest.CaptureFixture[str]
):
    other = home / "datasets" / tiny.folder.name
    generate_dataset(find_profile("tiny-2d"), 43, other, workers=1)
    extract = ["extract", "tiny-1w", "tiny-2d"]
    assert told(extract, home, capsys)[0] == 2
    assert run_command(["dataset", *extract, "--force", "--home", str(home)]) == 0
    check_equal(open_dataset(other), tiny)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def put_another_day_there(path: Path) -> None:
    shutil.copyfile(path.parent.with_name("day=2024-01-07") / path.name, path)


def change_a_value(path: Path) -> None:
    table = pq.read_table(path)
    values = table.column("value").to_numpy().copy()
    values[0] += 1
    changed = table.set_column(table.schema.get_field_index("value"), "value", [values])
    pq.write_table(changed.cast(table.schema), path)


@pytest.mark.parametrize("command", ["extract", "extend"])
@pytest.mark.parametrize(
    "damage", [Path.unlink, cut_short, flip_a_bit, put_another_day_there, change_a_value]
)
def test_a_damaged_source_is_one_line_that_names_the_file(
    command: str,
    damage: Callable[[Path], None],
    week: Dataset,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    copy = tmp_path / "datasets" / week.folder.name
    shutil.copytree(week.folder, copy)
    path = part_path(copy, "b01", date(2024, 1, 2))
    damage(path)
    target = {"extract": "tiny-2d", "extend": "tiny-1m"}[command]
    code, line = told([command, "tiny-1w", target], tmp_path, capsys)
    assert code == 2
    assert str(path) in line
    assert not (tmp_path / "datasets" / f"{target}_seed42" / MANIFEST_NAME).exists()


@pytest.mark.parametrize("command", ["extract", "extend"])
def test_a_dataset_in_the_way_is_kept_while_the_source_lacks_a_day(
    command: str, week: Dataset, tiny: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    copy = tmp_path / "datasets" / week.folder.name
    shutil.copytree(week.folder, copy)
    part_path(copy, "b01", date(2024, 1, 2)).unlink()
    target = {"extract": "tiny-2d", "extend": "tiny-1m"}[command]
    in_the_way = tmp_path / "datasets" / f"{target}_seed42"
    shutil.copytree(tiny.folder, in_the_way)
    assert told([command, "tiny-1w", target, "--force"], tmp_path, capsys)[0] == 2
    check_equal(open_dataset(in_the_way), tiny)
