"""The menu's entry Benchmark: questions, then the plan, then the run; or going on with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import cache
from importlib import import_module

from basetype_benchmark.cli.formatters import human_console
from basetype_benchmark.cli.menu.campaign_options import find_resumable, resume_options
from basetype_benchmark.cli.menu.ground import Ground
from basetype_benchmark.cli.menu.held import HeldDataset, find_held
from basetype_benchmark.cli.menu.run_options import mode_entries
from basetype_benchmark.cli.menu.run_steps import RunSteps
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.cli.menu.walk import Step, walk
from basetype_benchmark.cli.menu.wish import RunWish, run_arguments
from basetype_benchmark.cli.prompts import Option
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.campaigns.status import CampaignStatus

RETRY, REDO = ("--retry-failed",), ("--redo",)


class _Resume(Enum):
    RESUME = auto()


class _Next(Enum):
    RUN = auto()
    CHANGE = auto()


def open_benchmark_menu(session: Session) -> None:
    """Ask what to measure, until something was run or the user goes back."""
    resumable = find_resumable(session.settings)
    held = find_held(session.settings)
    survey = cache(lambda: look_around(session.settings))
    nothing = _why_nothing(held, survey)
    no_limits = None if nothing else survey().why_no_limits
    chosen: Mode | _Resume | None = None
    while True:
        options: list[Option[Mode | _Resume]] = [
            *mode_entries(nothing, no_limits),
            _resume_entry(resumable),
        ]
        chosen = session.ask.one("Benchmark", options, first=chosen)
        if chosen is None:
            return
        if isinstance(chosen, _Resume):
            has_run = resume(session, resumable)
        else:
            steps = RunSteps(session=session, survey=survey, held=held)
            has_run = compose_run(steps, first_wish(chosen, held), steps.asked(chosen))
        if has_run:
            return


def first_wish(mode: Mode, held: Sequence[HeldDataset]) -> RunWish:
    """Give what a mode begins with: the smallest dataset, or that with the most parts in it."""
    return RunWish(mode=mode, dataset=held[-1] if mode in (Mode.SELECT, Mode.FULL) else held[0])


def run_quick(session: Session, dataset: HeldDataset) -> None:
    """Show the plan of a quick run on a dataset, and run it if the user likes."""
    survey = cache(lambda: look_around(session.settings))
    steps = RunSteps(session=session, survey=survey, held=find_held(session.settings))
    compose_run(steps, RunWish(mode=Mode.QUICK, dataset=dataset), asked=())


def compose_run(steps: RunSteps, wish: RunWish, asked: Sequence[Step[RunWish]]) -> bool:
    """Ask, show the plan and run it; False where the user went back."""
    review = Step(name="plan", ask=lambda wish: _review(steps, wish))
    final = walk([*asked, review], wish)
    if final is None:
        return False
    steps.session.shell.run(run_arguments(final))
    return True


def _review(steps: RunSteps, wish: RunWish) -> RunWish | None:
    """Show the plan until it is as the user wants it; None for one step back."""
    ask, shell = steps.session.ask, steps.session.shell
    shown: RunWish | None = None
    can_run = False
    while True:
        if wish != shown:
            can_run = shell.run((*run_arguments(wish), "--plan")) == 0
            shown = wish
        why_not = None if can_run else "see above"
        options = [
            Option(title="Run it", value=_Next.RUN, why_not=why_not),
            Option(title="Change something", value=_Next.CHANGE),
        ]
        answer = ask.one("This is the plan", options)
        if answer is None:
            return None
        if answer is _Next.RUN:
            return wish
        wish = _change(steps, wish)


def _change(steps: RunSteps, wish: RunWish) -> RunWish:
    """Ask one of the questions again; going back leaves all as it is."""
    by_name = {step.name: step for step in steps.changeable(wish)}
    options = [Option(title=name[0].upper() + name[1:], value=name) for name in by_name]
    name = steps.session.ask.one("Change what?", options)
    changed = None if name is None else by_name[name].ask(wish)
    return wish if changed is None else changed


def resume(session: Session, resumable: Sequence[CampaignStatus]) -> bool:
    """Ask which campaign to go on with, and how."""
    name = None
    while True:
        name = session.ask.one("Resume which campaign?", resume_options(resumable), first=name)
        if name is None:
            return False
        how = session.ask.one(f"Resume {name}: how?", HOW_TO_RESUME)
        if how is not None:
            session.shell.run(resume_arguments(name, how))
            return True


HOW_TO_RESUME: Sequence[Option[tuple[str, ...]]] = (
    Option(title="What is left", about="as it was planned", value=()),
    Option(title="Failed, too", about="errors and servers that did not start", value=RETRY),
    Option(title="Changed, too", about="measured with other code or elsewhere", value=REDO),
)


def resume_arguments(campaign: str, how: Sequence[str] = ()) -> tuple[str, ...]:
    """Give the command that goes on with a campaign."""
    return ("resume", campaign, *how)


def look_around(settings: Settings) -> Ground:
    """Look what can run here; what that needs is slow to import, and not needed for every run."""
    with human_console().status("looking at what can run here"):
        found: Ground = import_module("basetype_benchmark.cli.menu.survey").survey_ground(settings)
    return found


def _why_nothing(held: Sequence[HeldDataset], survey: Callable[[], Ground]) -> str | None:
    if not held:
        return "there is no dataset yet"
    return None if survey().able else "nothing can run here, see Doctor"


def _resume_entry(resumable: Sequence[CampaignStatus]) -> Option[_Resume]:
    count = len(resumable)
    return Option(
        title="Resume",
        about=f"{'1 campaign has' if count == 1 else f'{count} campaigns have'} something left",
        value=_Resume.RESUME,
        why_not=None if count else "nothing was cut short",
    )
