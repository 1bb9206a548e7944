"""Curated parameter variants: spread over the sizes of the answers, and never empty.

The same dataset and seed give the same variants in every process: every scenario is asked the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.errors import DatasetError
from basetype_benchmark.queries.candidates import Candidate, find_candidates
from basetype_benchmark.queries.catalog import Parameters, ParameterType, Question
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.queries.window import Window, spread_windows

_LONGEST_DAYS = 30
_LONGEST_DAYS_OF = {"Q6": 1, "Q7": 7, "Q12": 1}


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One set of parameters of a question, numbered from 1."""

    number: int
    parameters: Parameters


def choose_variants(
    question: Question, oracle: Oracle, count: int, seed: int = DEFAULT_SEED
) -> list[Variant]:
    """Choose at most `count` different variants whose answers have rows.

    There are fewer where the dataset has no more to ask about: Q5 has no parameters.

    Raises:
        DatasetError: no parameters at all give an answer with rows.
    """
    chosen: list[Parameters] = []
    options = _Options(question, oracle, count, seed)
    for position in range(count):
        for parameters in options.ranked(position, chosen):
            if parameters not in chosen and oracle.answer(question, parameters):
                chosen.append(parameters)
                break
        else:
            break  # every position has the same options, in another order
    if not chosen:
        raise DatasetError(
            f"nothing in {oracle.dataset.folder} gives {question.id} ({question.name}) an answer; "
            "leave it out with --queries, or take another dataset"
        )
    return [Variant(number=n, parameters=parameters) for n, parameters in enumerate(chosen, 1)]


class _Options:
    """All parameters that a question can have on a dataset, the best for each position first."""

    def __init__(self, question: Question, oracle: Oracle, count: int, seed: int) -> None:
        self._question = question
        self._oracle = oracle
        self._count = count
        self._salt = f"{oracle.dataset.fingerprint}\n{question.id}\n{seed}"
        self._windows = _windows_by_length(question, oracle, count)
        self._ordered: dict[Window | None, list[Candidate]] = {}

    def ranked(self, position: int, chosen: Sequence[Parameters]) -> Iterator[Parameters]:
        """Give the options for one position: its window and quantile first, then further ones."""
        if not self._question.parameters:
            yield {}
            return
        longest = self._windows[0]
        windows = [longest[position % len(longest)], *(w for group in self._windows for w in group)]
        name = self._question.parameters[0].name
        used = {parameters[name] for parameters in chosen}
        for window in windows:
            for candidate in self._near_quantile(position, window, used):
                yield _parameters(name, candidate.value, window)

    def _near_quantile(
        self, position: int, window: Window | None, used: Collection[object]
    ) -> list[Candidate]:
        """Candidates by distance from the quantile, those that are used already last."""
        ordered = self._ordered_by_size(window)
        centre = (position + 0.5) / self._count * len(ordered) - 0.5
        ranks = sorted(
            range(len(ordered)), key=lambda i: (ordered[i].value in used, abs(i - centre), i)
        )
        return [ordered[rank] for rank in ranks]

    def _ordered_by_size(self, window: Window | None) -> list[Candidate]:
        """Candidates by size, then by hash; single-row ones only where there are too few others."""
        scope = window if self._question.id == "Q6" else None
        if scope not in self._ordered:
            found = find_candidates(self._question, self._oracle.world, window)
            bigger = [candidate for candidate in found if candidate.size > 1]
            kept = bigger if len(bigger) >= self._count else found
            self._ordered[scope] = sorted(kept, key=lambda c: (c.size, self._hash(c.value)))
        return self._ordered[scope]

    def _hash(self, value: str) -> str:
        """A digest that is the same in every process, unlike `hash`."""
        return hashlib.sha256(f"{self._salt}\n{value}".encode()).hexdigest()


def _windows_by_length(
    question: Question, oracle: Oracle, count: int
) -> list[list[Window]] | list[list[None]]:
    """Windows of the question's length, then shorter ones; no window where it takes none."""
    if all(p.type is not ParameterType.TIMESTAMP for p in question.parameters):
        return [[None]]
    manifest = oracle.dataset.manifest
    whole = Window(start=manifest.start, end=manifest.end)
    length = min(_LONGEST_DAYS_OF.get(question.id, _LONGEST_DAYS), whole.whole_days)
    groups = []
    while length:
        groups.append(spread_windows(whole, length, count))
        length //= 2
    return groups


def _parameters(name: str, value: str, window: Window | None) -> Parameters:
    if window is None:
        return {name: value}
    return {name: value, "start": window.start, "end": window.end}
