"""A fault put into any text is noticed, by what the other tests ask of every scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import QueryFailed, QueryTimeout, ServerDied
from basetype_benchmark.queries.answer import Row
from basetype_benchmark.queries.catalog import Kind, Parameters, Question, load_questions
from basetype_benchmark.queries.loader import find_text
from basetype_benchmark.queries.oracle.oracle import Oracle
from basetype_benchmark.queries.statement import build_statement
from basetype_benchmark.queries.variants import choose_variants
from basetype_benchmark.runners.answers import find_differences
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.answers import known_answers
from tests.conformance.bench import SCENARIOS_HERE, Bench
from tests.conformance.fault_scores import FAULT_SCORE, Fate, TextScore
from tests.conformance.faults import Fault, find_faults
from tests.conformance.harmless_faults import why_harmless
from tests.conformance.test_any_parameters import ASKING, IN_TIME, WINDOWS, asking

pytestmark = pytest.mark.servers

FAULTS_PER_TEXT = 5
"""A sample, for the sake of time; ``--all-faults`` takes them all."""


@dataclass(frozen=True, kw_only=True)
class FaultyText:
    """A question that is asked with a fault in one of its texts."""

    question: Question
    path: Path
    fault: Fault

    @property
    def label(self) -> str:
        """What the list of harmless faults knows it by."""
        return f"{self.path.parent.name}/{self.path.name}: {self.fault}"

    def write(self, folder: Path) -> Question:
        """Give the question as it is read from a folder that has the fault."""
        folder.mkdir()
        for other in self.path.parent.iterdir():
            if other != self.path:
                (folder / other.name).symlink_to(other)
        (folder / self.path.name).write_text(self.fault.text, encoding="utf-8")
        return self.question.model_copy(update={"folder": folder})


@dataclass(frozen=True, kw_only=True)
class Check:
    """Parameters, and the answer that is due."""

    parameters: Parameters
    rows: Sequence[Row]


def test_every_text_is_some_scenarios_to_spoil() -> None:
    questions = load_questions().values()
    sent = {path for s in SCENARIOS_HERE for q in questions for path in texts_of(s, q)}
    assert {path for s in SCENARIOS_HERE for _, path in own_texts(s)} == sent


def test_a_fault_in_a_text_is_noticed(
    scenario: Scenario,
    bench: Bench,
    toy: Dataset,
    oracle: Oracle,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Of the texts that are this scenario's to spoil; first asked on the toy building."""
    texts = faulty_texts(scenario, everything=request.config.getoption("--all-faults"))
    asked = [text.write(tmp_path / str(number)) for number, text in enumerate(texts)]
    fates = [Fate.UNNOTICED] * len(texts)
    for fate, dataset, checks_of in (
        (Fate.TOY, toy, partial(checks_of_toy, oracle=Oracle(toy))),
        (Fate.GENERATED, oracle.dataset, partial(checks_of_generated, oracle=oracle)),
    ):
        checks = {question.id: list(checks_of(question)) for question in load_questions().values()}
        left = [number for number, found in enumerate(fates) if found is Fate.UNNOTICED]
        for number in left:
            runner = bench.hold(scenario, dataset)
            fates[number] = find_fate(runner, asked[number], checks[asked[number].id], fate)
    for score in scores(texts, fates):
        record_property(FAULT_SCORE, score.to_json())
    unnoticed = [
        text.label
        for text, fate in zip(texts, fates, strict=True)
        if fate is Fate.UNNOTICED and why_harmless(text.label) is None
    ]
    if unnoticed:
        pytest.fail("nothing notices:\n" + "\n".join(unnoticed), pytrace=False)


def texts_of(scenario: Scenario, question: Question) -> Iterator[Path]:
    """Give the files that a scenario sends for a question."""
    sides = [scenario.graph]
    if scenario.series is not None and question.kind is not Kind.GRAPH:
        sides = [scenario.series] if question.kind is Kind.SERIES else [*sides, scenario.series]
    for side in sides:
        path = find_text(question, side.model, side.engine)
        if path is not None and question.id not in scenario.cannot:
            yield path


def own_texts(scenario: Scenario) -> list[tuple[Question, Path]]:
    """Give the texts of which this is the last scenario that sends them.

    One is enough to see what a text says. The last, because FalkorDB hides some faults: a path of
    which only the ends are named gives one row there however many ways it has.
    """
    users: dict[Path, tuple[Scenario, Question]] = {}
    for user in SCENARIOS_HERE:
        for question in load_questions().values():
            for path in texts_of(user, question):
                users[path] = user, question
    return [(question, path) for path, (user, question) in users.items() if user == scenario]


def faulty_texts(scenario: Scenario, *, everything: bool) -> list[FaultyText]:
    """Give every fault of a scenario's own texts, or of each some that are spread over all kinds.

    What is known to be harmless is only in `everything`.
    """
    chosen = []
    for question, path in own_texts(scenario):
        faults = find_faults(path.read_text(encoding="utf-8"), path.suffix[1:])
        found = [FaultyText(question=question, path=path, fault=fault) for fault in faults]
        if not everything:
            found = [text for text in found if why_harmless(text.label) is None]
            count = min(FAULTS_PER_TEXT, len(found))
            found = [found[number * len(found) // count] for number in range(count)]
        chosen += found
    return chosen


def find_fate(
    runner: BenchmarkRunner, question: Question, checks: Sequence[Check], noticed: Fate
) -> Fate:
    """Ask until an answer differs."""
    for check in checks:
        statement = build_statement(question, runner.scenario, check.parameters)
        try:
            if find_differences(question, runner.execute(statement), check.rows):
                return noticed
        except (QueryTimeout, ServerDied):
            runner.recover()
            return Fate.REFUSED
        except QueryFailed:
            return Fate.REFUSED
    return Fate.UNNOTICED


def checks_of_toy(question: Question, oracle: Oracle) -> Iterator[Check]:
    """What the tests of the toy building ask: known answers, any window, any id."""
    known = [answer for answer in known_answers() if answer.question_id == question.id]
    for answer in known:
        yield Check(parameters=answer.parameters, rows=answer.rows)
    asked: list[Parameters] = []
    if question in IN_TIME:
        first = known[0].parameters
        asked += [{**first, "start": start, "end": end} for start, end in WINDOWS.values()]
    if question in ASKING:
        ids = oracle.dataset.nodes().column("id").to_pylist()
        asked += [asking(question, value) for value in ids]
    for parameters in asked:
        yield Check(parameters=parameters, rows=oracle.answer(question, parameters))


def checks_of_generated(question: Question, oracle: Oracle) -> Iterator[Check]:
    """What a validation asks."""
    for variant in choose_variants(question, oracle, 3):
        yield Check(parameters=variant.parameters, rows=oracle.answer(question, variant.parameters))


def scores(texts: Sequence[FaultyText], fates: Sequence[Fate]) -> Iterator[TextScore]:
    """Count by text what became of its faults."""
    for path in dict.fromkeys(text.path for text in texts):
        found = [(text, fate) for text, fate in zip(texts, fates, strict=True) if text.path == path]
        yield TextScore.count(
            text=f"{path.parent.name}/{path.name}",
            fates=[
                Fate.HARMLESS
                if fate is Fate.UNNOTICED and why_harmless(text.label) is not None
                else fate
                for text, fate in found
            ],
        )
