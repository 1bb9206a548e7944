"""What became of the faults put into texts: by text, for the terminal and for a file to keep."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

FAULT_SCORE = "fault_score"
"""The property of a test's report that holds a `TextScore`."""


class Fate(StrEnum):
    """What became of one fault."""

    TOY = "toy"  # another answer on the toy building
    GENERATED = "generated"  # the right answers there, another on a generated building
    REFUSED = "refused"  # the engine answered with an error
    HARMLESS = "harmless"  # listed with the reason why every answer stays right
    UNNOTICED = "unnoticed"


@dataclass(frozen=True, kw_only=True)
class TextScore:
    """How many faults of one text, ``folder/file``, ended in which way."""

    text: str
    counts: dict[str, int]

    @classmethod
    def count(cls, *, text: str, fates: Iterable[Fate]) -> TextScore:
        """Count the ends of a text's faults."""
        found = Counter(fates)
        return cls(text=text, counts={fate.value: found[fate] for fate in Fate})

    @classmethod
    def from_json(cls, text: str) -> TextScore:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """Write it for the report of a test, which may come from another process."""
        return json.dumps(asdict(self))


def describe_scores(scores: Sequence[TextScore]) -> str:
    """Give one line per storage model."""
    by_model: dict[str, Counter[str]] = {}
    for score in scores:
        by_model.setdefault(score.text.partition("/")[2], Counter()).update(score.counts)
    lines = [f"faults put into texts, {sum(map(_total, scores))}:"]
    lines += [
        f"  {model:<28}{sum(counts.values()):>5} faults, noticed {_noticed(counts):>4}"
        f" of {sum(counts.values()) - counts[Fate.HARMLESS]}"
        for model, counts in sorted(by_model.items())
    ]
    return "\n".join(lines)


def tabulate_scores(scores: Sequence[TextScore]) -> str:
    """Give a table in Markdown, one row per text."""
    head = ["text", "score", *(fate.value for fate in Fate)]
    rows = [
        [
            score.text,
            f"{_noticed(score.counts)}/{_total(score) - score.counts[Fate.HARMLESS]}",
            *(str(score.counts[fate]) for fate in Fate),
        ]
        for score in sorted(scores, key=lambda score: score.text)
    ]
    table = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in table)


def _total(score: TextScore) -> int:
    return sum(score.counts.values())


def _noticed(counts: dict[str, int] | Counter[str]) -> int:
    return sum(counts[fate] for fate in (Fate.TOY, Fate.GENERATED, Fate.REFUSED))
