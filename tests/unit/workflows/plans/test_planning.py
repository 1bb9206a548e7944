"""What is planned of a wish, with datasets that are really there."""

from pathlib import Path

import pytest

from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.profiles import load_scales
from basetype_benchmark.config.protocol import protocol_for
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.storage import local_storage
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.units import GIB
from basetype_benchmark.workflows.generate_dataset import generate
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.plans import planning
from basetype_benchmark.workflows.plans.campaign_plan import CampaignPlan
from basetype_benchmark.workflows.plans.gradient_plan import GradientPlan
from basetype_benchmark.workflows.plans.planning import plan_run
from basetype_benchmark.workflows.plans.request import RunRequest
from tests.toy import build_toy

CHOICE = ServiceChoice()
QUARTER = GIB // 4


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with tiny-1w, out of which tiny-2d can be cut, and with small-2d beside it."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    for profile in ("tiny-1w", "small-2d"):
        generate(profile, 42, local_storage(settings.dataset_dir(profile, 42)), settings)
    return settings


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "host_memory_bytes", lambda: 2 * GIB)


def plan(settings: Settings, **wishes: object) -> CampaignPlan:
    planned = plan_run(RunRequest(**wishes), settings, CHOICE)
    assert isinstance(planned, CampaignPlan)
    return planned


def ids(planned: CampaignPlan) -> list[str]:
    return [cell.id for cell in planned.cells]


def test_full_takes_all_datasets_and_what_can_be_cut_out_of_them_smallest_first(
    settings: Settings,
) -> None:
    planned = plan(settings, mode=Mode.FULL, scenarios="P1,O2", ram_bytes=(QUARTER, GIB))
    assert planned.sources == {"tiny-2d": "tiny-1w", "tiny-1w": "tiny-1w", "small-2d": "small-2d"}
    assert ids(planned) == [
        f"{profile}.{scenario}.{level}.r1"
        for profile in ("tiny-2d", "tiny-1w", "small-2d")
        for scenario in ("P1", "O2")
        for level in ("0.25g", "1g")
    ]
    assert [part.protocol.runs for part in planned.parts] == [3, 3, 10]


def test_full_of_one_dataset_takes_what_can_be_cut_out_of_that(settings: Settings) -> None:
    planned = plan(settings, mode=Mode.FULL, profile="tiny-1w", scenarios="P1", ram_bytes=(GIB,))
    assert planned.sources == {"tiny-2d": "tiny-1w", "tiny-1w": "tiny-1w"}


def test_full_can_be_held_to_scales_and_durations(settings: Settings) -> None:
    planned = plan(settings, mode=Mode.FULL, durations="2d", scenarios="P1", ram_bytes=(GIB,))
    assert ids(planned) == ["tiny-2d.P1.1g.r1", "small-2d.P1.1g.r1"]
    assert "medium-2d" in {skipped.what for skipped in planned.skipped}


def test_full_without_levels_takes_all_that_the_machine_has(settings: Settings) -> None:
    planned = plan(settings, mode=Mode.FULL, scales="tiny,small", durations="2d", scenarios="P1")
    assert ids(planned) == [
        "tiny-2d.P1.128m.r1",
        *(f"tiny-2d.P1.{level}g.r1" for level in ("0.25", "0.5", "1", "2")),
        *(f"small-2d.P1.{level}g.r1" for level in ("0.25", "0.5", "1", "2")),
    ]


def test_select_takes_what_is_chosen_and_says_what_cannot_be_had(settings: Settings) -> None:
    planned = plan(settings, scales="tiny,small", durations="2d,1w", scenarios="P1")
    assert planned.mode is Mode.SELECT
    assert ids(planned) == ["tiny-2d.P1.r1", "tiny-1w.P1.r1", "small-2d.P1.r1"]
    [skipped] = planned.skipped
    assert (skipped.what, "lasts 7 days" in skipped.why) == ("small-1w", True)
    assert ids(plan(settings, mode=Mode.SELECT, scenarios="P1")) == ["small-2d.P1.r1"]


def test_quick_takes_one_profile_and_the_biggest_where_none_is_named(settings: Settings) -> None:
    assert ids(plan(settings, scenarios="P1")) == ["small-2d.P1.r1"]
    assert ids(plan(settings, profile="tiny-2d", scenarios="P1", ram_bytes=(GIB,))) == [
        "tiny-2d.P1.1g.r1"
    ]


def test_what_cannot_run_here_is_named_unless_it_was_asked_for(settings: Settings) -> None:
    planned = plan(settings)
    assert {skipped.what for skipped in planned.skipped} == {"M1", "M2"}
    assert all("Memgraph" in skipped.why for skipped in planned.skipped)
    assert plan(settings, scenarios="P1").skipped == ()


def test_levels_beyond_the_memory_are_left_out(settings: Settings) -> None:
    planned = plan(settings, scenarios="P1", ram_bytes=(GIB, 64 * GIB))
    assert ids(planned) == ["small-2d.P1.1g.r1"]
    assert "more than the memory of this machine" in planned.skipped[0].why
    with pytest.raises(UsageError, match="give a lower level"):
        plan(settings, scenarios="P1", ram_bytes=(64 * GIB,))


def test_cells_can_be_chosen_by_patterns(settings: Settings) -> None:
    wishes = {"scales": "tiny,small", "scenarios": "P1,O2", "ram_bytes": (QUARTER, GIB)}
    planned = plan(settings, **wishes, cells=("small-*.O2.*", "*.P1.1g.*"))
    assert ids(planned) == [
        "tiny-2d.P1.1g.r1",
        "small-2d.P1.1g.r1",
        "small-2d.O2.0.25g.r1",
        "small-2d.O2.1g.r1",
    ]
    assert planned.skipped[-1].what == "4 of 8 cells"
    assert [p.profile for p in plan(settings, **wishes, cells=("small*",)).parts] == ["small-2d"]
    with pytest.raises(UsageError, match="no cell matches large"):
        plan(settings, **wishes, cells=("large*",))


def test_a_gradient_is_of_one_profile(settings: Settings) -> None:
    planned = plan_run(
        RunRequest(mode=Mode.GRADIENT, scenarios="P1", levels_bytes=(QUARTER, GIB, 8 * GIB)),
        settings,
        CHOICE,
    )
    assert isinstance(planned, GradientPlan)
    [scenario] = planned.scenarios
    assert (scenario.controller.levels, scenario.skipped) == ((QUARTER, GIB), (8 * GIB,))
    with pytest.raises(UsageError, match="--runs 2 or more"):
        plan_run(RunRequest(mode=Mode.GRADIENT, scenarios="P1", runs=1), settings, CHOICE)


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"scales": "huge"}, "there is no scale 'huge'"),
        ({"durations": "2h"}, "there is no duration '2h'"),
        ({"scales": "medium"}, "are not the first ones of small"),
        ({"durations": "1y"}, "lasts 365 days"),
        ({"mode": Mode.FULL, "profile": "tiny-9d"}, "there is no profile"),
    ],
)
def test_what_is_unknown_or_cannot_be_had_is_refused(
    wishes: dict[str, object], says: str, settings: Settings
) -> None:
    with pytest.raises(UsageError, match=says):
        plan(settings, scenarios="P1", **wishes)


def test_without_a_dataset_the_command_that_makes_one_is_said(tmp_path: Path) -> None:
    empty = Settings(home=tmp_path)
    with pytest.raises(DatasetError, match="btb dataset generate tiny-2d"):
        plan(empty, mode=Mode.FULL)
    with pytest.raises(DatasetError, match="btb dataset generate small-2d"):
        plan(empty, mode=Mode.FULL, profile="small-2d")


def test_a_dataset_of_a_scale_that_is_not_known_is_measured_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    build_toy(settings.dataset_dir("toy-2d", 42), profile="toy-2d", seed=42)
    assert ids(plan(settings, scenarios="P1")) == ["toy-2d.P1.r1"]
    full = plan(settings, mode=Mode.FULL, scenarios="P1", ram_bytes=(GIB,))
    assert ids(full) == ["toy-2d.P1.1g.r1"]


def test_every_scale_is_measured_by_its_own_protocol(settings: Settings) -> None:
    protocols = {
        scale: plan(settings, profile=f"{scale}-2d", scenarios="P1").parts[0].protocol
        for scale in load_scales()
    }
    assert protocols == {scale: protocol_for(scale) for scale in load_scales()}


@pytest.mark.parametrize(("floors", "like"), [(2, "tiny"), (20, "small"), (90, "large")])
def test_a_scale_of_the_users_own_is_measured_like_the_next_smaller(
    tmp_path: Path, floors: int, like: str
) -> None:
    settings = Settings(home=tmp_path)
    settings.profiles_dir.mkdir()
    building = f"{{archetype: office, floors: {floors}, spaces_per_floor: 15, tenants: 5}}"
    text = f"name: own\npurpose: a test\nbuildings:\n  - {building}\n"
    (settings.profiles_dir / "own.yaml").write_text(text)
    [part] = plan(settings, profile="own-2d", scenarios="P1").parts
    assert part.protocol == protocol_for(like)


def test_a_dataset_without_its_profile_file_is_measured_by_its_spaces(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    build_toy(settings.dataset_dir("toy-2d", 42), profile="toy-2d", seed=42)
    [part] = plan(settings, scenarios="P1").parts
    assert part.protocol == protocol_for("tiny")
