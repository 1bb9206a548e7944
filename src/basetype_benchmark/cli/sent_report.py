"""How the texts of a question look: as they stand in the files, and as they are sent."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict

from basetype_benchmark.cli.formatters import print_note
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.infrastructure.clients.messages import Message
from basetype_benchmark.queries.catalog import Question
from basetype_benchmark.workflows.sent import (
    ExecutionKind,
    QueryText,
    SentPart,
    SentStatement,
)

_KINDS = {
    ExecutionKind.NATIVE: "native: one statement to one engine",
    ExecutionKind.FEDERATED: "federated: the rows of the graph's engine enter a statement to the "
    "series' engine, in one of two forms",
    ExecutionKind.CLIENT: "client: the application aggregates what the engine hands out",
}


def sent_document(question: Question, scenario: Scenario, sent: SentStatement) -> object:
    """Give all that is sent as a document for other programs."""
    return {
        "query": question.id,
        "name": question.name,
        "scenario": scenario.id,
        "execution": sent.execution.value,
        "sent": [asdict(part) for part in sent.parts],
        "application": sent.application,
    }


def print_sent(question: Question, scenario: Scenario, sent: SentStatement) -> None:
    """Print the texts alone on standard output, and all that is said of them beside it."""
    print_note(
        f"{question.id} {question.name} on {scenario.id}, {scenario.title}: {question.title}"
    )
    print_note(_KINDS[sent.execution])
    for part in sent.parts:
        _print_part(part)
    if sent.application is not None:
        print_note(f"\nthen the application {sent.application}")


def print_texts(question: Question, texts: Sequence[QueryText]) -> None:
    """Print every text of a question under the name of its file and of those who send it."""
    print_note(f"{question.id} {question.name}: {question.title}")
    for text in texts:
        sys.stdout.write(f"\n=== {text.file}: {', '.join(text.senders)}\n")
        sys.stdout.write(text.text.rstrip() + "\n")
    sys.stdout.flush()
    print_note(f"\nWhat one scenario sends: btb queries show {question.id} --scenario P1")


def _print_part(part: SentPart) -> None:
    where = f"\n{part.leg}, to {ENGINES[part.engine].title}"
    print_note(where if part.when is None else f"{where}, for {part.when}")
    for message in part.messages:
        _print_message(message)


def _print_message(message: Message) -> None:
    print_note(f"-- {message.command}")
    sys.stdout.write(message.text.rstrip() + "\n")
    sys.stdout.flush()
    for value in message.values:
        is_named = value.place.lstrip("$") == value.name
        name = value.place if is_named else f"{value.place} {value.name}"
        print_note(f"   {name} = {value.value}  ({value.type})")
