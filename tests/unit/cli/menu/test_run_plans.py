"""What is chosen in the menu and what is written as flags by hand are one plan."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from basetype_benchmark.cli import run
from basetype_benchmark.cli.main import run_command
from basetype_benchmark.cli.menu.benchmark_menu import compose_run, first_wish
from basetype_benchmark.cli.menu.held import find_held
from basetype_benchmark.cli.menu.run_steps import RunSteps
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.settings import HOME_VARIABLE, Settings
from basetype_benchmark.units import GIB, MIB
from basetype_benchmark.workflows.placement import ServiceChoice
from basetype_benchmark.workflows.plans.planning import plan_run
from basetype_benchmark.workflows.plans.request import RunRequest
from tests.unit.cli.menu.homes import ask_of, commands_of, hold, make_ground, open_session
from tests.unit.cli.menu.scripted import ALL, BACK

RUN, CHANGE = "Run it", "Change something"


@dataclass(frozen=True, kw_only=True)
class MenuPath:
    """Answers in a mode, and what they must come to."""

    name: str
    mode: Mode
    answers: tuple[object, ...]
    command: str
    request: RunRequest = field(default_factory=RunRequest)


PATHS = [
    MenuPath(
        name="quick",
        mode=Mode.QUICK,
        answers=("small-1w", RUN),
        command="run small-1w",
        request=RunRequest(profile="small-1w"),
    ),
    MenuPath(
        name="quick-of-another-seed",
        mode=Mode.QUICK,
        answers=("tiny-2d,", RUN),
        command="run tiny-2d --seed 7",
        request=RunRequest(profile="tiny-2d", dataset_seed=7),
    ),
    MenuPath(
        name="quick-changed",
        mode=Mode.QUICK,
        answers=(
            *("small-1w", CHANGE, "Scenarios", ("P1", "O2")),
            *(CHANGE, "RAM limit", "0.5 GiB"),
            *(CHANGE, "Runs", 5, 0),
            *(CHANGE, "Queries", ("Q1", "Q7"), RUN),
        ),
        command="run small-1w --scenarios P1,O2 --queries Q1,Q7 --ram 0.5 --runs 5 --warmup 0",
        request=RunRequest(
            profile="small-1w",
            scenarios="P1,O2",
            queries="Q1,Q7",
            ram_bytes=(512 * MIB,),
            runs=5,
            warmup=0,
        ),
    ),
    MenuPath(
        name="quick-changed-back",
        mode=Mode.QUICK,
        answers=(
            *("small-1w", CHANGE, "Scenarios", ("P1",), CHANGE, "Scenarios", ALL),
            *(CHANGE, "RAM limit", "1 GiB", CHANGE, "RAM limit", "no limit"),
            *(CHANGE, "Runs", 5, 0, CHANGE, "Runs", 10, 3),
            *(CHANGE, "Queries", ("Q1",), CHANGE, "Queries", ALL, RUN),
        ),
        command="run small-1w",
        request=RunRequest(profile="small-1w"),
    ),
    MenuPath(
        name="select",
        mode=Mode.SELECT,
        answers=(
            *("medium-1w", ("P1", "F1"), ("small", "medium"), ("2d", "1w")),
            *(("0.25 GiB", "1 GiB"), RUN),
        ),
        command="run medium-1w --mode select --scales small,medium --durations 2d,1w "
        "--scenarios P1,F1 --ram 0.25,1",
        request=RunRequest(
            mode=Mode.SELECT,
            profile="medium-1w",
            scales="small,medium",
            durations="2d,1w",
            scenarios="P1,F1",
            ram_bytes=(256 * MIB, GIB),
        ),
    ),
    MenuPath(
        name="select-of-itself",
        mode=Mode.SELECT,
        answers=("small-1w", ALL, ("1w",), (), RUN),
        command="run small-1w --mode select",
        request=RunRequest(mode=Mode.SELECT, profile="small-1w"),
    ),
    MenuPath(
        name="full",
        mode=Mode.FULL,
        answers=("medium-1w", RUN),
        command="run medium-1w --mode full",
        request=RunRequest(mode=Mode.FULL, profile="medium-1w"),
    ),
    MenuPath(
        name="full-changed",
        mode=Mode.FULL,
        answers=("medium-1w", CHANGE, "RAM limits", ("2 GiB", "4 GiB"), RUN),
        command="run medium-1w --mode full --ram 2,4",
        request=RunRequest(mode=Mode.FULL, profile="medium-1w", ram_bytes=(2 * GIB, 4 * GIB)),
    ),
    MenuPath(
        name="gradient",
        mode=Mode.GRADIENT,
        answers=("small-1w", ("P1",), "All,", "No:", RUN),
        command="run small-1w --mode gradient --scenarios P1",
        request=RunRequest(mode=Mode.GRADIENT, profile="small-1w", scenarios="P1"),
    ),
    MenuPath(
        name="gradient-by-size",
        mode=Mode.GRADIENT,
        answers=("small-1w", ("P1", "F1"), "By", "Yes:", RUN),
        command="run small-1w --mode gradient --scenarios P1,F1 --auto --bisect",
        request=RunRequest(
            mode=Mode.GRADIENT, profile="small-1w", scenarios="P1,F1", is_auto=True, bisects=True
        ),
    ),
    MenuPath(
        name="gradient-of-marked-levels",
        mode=Mode.GRADIENT,
        answers=("tiny-2d,", ("P1",), "Those", ("0.125 GiB", "0.25 GiB"), "No:", RUN),
        command="run tiny-2d --seed 7 --mode gradient --scenarios P1 --levels 0.125,0.25",
        request=RunRequest(
            mode=Mode.GRADIENT,
            profile="tiny-2d",
            dataset_seed=7,
            scenarios="P1",
            levels_bytes=(128 * MIB, 256 * MIB),
        ),
    ),
    MenuPath(
        name="one-step-back",
        mode=Mode.SELECT,
        answers=(
            *("medium-1w", ("P1",), ("small",), BACK, ("small", "medium"), ("2d",), BACK),
            *(("1w",), (), BACK, ("0.5 GiB",), RUN),
        ),
        command="run medium-1w --mode select --scales small,medium --scenarios P1 --ram 0.5",
        request=RunRequest(
            mode=Mode.SELECT,
            profile="medium-1w",
            scales="small,medium",
            scenarios="P1",
            ram_bytes=(512 * MIB,),
        ),
    ),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    hold(home, "tiny-2d", seed=7)
    return hold(home, "small-1w", "medium-1w")


def choose(settings: Settings, path: MenuPath) -> list[tuple[str, ...]]:
    session = open_session(settings, *path.answers)
    held = find_held(settings)
    steps = RunSteps(session=session, survey=make_ground, held=held)
    assert compose_run(steps, first_wish(path.mode, held), steps.asked(path.mode))
    assert ask_of(session).left == 0
    return commands_of(session)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_answers_come_to_the_command_after_its_plan_was_shown(
    settings: Settings, path: MenuPath
) -> None:
    *_, planned, command = choose(settings, path)
    assert planned == (*command, "--plan")
    assert command == tuple(path.command.split())


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_command_of_the_menu_has_the_plan_of_flags_by_hand(
    settings: Settings, path: MenuPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[RunRequest, object]] = []

    def plan_and_note(request: RunRequest, *others: object) -> object:
        plan = plan_run(request, *others)  # type: ignore[arg-type]
        made.append((request, plan))
        return plan

    monkeypatch.setattr(run, "plan_run", plan_and_note)
    monkeypatch.setenv(HOME_VARIABLE, str(settings.home))
    *_, command = choose(settings, path)
    assert run_command((*command, "--plan")) == 0
    assert made == [(path.request, plan_run(path.request, settings, ServiceChoice()))]


def test_a_plan_that_cannot_be_made_is_not_run(settings: Settings) -> None:
    session = open_session(settings, "small-1w", "Run it", codes=(2,))
    held = find_held(settings)
    steps = RunSteps(session=session, survey=make_ground, held=held)
    with pytest.raises(AssertionError, match="cannot be taken: see above"):
        compose_run(steps, first_wish(Mode.QUICK, held), steps.asked(Mode.QUICK))


def test_the_plan_is_not_shown_again_where_nothing_was_changed(settings: Settings) -> None:
    session = open_session(settings, "small-1w", CHANGE, BACK, CHANGE, "Runs", BACK, RUN)
    held = find_held(settings)
    steps = RunSteps(session=session, survey=make_ground, held=held)
    assert compose_run(steps, first_wish(Mode.QUICK, held), steps.asked(Mode.QUICK))
    assert commands_of(session) == [("run", "small-1w", "--plan"), ("run", "small-1w")]


def test_another_dataset_has_other_parts(settings: Settings) -> None:
    answers = ("medium-1w", ALL, ("small",), BACK, BACK, BACK, "tiny-2d,", ALL, (), RUN)
    session = open_session(settings, *answers)
    held = find_held(settings)
    steps = RunSteps(session=session, survey=make_ground, held=held)
    assert compose_run(steps, first_wish(Mode.SELECT, held), steps.asked(Mode.SELECT))
    assert commands_of(session)[-1] == ("run", "tiny-2d", "--seed", "7", "--mode", "select")


def test_without_limits_no_levels_are_asked_for(settings: Settings) -> None:
    session = open_session(settings, "small-1w", ALL, ("1w",), RUN)
    held = find_held(settings)
    steps = RunSteps(
        session=session, survey=lambda: make_ground(why_no_limits="no root"), held=held
    )
    assert compose_run(steps, first_wish(Mode.SELECT, held), steps.asked(Mode.SELECT))
    assert "RAM" not in " ".join(ask_of(session).questions)


def test_scenarios_that_cannot_run_here_cannot_be_marked(tmp_path: Path) -> None:
    session = open_session(hold(tmp_path, "tiny-2d"), ("P1", "M1"))
    held = find_held(session.settings)
    steps = RunSteps(session=session, survey=make_ground, held=held)
    with pytest.raises(AssertionError, match=r"M1 cannot be taken: Memgraph is not installed$"):
        compose_run(steps, first_wish(Mode.GRADIENT, held), steps.asked(Mode.GRADIENT))
