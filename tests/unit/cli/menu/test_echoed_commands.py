"""Every command that the menu runs is one that the real command line takes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from basetype_benchmark.cli.commands import app
from basetype_benchmark.cli.menu import benchmark_menu
from basetype_benchmark.cli.menu.benchmark_menu import open_benchmark_menu
from basetype_benchmark.cli.menu.dataset_menu import open_dataset_menu
from basetype_benchmark.cli.menu.doctor_menu import open_doctor
from basetype_benchmark.cli.menu.main_menu import ENTRIES, run_menu
from basetype_benchmark.cli.menu.publish_menu import open_publish_menu
from basetype_benchmark.cli.menu.purge_menu import open_purge_menu
from basetype_benchmark.cli.menu.results_menu import EXPORT_FORMATS, open_results_menu
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.results_export import TableFormat
from tests.unit.cli.menu.homes import ask_of, commands_of, hold, make_ground, open_session
from tests.unit.cli.menu.scripted import ALL, BACK
from tests.unit.workflows.purging.homes import add_campaign, add_store

OLD, CUT = "20260101-000000-tiny-2d", "20260202-000000-tiny-2d"
SMALL, TINY = "small-1w", "tiny-2d"


def takes(arguments: Sequence[str]) -> bool:
    """Parse a command as the command line does, and do nothing; errors are those of the parser."""
    command: Any = typer.main.get_command(app)
    context, rest = command.make_context("btb", list(arguments)), list(arguments)
    while isinstance(command, TyperGroup) and rest:
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, list(rest), parent=context)
    return not isinstance(command, TyperGroup)


SCRIPTS: list[tuple[Callable[[Session], object], tuple[object, ...], list[str]]] = [
    (open_dataset_menu, ("Generate", "small", "small-2d"), ["dataset generate small-2d"]),
    (
        open_dataset_menu,
        ("Generate", "medium", BACK, "tiny", "tiny-1w"),
        ["dataset generate tiny-1w"],
    ),
    (open_dataset_menu, ("Verify", TINY, BACK), ["dataset verify tiny-2d"]),
    (
        open_dataset_menu,
        ("Extract", TINY, BACK, SMALL, "small-2d"),
        ["dataset extract small-1w small-2d"],
    ),
    (open_dataset_menu, ("List", BACK), ["dataset list"]),
    (
        open_dataset_menu,
        ("Remove", (TINY, SMALL), BACK),
        ["purge datasets tiny-2d_seed42 small-1w_seed42"],
    ),
    (
        open_benchmark_menu,
        ("Select", SMALL, ("P1",), ("2d", "1w"), ("0.25 GiB", "1 GiB"), "Run it"),
        [
            "run small-1w --mode select --durations 2d,1w --scenarios P1 --ram 0.25,1 --plan",
            "run small-1w --mode select --durations 2d,1w --scenarios P1 --ram 0.25,1",
        ],
    ),
    (
        open_benchmark_menu,
        ("Gradient", TINY, ALL, "By", "Yes:", "Change something", "Runs", 2, 0, "Run it"),
        [
            "run tiny-2d --mode gradient --auto --bisect --plan",
            "run tiny-2d --mode gradient --auto --bisect --runs 2 --warmup 0 --plan",
            "run tiny-2d --mode gradient --auto --bisect --runs 2 --warmup 0",
        ],
    ),
    (open_benchmark_menu, ("Quick", BACK, "Resume", CUT, "What"), [f"resume {CUT}"]),
    (open_benchmark_menu, ("Resume", CUT, "Failed,"), [f"resume {CUT} --retry-failed"]),
    (open_benchmark_menu, ("Resume", CUT, BACK, CUT, "Changed,"), [f"resume {CUT} --redo"]),
    (open_results_menu, ("List", BACK), ["campaigns list"]),
    (open_results_menu, ("Show", OLD, BACK), [f"results {OLD}"]),
    (open_results_menu, ("Cells", CUT, BACK), [f"campaigns show {CUT}"]),
    (open_results_menu, ("Report", OLD, BACK), [f"report {OLD}"]),
    (open_results_menu, ("Verify", OLD, BACK), [f"verify {OLD}"]),
    (open_results_menu, ("Compare", OLD, BACK, CUT, OLD, BACK), [f"compare {CUT} {OLD}"]),
    *(
        (open_results_menu, ("Export", OLD, kind, BACK), [f"results {OLD} --format {kind}"])
        for kind in EXPORT_FORMATS
    ),
    (
        open_publish_menu,
        ("Dataset", TINY, "", "Everybody", BACK, BACK, "me/mine", "Only", "Send"),
        [
            "publish dataset tiny-2d --dry-run",
            "publish dataset tiny-2d --repo me/mine --private --dry-run",
            "publish dataset tiny-2d --repo me/mine --private",
        ],
    ),
    (
        open_publish_menu,
        ("Results", OLD, BACK, BACK, "Results", OLD, "me/results", "Everybody", "Send"),
        [
            f"publish results {OLD} --repo me/results --dry-run",
            f"publish results {OLD} --repo me/results",
        ],
    ),
    (
        open_purge_menu,
        ("Datasets", "Results", "Engines", "All", BACK),
        ["purge datasets", "purge results", "purge engines", "purge all"],
    ),
    (open_doctor, (), ["doctor"]),
    (run_menu, ("Next", "Doctor", BACK), [f"resume {CUT}", "doctor"]),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = hold(tmp_path_factory.mktemp("home"), TINY, SMALL)
    add_campaign(settings, OLD)
    add_campaign(settings, CUT, is_finished=False)
    add_store(settings, "P1", "postgresql")
    return settings


@pytest.mark.parametrize(("screen", "answers", "commands"), SCRIPTS)
def test_a_screen_runs_what_was_chosen_and_the_command_line_takes_it(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    screen: Callable[[Session], object],
    answers: tuple[object, ...],
    commands: list[str],
) -> None:
    monkeypatch.setattr(benchmark_menu, "look_around", lambda _settings: make_ground())
    session = open_session(settings, *answers)
    screen(session)
    assert ask_of(session).left == 0
    assert commands_of(session) == [tuple(command.split()) for command in commands]
    for command in commands_of(session):
        assert takes(command), command


def test_every_entry_opens_a_screen_that_can_be_left(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark_menu, "look_around", lambda _settings: make_ground())
    titles = [entry.title for entry in ENTRIES if entry.title != "Doctor"]
    answers = [answer for title in titles for answer in (title, BACK)]
    session = open_session(settings, *answers, BACK)
    run_menu(session)
    assert ask_of(session).left == 0
    assert commands_of(session) == []


def test_an_option_that_there_is_not_is_not_taken() -> None:
    for wrong in ("run tiny-2d --never-heard-of", "rum", "publish nothing", "resume a b"):
        with pytest.raises(typer.TyperException):
            takes(wrong.split())
    assert not takes(("purge",))


def test_all_formats_of_tables_are_offered() -> None:
    assert set(EXPORT_FORMATS) == set(TableFormat)


def test_in_an_empty_home_only_making_a_dataset_leads_on(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "none")
    session = open_session(settings, "Next", BACK)
    run_menu(session)
    assert commands_of(session) == [("dataset", "generate", TINY)]
    for screen in (open_benchmark_menu, open_results_menu, open_publish_menu, open_purge_menu):
        screen(open_session(settings, BACK))
    assert not settings.home.exists()


def test_an_error_of_a_question_leads_back_to_the_first_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = hold(tmp_path, SMALL)
    settings.dataset_dir(SMALL, 42).rename(settings.datasets_dir / "misnamed")
    session = open_session(settings, "Dataset", "Extract", "Doctor", BACK)
    run_menu(session)
    assert capsys.readouterr().err.startswith("error: there is no dataset small-1w")
    assert commands_of(session) == [("doctor",)]


def test_after_the_dataset_comes_a_quick_run_and_then_what_it_measured(tmp_path: Path) -> None:
    settings = hold(tmp_path, TINY)
    session = open_session(settings, "", "", BACK)
    run_menu(session)
    assert commands_of(session) == [("run", TINY, "--plan"), ("run", TINY)]
    add_campaign(settings, OLD)
    session = open_session(settings, "", BACK)
    run_menu(session)
    assert commands_of(session) == [("results", OLD)]
