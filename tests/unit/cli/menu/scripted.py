"""A user who answers by a script, and a shell that only notes what it is told to run."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from basetype_benchmark.cli.prompts import Option

T = TypeVar("T")

BACK = None
ALL = ("*",)


class ScriptedAsk:
    """Answers in turn: the begin of a line for one, a tuple of such for some, a number, or BACK."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)
        self.questions: list[str] = []
        self.marked: list[list[str]] = []
        self.refused: list[str] = []

    @property
    def left(self) -> int:
        return len(self._answers)

    def one(
        self,
        question: str,
        options: Sequence[Option[T]],
        *,
        first: T | None = None,
        back: str = "Back",
    ) -> T | None:
        answer = self._next(question)
        if answer is BACK:
            return None
        if answer == "":
            able = [option.value for option in options if option.why_not is None]
            return first if first in able else able[0]
        return _take(options, str(answer))

    def some(
        self, question: str, options: Sequence[Option[T]], *, least: int = 0
    ) -> tuple[T, ...] | None:
        answer = self._next(question)
        self.marked.append([option.title for option in options if option.is_marked])
        if answer is BACK:
            return None
        if answer == ALL:
            return tuple(option.value for option in options if option.why_not is None)
        assert isinstance(answer, tuple)
        assert len(answer) >= least
        return tuple(_take(options, title) for title in answer)

    def number(self, question: str, *, now: int, least: int, most: int) -> int | None:
        answer = self._next(question)
        assert answer is None or isinstance(answer, int)
        assert answer is None or least <= answer <= most
        return answer

    def text(self, question: str, *, now: str, why_not: Callable[[str], str | None]) -> str | None:
        answer = self._next(question)
        text = now if answer == "" else answer
        assert text is None or isinstance(text, str)
        assert text is None or why_not(text) is None
        return text

    def _next(self, question: str) -> object:
        self.questions.append(question.splitlines()[-1].strip())
        assert self._answers, f"nobody answers {question!r}"
        return self._answers.pop(0)


def _take(options: Sequence[Option[T]], begin: str) -> T:
    """Give the value of the only line that begins so, which must be one that can be taken."""
    (found,) = [option for option in options if f"{option.title} ".startswith(f"{begin} ")]
    assert found.why_not is None, f"{found.title} cannot be taken: {found.why_not}"
    return found.value


class NotingShell:
    """Notes commands; each ends with 0, or with the next of `codes`."""

    def __init__(self, *codes: int) -> None:
        self._codes = list(codes)
        self.commands: list[tuple[str, ...]] = []

    def run(self, arguments: Sequence[str]) -> int:
        self.commands.append(tuple(arguments))
        return self._codes.pop(0) if self._codes else 0
