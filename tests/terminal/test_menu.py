"""The menu on a terminal of 80 columns and 24 lines, used with keys."""

import re
from pathlib import Path

import pytest

from basetype_benchmark.config.settings import Settings
from tests.terminal.emulated import CTRL_C, ENTER, ESC, SPACE, Terminal, open_terminal
from tests.toy import build_toy

STYLE = re.compile(r"\x1b\[([0-9;]*)m")
PLAIN = {"", "0", "1"}
"""Nothing, and bold: all others would be colours, or what looks like them."""

FIRST = "What next?"
NEXT = "Next"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def toy_home(settings: Settings) -> Path:
    build_toy(settings.dataset_dir("tiny-2d", 42), profile="tiny-2d", seed=42)
    return settings.home


def leave(terminal: Terminal) -> None:
    terminal.wait_for(FIRST)
    terminal.press(ESC)
    assert terminal.wait_for_end() == 0


@pytest.mark.servers
def test_from_nothing_to_the_result_of_one_scenario(settings: Settings) -> None:
    with open_terminal(settings.home) as terminal:
        terminal.wait_for(FIRST, "generate tiny-2d")
        terminal.press(ENTER)
        terminal.wait_for("$ btb dataset generate tiny-2d", "(done)", "measure tiny-2d")
        terminal.press(ENTER)
        terminal.wait_for("quick:", "This is the plan")
        choose_scenarios(terminal, "D1")
        terminal.wait_for("$ btb run tiny-2d --scenarios D1 --plan", "quick: 1 cell")
        terminal.choose("Run it")
        terminal.wait_for("every answer is right", "show what")
        terminal.choose("Results")
        terminal.choose("Show")
        terminal.choose("20")
        terminal.wait_for("D1", "(done)", "Compare")
        assert "$ btb results 20" in terminal.shown
        terminal.choose("Back")
        leave(terminal)


@pytest.mark.thorough
@pytest.mark.servers
def test_ctrl_c_in_a_command_leads_back_and_the_campaign_goes_on(toy_home: Path) -> None:
    with open_terminal(toy_home) as terminal:
        terminal.choose("Benchmark")
        terminal.choose("Quick")
        choose_scenarios(terminal, "P1", "D1")
        terminal.wait_for("quick: 2 cells", "This is the plan")
        terminal.choose("Run it")
        terminal.wait_for("results go to")
        terminal.press(CTRL_C)
        terminal.wait_for("(interrupted)", "resume 20", "of 2 cells left")
        terminal.choose("Next")
        terminal.wait_for("every answer is right", "show what")
        assert "$ btb resume 20" in terminal.shown
        leave(terminal)


def choose_scenarios(terminal: Terminal, *names: str) -> None:
    """Change the plan that is shown to these."""
    terminal.choose("Change something")
    terminal.choose("Scenarios")
    terminal.wait_for("● P1", "● D1")
    terminal.press("a")
    terminal.wait_for("○ P1", "○ D1")
    for name in names:
        terminal.point_at(name)
        terminal.press(SPACE)
        terminal.wait_for(f"● {name}")
    terminal.press(ENTER)


def test_the_first_screen_fits_and_does_not_need_colours(toy_home: Path) -> None:
    with open_terminal(toy_home, environment={"NO_COLOR": "1"}) as terminal:
        screen = terminal.wait_for(FIRST, "Quit")
        assert len(screen.splitlines()) <= 24
        assert terminal.pointed.startswith(NEXT)
        terminal.point_at("Dataset")
        leave(terminal)
    styles = {code for sign in STYLE.findall(terminal.shown) for code in sign.split(";")}
    assert styles <= PLAIN


@pytest.mark.parametrize("key", [ESC, CTRL_C], ids=["esc", "ctrl-c"])
def test_every_level_leads_one_step_back(toy_home: Path, key: str) -> None:
    with open_terminal(toy_home) as terminal:
        terminal.choose("Dataset")
        terminal.choose("Generate")
        terminal.choose("small")
        terminal.wait_for("How long a history?")
        terminal.press(key)
        terminal.wait_for("Which scale?")
        terminal.press(key)
        terminal.wait_for("cut a smaller one")
        terminal.press(key)
        terminal.wait_for(FIRST)
        terminal.choose("Benchmark")
        terminal.choose("Select")
        terminal.wait_for("Scenarios", "P1")
        terminal.press(ENTER)
        terminal.wait_for("none marked: no limit")
        terminal.press(key)
        terminal.wait_for("Scenarios")
        terminal.press(key)
        terminal.wait_for("Gradient")
        terminal.press(key)
        terminal.wait_for(FIRST)
        terminal.press(key)
        assert terminal.wait_for_end() == 0


def test_what_is_not_confirmed_is_not_removed(toy_home: Path) -> None:
    with open_terminal(toy_home) as terminal:
        terminal.choose("Purge")
        terminal.choose("Datasets")
        terminal.wait_for("$ btb purge datasets", "Remove 1 dataset", "[y/N]")
        terminal.press("n", ENTER)
        terminal.wait_for("nothing was removed", "Purge: remove what?")
        terminal.press(ESC)
        leave(terminal)
    assert (toy_home / "datasets" / "tiny-2d_seed42").is_dir()


def test_on_a_terminal_that_cannot_move_its_cursor_there_is_help(settings: Settings) -> None:
    with open_terminal(settings.home, environment={"TERM": "dumb"}) as terminal:
        assert terminal.wait_for_end() == 0
        assert "Usage: btb" in terminal.shown
