"""The first screen of the menu, and the way to all others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from basetype_benchmark import __version__
from basetype_benchmark.cli.formatters import print_err
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.cli.menu.shell import ChildShell, ToldToEnd
from basetype_benchmark.cli.menu.suggestion import Suggestion, suggest
from basetype_benchmark.cli.prompts import Option, TerminalAsk
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.errors import BenchmarkError

_SCREENS = "basetype_benchmark.cli.menu"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the first screen; `screen` names the module and function that open it."""

    title: str
    about: str
    screen: str


ENTRIES = (
    Entry(
        title="Dataset",
        about="generate, verify, extract, list, remove",
        screen="dataset_menu.open_dataset_menu",
    ),
    Entry(
        title="Benchmark",
        about="quick, select, full, gradient, resume",
        screen="benchmark_menu.open_benchmark_menu",
    ),
    Entry(
        title="Results",
        about="list, show, report, verify, compare, export",
        screen="results_menu.open_results_menu",
    ),
    Entry(
        title="Publish",
        about="share datasets and results on the Hugging Face Hub",
        screen="publish_menu.open_publish_menu",
    ),
    Entry(
        title="Purge",
        about="remove what takes room: datasets, results, stores, containers",
        screen="purge_menu.open_purge_menu",
    ),
    Entry(title="Doctor", about="what can run here", screen="doctor_menu.open_doctor"),
)


def open_menu() -> int:
    """Ask and run until the user leaves; gives the exit code.

    Raises:
        ToldToEnd: the process was, while a command ran.
    """
    session = Session(ask=TerminalAsk(), shell=ChildShell(), settings=resolve_settings())
    try:
        run_menu(session)
    except ToldToEnd:
        raise
    except KeyboardInterrupt:  # while nothing ran that could be left half done
        return 0
    return 0


def run_menu(session: Session) -> None:
    """Show the first screen again and again."""
    chosen: Entry | Suggestion | None = None
    while True:
        suggestion = suggest(session.settings)
        options = first_options(suggestion)
        title = f"btb {__version__}, home {session.settings.home}\n What next?"
        chosen = session.ask.one(title, options, back="Quit")
        if chosen is None:
            return
        try:
            _follow(chosen, session)
        except BenchmarkError as error:  # of a question: what it is about is gone, or damaged
            print_err(str(error))


def _follow(chosen: Entry | Suggestion, session: Session) -> None:
    if isinstance(chosen, Entry):
        open_screen(chosen, session)
    else:
        chosen.follow(session)


def first_options(suggestion: Suggestion) -> Sequence[Option[Entry | Suggestion]]:
    """The suggestion first, then all there is."""
    return [
        Option(title="Next", about=suggestion.title, value=suggestion),
        *(Option(title=entry.title, about=entry.about, value=entry) for entry in ENTRIES),
    ]


def open_screen(entry: Entry, session: Session) -> None:
    """Import a screen when it is wanted, and open it."""
    module, _, function = entry.screen.partition(".")
    opened = getattr(import_module(f"{_SCREENS}.{module}"), function)
    cast("Callable[[Session], None]", opened)(session)
