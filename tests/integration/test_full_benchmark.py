"""The whole benchmark as a user runs it: the command line in a process of its own, real servers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import jsonschema
import psutil
import pyarrow.parquet as pq
import pytest

from basetype_benchmark.benchmark.results_io import load_schema, read_cell
from basetype_benchmark.benchmark.samples_io import SAMPLES_SCHEMA
from basetype_benchmark.infrastructure.clients.postgres_client import connect
from basetype_benchmark.infrastructure.clients.sparql_client import SparqlClient
from basetype_benchmark.infrastructure.services.oxigraph import open_oxigraph
from basetype_benchmark.infrastructure.services.oxigraph_client import base_url
from basetype_benchmark.infrastructure.services.postgres import open_postgres
from tests.toy import build_toy

pytestmark = pytest.mark.servers

DEADLINE_S = 120.0
BTB = (sys.executable, "-m", "basetype_benchmark")


def _take_interrupts() -> None:
    """A shell that runs the tests in the background has SIGINT ignored, and children inherit it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def started(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*BTB, *arguments, "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_take_interrupts,  # noqa: PLW1509 - the test process has no other threads
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def btb(home: Path, *arguments: str, exit_code: int = 0) -> tuple[str, str]:
    with started(home, *arguments) as process:
        out, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == exit_code, err
    return out, err


def wait_for(what: str, find: Callable[[], psutil.Process | None]) -> psutil.Process:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if (found := find()) is not None:
            return found
        time.sleep(0.002)
    raise AssertionError(f"{what} did not happen in {DEADLINE_S} s")


def servers_of(home: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(home / "engines") in part for part in process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def find_server(home: Path, name: str) -> psutil.Process | None:
    for process in servers_of(home):
        with suppress(psutil.NoSuchProcess):
            if process.name() == name:
                return process
    return None


def wait_for_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"btb ended without saying {text!r}")


def only_campaign(home: Path) -> Path:
    [folder] = (home / "results").iterdir()
    return folder


def check_files(folder: Path, cells: list[str]) -> None:
    """Every file is there, valid against its schema, and nothing temporary is left."""
    for name in ("campaign", "environment"):
        document = json.loads((folder / f"{name}.json").read_bytes())
        jsonschema.Draft202012Validator(load_schema(name)).validate(document)
    planned = json.loads((folder / "campaign.json").read_bytes())["cells"]
    assert [cell["cell"] for cell in planned] == cells
    for cell in planned:
        path = folder / "cells" / f"{cell['cell']}.json"
        jsonschema.Draft202012Validator(load_schema("cell")).validate(json.loads(path.read_bytes()))
        assert read_cell(path).fingerprint == cell["fingerprint"]
    assert [path for path in folder.rglob("*") if ".tmp" in path.name] == []


@pytest.fixture(scope="module")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("btb")
    home.chmod(0o755)
    btb(home, "dataset", "generate", "tiny-2d")
    return home


@pytest.fixture
def toy_home(tmp_path: Path) -> Path:
    """A home whose tiny-2d is the toy building: the same path through the code, at once."""
    build_toy(tmp_path / "datasets" / "tiny-2d_seed42", profile="tiny-2d", seed=42)
    return tmp_path


def test_every_answer_is_right_on_p1_and_o2(tiny_home: Path) -> None:
    out, _ = btb(tiny_home, "validate", "tiny-2d", "--scenarios", "P1,O2", "--json")
    for scenario in json.loads(out)["scenarios"]:
        outcomes = {query["query"]: query["outcome"] for query in scenario["queries"]}
        assert outcomes == {f"Q{number}": "ok" for number in range(1, 14)}
        for query in scenario["queries"]:
            assert all(variant["expected_rows"] > 0 for variant in query["variants"])
    assert servers_of(tiny_home) == []


def test_a_run_measures_everything_and_leaves_valid_files(tiny_home: Path) -> None:
    out, err = btb(tiny_home, "run", "tiny-2d", "--scenarios", "P1,O2")
    assert "drift_top20" in out
    folder = only_campaign(tiny_home)
    assert str(folder) in err
    check_files(folder, ["tiny-2d.P1.r1", "tiny-2d.O2.r1"])
    samples = pq.read_table(folder / "samples.parquet")
    assert samples.schema.equals(SAMPLES_SCHEMA)
    assert set(samples.column("outcome").to_pylist()) == {"ok"}
    hybrid = [
        row
        for row in samples.to_pylist()
        if row["scenario"] == "O2" and row["query"] in ("Q7", "Q8", "Q13")
    ]
    assert len(hybrid) == 3 * 2 * 3
    for row in hybrid:
        legs = row["graph_ns"] + row["transfer_ns"] + row["series_ns"]
        assert 0.5 * row["elapsed_ns"] < legs <= row["elapsed_ns"]
    environment = json.loads((folder / "environment.json").read_bytes())
    assert {(s["scenario"], s["engine"]) for s in environment["services"]} == {
        ("P1", "postgresql"),
        ("O2", "oxigraph"),
        ("O2", "postgresql"),
    }
    assert servers_of(tiny_home) == []


def test_a_query_finds_the_data_loaded_before(toy_home: Path) -> None:
    command = ("query", "Q8", "tiny-2d", "--scenario", "O2", "--json")
    first, said_first = btb(toy_home, *command)
    second, said_second = btb(toy_home, *command)
    assert json.loads(first)["rows"] == json.loads(second)["rows"] != []
    assert json.loads(first)["legs"]["graph_ns"] > 0
    assert "loaded in" in said_first
    assert "loaded in" not in said_second


@pytest.mark.thorough
@pytest.mark.parametrize("scenario", ["P1", "O2"])
def test_every_run_begins_with_new_stores(toy_home: Path, scenario: str) -> None:
    command = ("tiny-2d", "--scenarios", scenario, "--queries", "Q5")
    btb(toy_home, "validate", *command)
    left = [store / "of the load before" for store in (toy_home / "engines").glob("*/*/")]
    assert len(left) == {"P1": 1, "O2": 2}[scenario]
    for file in left:
        file.touch()
    btb(toy_home, "run", *command, "--runs", "1")
    assert [file for file in left if file.exists()] == []
    # What it loaded is what a query finds.
    _, err = btb(toy_home, "query", "Q5", "tiny-2d", "--scenario", scenario)
    assert "loaded in" not in err


@pytest.mark.thorough
def test_a_query_on_a_server_of_others_does_not_trust_what_our_own_hold(
    toy_home: Path, tmp_path: Path
) -> None:
    command = ("query", "Q5", "tiny-2d", "--json")
    here, _ = btb(toy_home, *command)
    with open_postgres(tmp_path / "other" / "postgresql") as service:
        place = service.endpoint
        url = f"host={place.host} port={place.port} dbname={place.database} user={place.user}"
        there, said = btb(toy_home, *command, "--url", f"postgresql={url}")
        assert "loaded in" in said
        _, said_again = btb(toy_home, *command, "--url", f"postgresql={url}")
        assert "loaded in" not in said_again
    assert json.loads(there)["rows"] == json.loads(here)["rows"] != []
    _, said_here = btb(toy_home, *command)
    assert "loaded in" not in said_here


def test_what_others_put_into_their_servers_is_not_deleted_unasked(
    toy_home: Path, tmp_path: Path
) -> None:
    with (
        open_postgres(tmp_path / "other" / "postgresql") as relational,
        open_oxigraph(tmp_path / "other" / "oxigraph") as graph,
        closing(SparqlClient(graph)) as client,
        connect(relational.endpoint) as connection,
    ):
        place = relational.endpoint
        url = f"host={place.host} port={place.port} dbname={place.database} user={place.user}"
        urls = ("--url", f"postgresql={url}", "--url", f"oxigraph={base_url(graph.endpoint)}")
        validate = ("validate", "tiny-2d", "--scenarios", "O2", "--queries", "Q1,Q7", *urls)
        query = ("query", "Q1", "tiny-2d", "--scenario", "O2", *urls)

        theirs = b'<http://a.example/s> <http://a.example/p> "1" .'
        client.add_triples(theirs, timeout_s=10, doing="preparing")
        for command in (validate, query):
            _, err = btb(toy_home, *command, exit_code=2)
            assert "holds triples in its default graph" in err.splitlines()[-1]
            assert "--yes" in err.splitlines()[-1]
        assert len(client.select("SELECT * { ?s ?p ?o }", timeout_s=10).rows) == 1
        client.clear(timeout_s=10, doing="preparing")

        connection.execute("CREATE SCHEMA btb CREATE TABLE theirs ()")
        _, err = btb(toy_home, *validate, exit_code=2)
        assert "holds a schema btb" in err.splitlines()[-1]
        connection.execute("SELECT FROM btb.theirs")

        btb(toy_home, *validate, "--yes")
        btb(toy_home, *validate)  # what it deletes now is its own
        _, said = btb(toy_home, *query)
        assert "loaded in" not in said


@pytest.mark.parametrize("scenario", ["P1", "O2"])
def test_an_odd_id_gives_no_rows(toy_home: Path, scenario: str) -> None:
    odd = 'b01.m01\' OR "1"=\\>\n}; DROP TABLE point; --'
    arguments = ("--scenario", scenario, "--param", f"meter_id={odd}", "--json")
    out, _ = btb(toy_home, "query", "Q1", "tiny-2d", *arguments)
    assert json.loads(out)["rows"] == []


def test_an_interrupt_stops_the_servers_and_ends_with_130(toy_home: Path) -> None:
    with started(toy_home, "run", "tiny-2d", "--scenarios", "O2", "--runs", "5000") as process:
        wait_for_line(process, "counts agree")
        assert len(servers_of(toy_home)) >= 2
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 130
    lines = [line for line in err.splitlines() if "of 1" not in line]
    assert lines == [
        "finishing this query, then stopping; Ctrl-C again stops now",
        f"go on with: btb resume {only_campaign(toy_home).name}",
        "error: interrupted; what was finished is kept, and what btb started is stopped",
    ]
    assert servers_of(toy_home) == []
    assert list((only_campaign(toy_home) / "cells").glob("*")) == []


def test_a_server_killed_in_a_query_costs_that_query_alone(toy_home: Path) -> None:
    options = ("--scenarios", "O2", "--queries", "Q1,Q5", "--runs", "1000", "--variants", "1")
    with started(toy_home, "run", "tiny-2d", *options) as process:
        wait_for_line(process, "counts agree")
        wait_for("the server", lambda: find_server(toy_home, "oxigraph")).kill()
        _, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 1, err
    folder = only_campaign(toy_home)
    check_files(folder, ["tiny-2d.O2.r1"])
    result = read_cell(folder / "cells" / "tiny-2d.O2.r1.json").result
    assert result.outcome == "completed"
    outcomes = {query.query: query.outcome for query in result.queries}
    assert sorted(outcomes.values()) == ["error", "ok"]
    failed = next(query for query in result.queries if query.outcome == "error")
    assert "signal 9" in str(failed.reason)
    assert servers_of(toy_home) == []


@pytest.mark.thorough
def test_a_server_killed_while_loading_fails_the_cell(tiny_home: Path) -> None:
    before = set((tiny_home / "results").glob("*"))
    with started(tiny_home, "run", "tiny-2d", "--scenarios", "P1") as process:
        server: psutil.Process | None = None

        def loading() -> psutil.Process | None:
            nonlocal server  # kept: to look through all processes each time would miss the load
            if server is None or not server.is_running():
                server = find_server(tiny_home, "postgres")
            if server is None:
                return None
            try:
                titles = [" ".join(child.cmdline()) for child in server.children()]
            except psutil.NoSuchProcess:
                return None
            # One session is for the queries, and waits; another is there while a load lasts.
            return server if sum("[local]" in title for title in titles) > 1 else None

        wait_for("a load", loading).kill()
        _, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 1, err
    [folder] = set((tiny_home / "results").glob("*")) - before
    check_files(folder, ["tiny-2d.P1.r1"])
    result = read_cell(folder / "cells" / "tiny-2d.P1.r1.json").result
    assert result.outcome == "container_failed"
    assert result.error_type == "ServerDied"
    assert result.load is None
    assert {query.outcome.value for query in result.queries} == {"skipped"}
    problems = [line for line in err.splitlines() if line.startswith("error: ")]
    assert len(problems) == 1
    assert "container_failed" in problems[0]
    assert servers_of(tiny_home) == []


def test_servers_of_others_can_be_used(toy_home: Path, tmp_path: Path) -> None:
    with open_postgres(tmp_path / "other" / "postgresql") as service:
        place = service.endpoint
        url = f"host={place.host} port={place.port} dbname={place.database} user={place.user}"
        options = ("--scenarios", "P1", "--provider", "external", "--url", f"postgresql={url}")
        out, _ = btb(toy_home, "validate", "tiny-2d", *options, "--json")
        assert json.loads(out)["is_ok"]
        assert service.why_not_ready() is None
    assert not (toy_home / "engines").exists()


@pytest.mark.thorough
def test_an_external_server_that_does_not_answer_ends_with_3(toy_home: Path) -> None:
    url = "postgresql://postgres@127.0.0.1:9/postgres"
    options = ("--scenarios", "P1", "--provider", "external", "--url", f"postgresql={url}")
    _, err = btb(toy_home, "validate", "tiny-2d", *options, exit_code=3)
    [line] = err.splitlines()
    assert line.startswith("error: the external PostgreSQL at 127.0.0.1:9 is not ready")


def test_a_damaged_series_file_ends_with_2_before_any_server_starts(toy_home: Path) -> None:
    dataset = toy_home / "datasets" / "tiny-2d_seed42"
    path = sorted(dataset.glob("timeseries/*/*/part-*.parquet"))[0]
    os.truncate(path, path.stat().st_size // 2)
    _, err = btb(toy_home, "run", "tiny-2d", "--scenarios", "P1", exit_code=2)
    assert "is damaged" in err.splitlines()[-1]
    assert not (toy_home / "engines").exists()
