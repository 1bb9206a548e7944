"""The series as chunks in Oxigraph: loaded whole or told why not, and never read when cut."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.dataset.export import rdf
from basetype_benchmark.dataset.export.chunk_triples import CHUNK_BASE
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import (
    BenchmarkError,
    CountMismatch,
    LoadingStalled,
    LoadingTimeout,
    QueryFailed,
    QueryTimeout,
    ServerDied,
)
from basetype_benchmark.infrastructure.local.local_service import LocalService
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.oxigraph_client import base_url
from basetype_benchmark.loaders.base import LoadLimits, check_counts
from basetype_benchmark.loaders.oxigraph import OxigraphLoader
from basetype_benchmark.progress import SILENT
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.queries.statement import BoundText, Statement, build_statement
from basetype_benchmark.runners.answers import find_differences
from basetype_benchmark.runners.oxigraph import OxigraphRunner
from tests.fakes import DoOnFirstAdvance, RecordingProgress
from tests.toy import build_toy, toy_answers

pytestmark = pytest.mark.servers

O1 = SCENARIOS["O1"]
CHUNKS_TASK = "chunks into Oxigraph"
LIMIT_S = 1
# More combinations than any server goes through, under the names that chunks have.
ENDLESS_CHUNKS = BoundText(
    text="SELECT (?s0 AS ?point_id) (1 AS ?samples) (?s1 AS ?timestamps) (?s2 AS ?values) { "
    + " ".join(f"?s{n} a ?type{n} ." for n in range(9))
    + " }"
)


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A server of this module's own, which its tests may kill."""
    folder = tmp_path_factory.mktemp("fragile") / "ox"
    with open_oxigraph(folder, query_timeout_s=LIMIT_S) as service:
        yield service


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("datasets") / "toy")


@pytest.fixture
def loaded(fragile: LocalService, toy: Dataset) -> Iterator[OxigraphRunner]:
    loader = OxigraphLoader(fragile, with_chunks=True)
    runner = OxigraphRunner(
        scenario=O1,
        dataset=toy,
        timeout_s=LIMIT_S,
        graph_service=fragile,
        graph_loader=loader,
    )
    runner.connect()
    runner.load_and_verify()
    yield runner
    runner.disconnect()


def send(fragile: LocalService, how: signal.Signals) -> Callable[[], None]:
    def act() -> None:
        assert fragile.pid is not None
        os.kill(fragile.pid, how)

    return act


def assert_one_line(error: BenchmarkError) -> None:
    assert str(error)
    assert "\n" not in str(error)


def profile_of_a_point() -> tuple[Statement, list[tuple[object, ...]]]:
    """Give what is sent for a Q6 with rows, and the rows."""
    case = next(answer for answer in toy_answers() if answer.question_id == "Q6" and answer.rows)
    return build_statement(find_question("Q6"), O1, case.parameters), case.rows


def assert_answers(runner: OxigraphRunner) -> None:
    statement, rows = profile_of_a_point()
    assert find_differences(statement.question, runner.execute(statement), rows) == ()


def test_both_phases_are_timed_counted_and_reported(fragile: LocalService, toy: Dataset) -> None:
    loader, progress = OxigraphLoader(fragile, with_chunks=True), RecordingProgress()
    loader.clear()
    for _ in range(2):
        load = loader.load(toy, progress)
        check_counts("oxigraph", loader.count(), toy.manifest.counts)
    samples = toy.manifest.counts.samples
    assert loader.count().samples == samples
    assert [(phase.name, phase.elapsed_ns > 0) for phase in load.phases] == [
        ("triples", True),
        ("chunks", True),
    ]
    assert load.phases[1].items == samples
    assert progress.totals[CHUNKS_TASK] == samples
    assert progress.done[CHUNKS_TASK] == 2 * samples


def test_a_store_without_its_last_chunk_does_not_hold_the_dataset(
    loaded: OxigraphRunner, fragile: LocalService, toy: Dataset
) -> None:
    update(fragile, f"DELETE {{ ?c ?p ?o }} WHERE {{ {ONE_CHUNK} ?c ?p ?o }}")
    with pytest.raises(CountMismatch, match=f"instead of {toy.manifest.counts.samples}"):
        loaded.verify_counts()


def test_clearing_leaves_no_chunk(loaded: OxigraphRunner, fragile: LocalService) -> None:
    loaded.clear_data()
    assert OxigraphLoader(fragile, with_chunks=True).count().samples == 0


def test_a_server_killed_while_it_takes_chunks_is_told_with_the_phase(
    fragile: LocalService, toy: Dataset
) -> None:
    loader = OxigraphLoader(fragile, with_chunks=True)
    loader.clear()
    kill = DoOnFirstAdvance(send(fragile, signal.SIGKILL), task=CHUNKS_TASK)
    with pytest.raises(ServerDied, match="phase 'chunks'") as caught:
        loader.load(toy, kill)
    assert_one_line(caught.value)
    fragile.restart()
    loader.clear()
    loader.load(toy, SILENT)
    check_counts("oxigraph", loader.count(), toy.manifest.counts)


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (LoadLimits(stall_s=0.5), LoadingStalled),
        (LoadLimits(phase_s=0.5), LoadingTimeout),
    ],
    ids=["stalled", "timeout"],
)
def test_a_server_that_takes_no_more_chunks_does_not_hang_the_load(
    fragile: LocalService, toy: Dataset, limits: LoadLimits, kind: type[BenchmarkError]
) -> None:
    stop = DoOnFirstAdvance(send(fragile, signal.SIGSTOP), task=CHUNKS_TASK)
    try:
        with pytest.raises(kind, match="phase 'chunks'") as caught:
            OxigraphLoader(fragile, limits, with_chunks=True).load(toy, stop)
    finally:
        fragile.restart()
    assert type(caught.value) is kind
    assert_one_line(caught.value)


def test_chunks_that_take_too_long_are_a_timeout_and_the_next_question_is_answered(
    loaded: OxigraphRunner,
) -> None:
    statement, _ = profile_of_a_point()
    with pytest.raises(QueryTimeout) as caught:
        loaded.execute(replace(statement, series=ENDLESS_CHUNKS))
    assert_one_line(caught.value)
    loaded.recover()
    assert_answers(loaded)


@pytest.mark.parametrize("name", ["timestamps", "values"])
def test_a_literal_that_is_cut_in_the_store_is_a_failed_query_that_names_the_point(
    loaded: OxigraphRunner, fragile: LocalService, name: str
) -> None:
    statement, _ = profile_of_a_point()
    point = str(statement.parameters["point_id"])
    predicate = rdf.term_iri(name)
    update(
        fragile,
        f"DELETE {{ ?c {predicate} ?whole }} INSERT {{ ?c {predicate} ?cut }} WHERE {{"
        f" ?c {rdf.term_iri('chunkOf')} {rdf.id_iri(point)} ; {predicate} ?whole ."
        f' BIND (STRBEFORE(?whole, " ") AS ?cut) FILTER (?cut != "") }}',
    )
    with pytest.raises(QueryFailed, match=f"a chunk of {point} has 1 {name} instead") as caught:
        loaded.execute(statement)
    assert type(caught.value) is QueryFailed
    assert_one_line(caught.value)
    loaded.clear_data()
    loaded.load_and_verify()
    assert_answers(loaded)


ONE_CHUNK = (
    f"{{ SELECT ?c {{ ?c a {rdf.term_iri('Chunk')} }} ORDER BY ?c LIMIT 1 }}"
    f' FILTER (STRSTARTS(STR(?c), "{CHUNK_BASE}"))'
)


def update(service: LocalService, text: str) -> None:
    """Change the store as nothing of ours ever does."""
    url = f"{base_url(service.endpoint)}/update"
    headers = {"Content-Type": "application/sparql-update"}
    assert httpx.post(url, content=text.encode(), headers=headers).is_success
