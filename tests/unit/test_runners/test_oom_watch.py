"""What a failure is called when the kernel's count of killed processes has risen, and when not."""

from pathlib import Path
from typing import Any, cast

import pytest

from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.errors import (
    BenchmarkError,
    LoadingRefused,
    OutOfMemory,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    ServerDied,
    ServiceUnavailable,
)
from basetype_benchmark.infrastructure.service import Service
from basetype_benchmark.runners import oom_watch
from basetype_benchmark.runners.oom_watch import NO_WATCH, OomWatch
from basetype_benchmark.units import MIB
from tests.fakes import FakeRunner, make_dataset, make_workload, right_answers

PROTOCOL = Protocol(warmup=1, runs=2, variants=2)


class CountedServer:
    """A server of which only the count of its killed processes is known, and whether it lives."""

    ram_bytes = 512 * MIB

    def __init__(self, kills: int | None = 0) -> None:
        self.kills = kills
        self.death: str | None = None

    def oom_kills(self) -> int | None:
        return self.kills

    def why_dead(self) -> str | None:
        return self.death

    def kill_one(self) -> None:
        assert self.kills is not None
        self.kills += 1


def watch(**servers: CountedServer) -> OomWatch:
    return OomWatch({engine: cast(Service, server) for engine, server in servers.items()})


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oom_watch, "NOTICE_S", 0.02)


@pytest.mark.parametrize(
    "failure", [ServerDied("gone"), QueryTimeout("60 s"), QueryFailed("?"), QueryRefused("full")]
)
def test_a_failure_stays_what_it_is_while_no_count_rises(failure: QueryFailed) -> None:
    assert watch(postgresql=CountedServer(3)).explain(failure) is failure
    assert watch(postgresql=CountedServer(None)).explain(failure) is failure
    assert NO_WATCH.explain(failure) is failure


def test_a_killed_child_is_told_from_a_killed_server() -> None:
    child, server = CountedServer(), CountedServer(7)
    both = watch(postgresql=child, oxigraph=server)
    child.kill_one()
    told = both.explain(ServerDied("the connection broke"))
    assert isinstance(told, OutOfMemory)
    assert "postgresql: the kernel ended a process of the server, which lives on" in str(told)
    assert "the limit is 512 MiB" in str(told)
    assert "the connection broke" in str(told)
    server.kill_one()
    server.death = "killed by signal 9"
    assert str(both.explain(ServerDied("reset"))).startswith(
        "oxigraph: the kernel ended the server"
    )


def test_a_kill_explains_one_failure_only() -> None:
    server = CountedServer()
    watched = watch(postgresql=server)
    server.kill_one()
    assert isinstance(watched.explain(ServerDied("first")), OutOfMemory)
    second = ServerDied("second")
    assert watched.explain(second) is second


def test_word_of_a_kill_may_come_after_the_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class LateServer(CountedServer):
        asked = 0

        def oom_kills(self) -> int | None:
            self.asked += 1
            return 1 if self.asked > 3 else 0

    monkeypatch.setattr(oom_watch, "NOTICE_S", 5.0)
    assert isinstance(watch(oxigraph=LateServer()).explain(ServerDied("reset")), OutOfMemory)


@pytest.fixture
def runner(tmp_path: Path) -> FakeRunner:
    return FakeRunner(make_dataset(tmp_path), right_answers(make_workload(tmp_path)))


def run(runner: FakeRunner, server: CountedServer) -> Any:
    return runner.run_benchmark(
        make_workload(runner.dataset.folder),
        PROTOCOL,
        shuffle_seed="42/1",
        watch=watch(postgresql=server),
    )


def killing(server: CountedServer, failure: BenchmarkError) -> Any:
    """Give a hook that has the kernel kill the server's process in Q1's first measured run."""

    def hook(building: str, execution: int) -> None:
        if building == "b01" and execution == 2 and server.kills == 0:
            server.kill_one()
            raise failure

    return hook


def test_a_query_that_is_killed_is_oom_and_the_others_are_measured(runner: FakeRunner) -> None:
    server = CountedServer()
    runner.on_execute = killing(server, ServerDied("the connection broke"))
    result = run(runner, server)
    assert result.outcome is CellOutcome.OOM_QUERY
    assert result.error_type == "OutOfMemory"
    assert [q.outcome for q in result.queries].count(Outcome.OOM) == 1
    assert [q.outcome for q in result.queries].count(Outcome.OK) == 1
    killed = next(q for q in result.queries if q.outcome is Outcome.OOM)
    assert result.reason.startswith(f"{killed.query}: postgresql: the kernel ended")
    assert runner.recoveries == 1
    assert not result.is_ok


def test_a_server_that_is_killed_again_when_it_comes_back_ends_the_cell(
    runner: FakeRunner,
) -> None:
    class KilledTwice(CountedServer):
        def why_dead(self) -> str | None:
            self.kill_one()
            return "killed by signal 9"

    server = KilledTwice()
    runner.on_execute = killing(server, ServerDied("reset"))
    runner.recover_error = ServiceUnavailable("it did not start")
    result = run(runner, server)
    assert result.outcome is CellOutcome.OOM_RECOVERY
    assert "did not answer again" in result.reason


@pytest.mark.parametrize(
    ("kills", "failure", "outcome"),
    [
        (1, ServerDied("reset"), CellOutcome.OOM_LOAD),
        (0, ServerDied("reset"), CellOutcome.CONTAINER_FAILED),
        (0, LoadingRefused("over maxmemory"), CellOutcome.LOAD_REFUSED),
    ],
)
def test_a_load_says_who_ended_it(
    runner: FakeRunner, kills: int, failure: BenchmarkError, outcome: CellOutcome
) -> None:
    server = CountedServer()

    def load_stores(_progress: object) -> Any:
        server.kills = kills
        raise failure

    runner.load_stores = load_stores  # type: ignore[method-assign]
    assert run(runner, server).outcome is outcome


def test_a_process_killed_while_the_server_comes_back_explains_no_later_failure(
    runner: FakeRunner,
) -> None:
    """As PostgreSQL may while it replays its log: the next query is not to blame."""
    server = CountedServer()

    def recover() -> None:
        server.kill_one()

    def hook(building: str, execution: int) -> None:
        if building == "b01" and execution == 2:
            if server.kills == 0:
                server.kill_one()
                raise ServerDied("the connection broke")
            raise QueryFailed("division by zero")

    runner.on_execute = hook
    runner.recover = recover  # type: ignore[method-assign]
    outcomes = [query.outcome for query in run(runner, server).queries]
    assert sorted(outcomes) == [Outcome.ERROR, Outcome.OOM]
