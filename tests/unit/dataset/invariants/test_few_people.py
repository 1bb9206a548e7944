"""A building of a few desks breaks nothing by chance: one who stays late is many there."""

from pathlib import Path

import pytest

from basetype_benchmark.config.profiles import BuildingPlan, Profile, Scale
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.invariants.check import check_invariants
from basetype_benchmark.dataset.invariants.people import BADGES_FOLLOW, PEOPLE_COME
from basetype_benchmark.dataset.reader import Dataset

SEED = 8  # under which people on the holiday and badges of the night are many for so few


def plan(archetype: str, spaces: int, area_m2: int) -> BuildingPlan:
    return BuildingPlan(
        archetype=archetype, floors=1, spaces_per_floor=spaces, floor_area_m2=area_m2, tenants=1
    )


@pytest.fixture(scope="session")
def huts(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Two days of buildings in which one to four people work."""
    scale = Scale(
        name="huts",
        purpose="test",
        buildings=(
            plan("pavilion", 3, 50),
            plan("pavilion", 5, 60),
            plan("office", 4, 50),
        ),
    )
    folder: Path = tmp_path_factory.mktemp("huts") / "huts-2d_seed8"
    return generate_dataset(Profile(scale=scale, duration="2d", days=2), SEED, folder, workers=1)


def test_all_holds_of_buildings_of_a_few_people(huts: Dataset):
    assert {v.invariant.name for v in check_invariants(huts) if not v.holds} == set()


def test_what_chance_decides_is_not_judged(huts: Dataset):
    verdicts = check_invariants(huts, [PEOPLE_COME, BADGES_FOLLOW])
    assert [verdict.finding.checked for verdict in verdicts] == [0, 0]
