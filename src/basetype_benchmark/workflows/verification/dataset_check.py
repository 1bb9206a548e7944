"""Whether the right answers that the results name are those of the dataset that they name."""

from __future__ import annotations

from collections.abc import Mapping

from basetype_benchmark.analysis.verify.bundle import Bundle, cell_file
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.campaign import CellRecord, PlannedProfile
from basetype_benchmark.benchmark.results import QueryResult
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE
from basetype_benchmark.config.dataset_names import generate_command
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError, UsageError
from basetype_benchmark.progress import SILENT, Progress
from basetype_benchmark.queries.answer_digest import digest_answer
from basetype_benchmark.queries.catalog import Question, load_questions
from basetype_benchmark.queries.oracle import Oracle
from basetype_benchmark.queries.variants import choose_variants
from basetype_benchmark.runners.measurement import parameter_texts
from basetype_benchmark.workflows.dataset import find_dataset, verify

Expected = Mapping[int, tuple[dict[str, str], int, str]]
"""By the number of the variant: parameters as text, rows and digest of the right answer."""


def check_dataset(bundle: Bundle, settings: Settings, progress: Progress = SILENT) -> Check:
    """Find the datasets of the campaign in the home, and answer every question with the oracle.

    Raises:
        DatasetError: one that is there is damaged.
    """
    tally = Tally("dataset", "parameters and right answers are those of the dataset, by the oracle")
    for planned in bundle.campaign.profiles:
        dataset = _find(bundle, planned, settings, tally, progress)
        if dataset is not None:
            _check_profile(bundle, planned, dataset, tally, progress)
    return tally.result()


def _find(
    bundle: Bundle,
    planned: PlannedProfile,
    settings: Settings,
    tally: Tally,
    progress: Progress,
) -> Dataset | None:
    """Give the dataset whose content has the fingerprint that the campaign names."""
    seed = bundle.campaign.dataset_seed
    try:
        dataset = find_dataset(planned.profile, seed, settings)
    except (DatasetError, UsageError):
        command = generate_command(planned.profile, seed)
        tally.leave_out(f"{planned.profile} is not in {settings.datasets_dir}; {command}")
        return None
    report = verify(planned.profile, seed, settings, progress)
    tally.compare(
        CAMPAIGN_FILE,
        f"profiles.{planned.profile}.dataset_fingerprint",
        planned.dataset_fingerprint,
        report.fingerprint,
        f"that of the dataset in {settings.datasets_dir}",
    )
    return dataset if report.fingerprint == planned.dataset_fingerprint else None


def _check_profile(
    bundle: Bundle, planned: PlannedProfile, dataset: Dataset, tally: Tally, progress: Progress
) -> None:
    records = [r for r in bundle.cells.values() if r.result.profile == planned.profile]
    _check_counts(records, dataset, tally)
    oracle, questions = Oracle(dataset), load_questions()
    with progress.task("right answers", len(bundle.campaign.queries), "queries") as task:
        for name in bundle.campaign.queries:
            question = questions.get(name)
            if question is None:
                tally.leave_out(f"there is no query {name} in this version")
            else:
                expected = _answer(oracle, question, planned.protocol.variants)
                for record in records:
                    _check_query(record, question, expected, tally)
            task.advance()


def _answer(oracle: Oracle, question: Question, variants: int) -> Expected:
    chosen = choose_variants(question, oracle, variants, oracle.dataset.manifest.seed)
    answers = {v.number: (v.parameters, oracle.answer(question, v.parameters)) for v in chosen}
    return {
        number: (parameter_texts(parameters), len(rows), digest_answer(question, rows))
        for number, (parameters, rows) in answers.items()
    }


def _check_query(record: CellRecord, question: Question, expected: Expected, tally: Tally) -> None:
    found: QueryResult | None = next(
        (query for query in record.result.queries if query.query == question.id), None
    )
    file, source = cell_file(record.cell), "by the oracle"
    for variant in () if found is None else found.variants:
        field = f"result.queries.{question.id}.variants.{variant.number}"
        if variant.number not in expected:
            tally.demand(False, file, field, f"is not among the {len(expected)} that are chosen")
            continue
        parameters, rows, digest = expected[variant.number]
        tally.compare(file, f"{field}.parameters", variant.parameters, parameters, source)
        tally.compare(file, f"{field}.expected_rows", variant.expected_rows, rows, source)
        tally.compare(file, f"{field}.expected_sha256", variant.expected_sha256, digest, source)


def _check_counts(records: list[CellRecord], dataset: Dataset, tally: Tally) -> None:
    counts = dataset.manifest.counts
    due = {
        "nodes": sum(counts.nodes.values()),
        "edges": sum(counts.edges.values()),
        "samples": counts.samples,
    }
    for record in records:
        load = record.result.load
        for index, store in enumerate(() if load is None else load.stores):
            for part, count in due.items():
                stated = getattr(store, part)
                if stated is not None:
                    field = f"result.load.stores.{index}.{part}"
                    tally.compare(
                        cell_file(record.cell), field, stated, count, "in the dataset's manifest"
                    )
