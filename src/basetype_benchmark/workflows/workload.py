"""Prepares what a campaign runs: variants chosen and answered by the oracle, before any server."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import UsageError
from basetype_benchmark.progress import Progress
from basetype_benchmark.queries.catalog import Parameters, Question
from basetype_benchmark.queries.oracle import Oracle
from basetype_benchmark.queries.variants import choose_variants
from basetype_benchmark.runners.workload import ExpectedAnswer, QuestionWork, Workload


def build_workload(
    dataset: Dataset, questions: Sequence[Question], variants: int, progress: Progress
) -> Workload:
    """Choose the variants of every question and work out the answers to compare with.

    Raises:
        DatasetError: the dataset is damaged, or too small to give a question an answer.
    """
    oracle = Oracle(dataset)
    work = []
    with progress.task("expected answers", len(questions), "queries") as task:
        for question in questions:
            work.append(_question_work(oracle, question, variants))
            task.advance()
    return Workload(work=tuple(work))


def choose_parameters(
    dataset: Dataset, question: Question, variant: int, variants: int
) -> Parameters:
    """Give the curated parameters with this number, from 1, of a campaign with so many `variants`.

    Each one depends on how many are chosen: they are spread over the sizes of the answers.

    Raises:
        UsageError: the campaign would not have that many.
    """
    chosen = choose_variants(question, Oracle(dataset), variants, dataset.manifest.seed)
    if variant > len(chosen):
        raise UsageError(
            f"{question.id} has {len(chosen)} parameter sets on this dataset when up to "
            f"{variants} are chosen, so there is no number {variant}; choose others with "
            "--variants COUNT, as in btb run"
        )
    return chosen[variant - 1].parameters


def _question_work(oracle: Oracle, question: Question, variants: int) -> QuestionWork:
    chosen = choose_variants(question, oracle, variants, oracle.dataset.manifest.seed)
    return QuestionWork(
        question=question,
        variants=tuple(
            ExpectedAnswer(
                number=variant.number,
                parameters=variant.parameters,
                rows=oracle.answer(question, variant.parameters),
            )
            for variant in chosen
        ),
    )
