"""Asks one question after the other; going back leads to the one before, with its answer kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")


@dataclass(frozen=True, kw_only=True)
class Step(Generic[S]):
    """One question. `ask` gives the wish with the answer in it, None for one step back.

    `applies` says whether there is anything to ask.
    """

    name: str
    ask: Callable[[S], S | None]
    applies: Callable[[S], bool] = lambda _wish: True


def walk(steps: Sequence[Step[S]], wish: S) -> S | None:
    """Go through the steps; None where the first was left by going back."""
    asked: list[int] = []
    index = 0
    while index < len(steps):
        if not steps[index].applies(wish):
            index += 1
            continue
        answer = steps[index].ask(wish)
        if answer is not None:
            asked.append(index)
            wish, index = answer, index + 1
        elif asked:
            index = asked.pop()
        else:
            return None
    return wish
