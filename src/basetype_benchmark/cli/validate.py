"""``btb validate``: every variant of every query against the oracle, without timing."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from rich.text import Text

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results import BenchmarkResult, QueryResult
from basetype_benchmark.cli.exit_codes import exit_code
from basetype_benchmark.cli.formatters import (
    format_outcome,
    print_err,
    print_json,
    print_note,
    print_ok,
    print_table,
)
from basetype_benchmark.cli.options import (
    AsJson,
    Home,
    OxigraphUrl,
    PostgresUrl,
    ProfileName,
    ProviderName,
    Queries,
    Scenarios,
    Seed,
    Timeout,
    Variants,
    Yes,
)
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.cli.services import read_choice
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.engines import runnable_scenarios
from basetype_benchmark.workflows.benchmark import validate
from basetype_benchmark.workflows.plan import (
    choose_protocol,
    choose_questions,
    choose_scenarios,
    make_plan,
)


def run_validation(
    *,
    profile: ProfileName,
    scenarios: Scenarios = None,
    queries: Queries = None,
    variants: Variants = None,
    timeout: Timeout = None,
    provider: ProviderName = "auto",
    postgres_url: PostgresUrl = None,
    oxigraph_url: OxigraphUrl = None,
    yes: Yes = False,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check every answer: each scenario loads PROFILE and answers every query once.

    The answers are compared, row by row, with those of an independent computation over the
    dataset. Exit code 1 when anything differs or fails.
    """
    choice = read_choice(provider, postgres_url, oxigraph_url, may_empty=yes)
    protocol = choose_protocol(profile, warmup=0, runs=1, variants=variants, timeout_s=timeout)
    plan = make_plan(
        profile=profile,
        dataset_seed=seed,
        scenarios=choose_scenarios(scenarios, default=lambda: runnable_scenarios(choice)),
        questions=choose_questions(queries),
        protocol=protocol,
    )
    with open_progress() as progress:
        results = list(validate(plan, resolve_settings(home), choice, progress))
    if as_json:
        print_json([_document(result) for result in results])
    else:
        _print_results(results)
    raise typer.Exit(exit_code(results))


def _print_results(results: Sequence[BenchmarkResult]) -> None:
    names = {query.query: query.name for result in results for query in result.queries}
    rows: list[list[str | Text]] = [
        [query_id, name, *(_verdict(result, query_id) for result in results)]
        for query_id, name in names.items()
    ]
    print_table(["query", "name", *(result.scenario for result in results)], rows)
    for result in results:
        _print_problems(result)
    answers = sum(len(q.variants) for result in results for q in result.queries)
    if all(result.is_ok for result in results):
        print_ok(f"all {answers} answers are right")
    else:
        print_err("not every answer is right; see above")


def _verdict(result: BenchmarkResult, query_id: str) -> Text:
    found = next((query for query in result.queries if query.query == query_id), None)
    return format_outcome(Outcome.SKIPPED if found is None else found.outcome)


def _print_problems(result: BenchmarkResult) -> None:
    if result.outcome is not CellOutcome.COMPLETED:
        print_err(f"{result.scenario} {result.outcome}: {result.reason}")
    for query in result.queries:
        if query.outcome is Outcome.UNSUPPORTED:
            print_note(f"{result.scenario} {query.query} unsupported: {query.reason}")
        else:
            _print_variants(result.scenario, query)


def _print_variants(scenario: str, query: QueryResult) -> None:
    for variant in query.variants:
        if variant.outcome in (Outcome.OK, Outcome.SKIPPED):
            continue
        parameters = ", ".join(f"{name}={value}" for name, value in variant.parameters.items())
        print_err(f"{scenario} {query.query} variant {variant.number} ({parameters})")
        for line in variant.differences or (variant.reason or variant.outcome.value,):
            print_note(f"    {line}")


def _document(result: BenchmarkResult) -> dict[str, object]:
    return {
        "scenario": result.scenario,
        "outcome": result.outcome,
        "reason": result.reason,
        "is_ok": result.is_ok,
        "queries": [
            {
                "query": query.query,
                "outcome": query.outcome,
                "rows": query.rows,
                "reason": query.reason,
                "variants": query.variants,
            }
            for query in result.queries
        ],
    }
