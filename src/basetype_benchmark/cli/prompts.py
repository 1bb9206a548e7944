"""Asks on the terminal: for one of several lines, for some of them, for a number."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

import questionary
from prompt_toolkit.application import Application
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys
from rich.cells import cell_len, set_cell_size

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

ESCAPE_WAIT_S = 0.05
"""How long after an Esc the rest of an arrow key may come in; the library's half second is felt."""

_POINTER_WIDTH = 3
_SIGN_WIDTH = 2
_STYLE = questionary.Style(
    [
        ("qmark", "bold"),
        ("pointer", "bold"),
        ("highlighted", "bold"),
        ("selected", "noreverse"),
        ("disabled", "fg:ansibrightblack"),
        ("instruction", "fg:ansibrightblack"),
        ("answer", "bold"),
        ("bottom-toolbar", "noreverse bold"),
        ("validation-toolbar", "noreverse bold"),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Option(Generic[T_co]):
    """One line to choose: a title, and more about it. With `why_not` it cannot be, and says so."""

    title: str
    value: T_co
    about: str = ""
    why_not: str | None = None
    is_marked: bool = False


class Ask(Protocol):
    """Asks the user; the answer None means: one step back."""

    def one(
        self,
        question: str,
        options: Sequence[Option[T]],
        *,
        first: T | None = None,
        back: str = "Back",
    ) -> T | None:
        """Ask for one line; the pointer begins on `first`, else on the first that can be taken.

        `back` is the last line, which is the way back.
        """
        ...

    def some(
        self, question: str, options: Sequence[Option[T]], *, least: int = 0
    ) -> tuple[T, ...] | None:
        """Ask for `least` or more lines, of which at least one can be taken."""
        ...

    def number(self, question: str, *, now: int, least: int, most: int) -> int | None:
        """Ask for a whole number."""
        ...

    def text(self, question: str, *, now: str, why_not: Callable[[str], str | None]) -> str | None:
        """Ask for a text; `why_not` says what is wrong with one, None: nothing is."""
        ...


class TerminalAsk:
    """Asks with arrow keys. Esc and Ctrl-C go one step back; what was asked is wiped out after.

    Raises everywhere:
        KeyboardInterrupt: the process is told to end, or its terminal is gone.
    """

    def one(
        self,
        question: str,
        options: Sequence[Option[T]],
        *,
        first: T | None = None,
        back: str = "Back",
    ) -> T | None:
        """Ask for one line."""
        places = [index for index, option in enumerate(options) if option.why_not is None]
        begin = [index for index in places if options[index].value == first] or places
        choices = [*_choices(options), questionary.Choice(back, value=len(options))]
        chosen = _ask(
            questionary.select(
                _fitted(question),
                choices=choices,
                default=choices[begin[0] if begin else -1],
                instruction=f"(arrows and Enter, Esc: {back.lower()})",
                qmark="",
                style=_STYLE,
            )
        )
        return None if chosen is None or chosen == len(options) else options[chosen].value

    def some(
        self, question: str, options: Sequence[Option[T]], *, least: int = 0
    ) -> tuple[T, ...] | None:
        """Ask for some lines."""
        chosen = _ask(
            questionary.checkbox(
                _fitted(question),
                choices=_choices(options, sign_width=_SIGN_WIDTH),
                validate=lambda marked: len(marked) >= least or f"mark {least} or more with space",
                instruction="(space: mark, a: all or none, Enter: go on, Esc: back)",
                qmark="",
                style=_STYLE,
            )
        )
        return None if chosen is None else tuple(options[index].value for index in chosen)

    def number(self, question: str, *, now: int, least: int, most: int) -> int | None:
        """Ask for a whole number, with the present one to be changed."""

        def why_not(text: str) -> str | None:
            is_right = text.strip().isdecimal() and least <= int(text) <= most
            return None if is_right else f"a whole number from {least} to {most}"

        text = self.text(question, now=str(now), why_not=why_not)
        return None if text is None else int(text)

    def text(self, question: str, *, now: str, why_not: Callable[[str], str | None]) -> str | None:
        """Ask for a text, with the present one to be changed."""
        text: str | None = _ask(
            questionary.text(
                _fitted(question),
                default=now,
                validate=lambda typed: why_not(typed) or True,
                instruction="(Enter: go on, Esc: back)",
                qmark="",
                style=_STYLE,
            )
        )
        return text


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Set rows of texts in columns, two spaces apart."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            set_cell_size(text, width) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def fit(text: str, columns: int) -> str:
    """Cut a text that is wider than so many columns, and show that it was."""
    return text if cell_len(text) <= columns else f"{set_cell_size(text, columns - 1).rstrip()}…"


def _fitted(question: str) -> str:
    """Cut the lines above a question; the question itself is short."""
    room = shutil.get_terminal_size().columns - _SIGN_WIDTH
    return "\n".join(fit(line, room) for line in question.splitlines())


def _choices(options: Sequence[Option[T]], *, sign_width: int = 0) -> list[questionary.Choice]:
    room = shutil.get_terminal_size().columns - _POINTER_WIDTH - 1
    return [
        questionary.Choice(
            fit(line, room - (sign_width if option.why_not is None else _SIGN_WIDTH)),
            value=index,
            disabled=None if option.why_not is None else cast("str", True),  # says no reason again
            checked=option.is_marked and option.why_not is None,
        )
        for index, (line, option) in enumerate(zip(lines_of(options), options, strict=True))
    ]


def lines_of(options: Sequence[Option[T]]) -> list[str]:
    """Write the options as they are shown: titles, and what is about them or against them."""
    return align(
        [
            (option.title, option.about if option.why_not is None else f"({option.why_not})")
            for option in options
        ]
    )


def _ask(question: questionary.Question) -> Any:  # noqa: ANN401 - what the library gives
    """Put a question; None for one step back."""
    application: Application[Any] = question.application
    known = application.key_bindings or KeyBindings()
    application.key_bindings = merge_key_bindings([known, _leaving_keys()])
    application.ttimeoutlen = ESCAPE_WAIT_S
    application.erase_when_done = True
    try:
        return question.unsafe_ask()
    except EOFError:  # the terminal is gone, and nobody is there to be asked
        raise KeyboardInterrupt from None


def _leaving_keys() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add(Keys.Escape, eager=True)
    @bindings.add(Keys.ControlC, eager=True)
    def _go_back(event: KeyPressEvent) -> None:
        event.app.exit(result=None)

    @bindings.add(Keys.SIGINT, eager=True)  # a signal and no key: from outside, also for SIGTERM
    def _leave(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt())

    return bindings
