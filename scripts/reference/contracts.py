"""The contracts of the thirteen questions as tables."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.queries.catalog import Question, load_questions
from scripts.reference.markdown import code, table

FOLDER = "../../src/basetype_benchmark/queries/questions"


def make_tables() -> Mapping[str, str]:
    """Make the table of the page, by its name."""
    head = ("question", "needs", "parameters", "columns, in order of the answer's rows")
    return {"contracts": table(head, map(_row, load_questions().values()))}


def _row(question: Question) -> tuple[str, ...]:
    parameters = [f"{code(p.name)} {p.type.value}" for p in question.parameters]
    columns = [f"{code(c.name)} {c.type.value}{' or null' * c.nullable}" for c in question.columns]
    order = [f"{code(key.column)}{' downwards' * key.descending}" for key in question.order]
    folder = question.folder.name
    return (
        f"{question.id} [{folder}]({FOLDER}/{folder})",
        {"hybrid": "graph and series"}.get(question.kind.value, question.kind.value),
        ", ".join(parameters) or "none",
        f"{', '.join(columns)}; by {', '.join(order)}",
    )
