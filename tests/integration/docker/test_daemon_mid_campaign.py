"""A campaign whose daemon is stopped between two cells and started again while it runs."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import docker
import pytest

from basetype_benchmark.benchmark.outcome import CellOutcome
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.docker import daemon as docker_daemon
from basetype_benchmark.infrastructure.docker.errors import DaemonAway
from basetype_benchmark.queries.catalog import find_question
from basetype_benchmark.workflows.benchmark import run_campaign
from basetype_benchmark.workflows.campaigns.harness import Harness
from basetype_benchmark.workflows.placement import Provider, ServiceChoice
from basetype_benchmark.workflows.plans.campaign_plan import quick_campaign
from basetype_benchmark.workflows.plans.plan import Plan, make_plan
from tests.fakes import RecordingProgress
from tests.integration.docker.second_daemon import SecondDaemon, copy_image
from tests.toy import build_toy

pytestmark = [
    pytest.mark.servers,
    pytest.mark.root,
    # The client leaves its socket open when nobody listens.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket"),
]


class StopBeforeSecondCell(RecordingProgress):
    """Stops the daemon between the first cell and the second.

    It is started again only after the second cell has found it away.
    """

    def __init__(self, daemon: SecondDaemon) -> None:
        super().__init__()
        self._daemon = daemon
        self.was_missed = threading.Event()
        self._starter = threading.Thread(target=self._start_again)

    def note(self, message: str) -> None:
        super().note(message)
        if message.startswith("tiny-2d.O1.r2:"):
            self._daemon.stop()
            self._starter.start()

    def join(self) -> None:
        self._starter.join(60)

    def _start_again(self) -> None:
        self.was_missed.wait(10)
        self._daemon.start()


@pytest.fixture
def in_second(
    second: SecondDaemon,
    daemon: docker.DockerClient,
    images: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[SecondDaemon]:
    second.start()
    copy_image(daemon, second, images["oxigraph"])
    monkeypatch.setenv("DOCKER_HOST", second.socket_url)
    yield second
    second.start()
    gc.collect()  # while those sockets are still forgiven


def three_cells() -> Plan:
    return make_plan(
        profile="tiny-2d",
        dataset_seed=42,
        scenarios=[SCENARIOS["O1"]],
        questions=[find_question("Q3")],
        protocol=Protocol(warmup=0, runs=1, variants=1, timeout_s=30),
        repetitions=3,
    )


def note_misses(monkeypatch: pytest.MonkeyPatch, missed: threading.Event) -> None:
    """Have it said when somebody finds the daemon away."""
    connect = docker_daemon.connect_daemon

    def connect_and_note() -> docker.DockerClient:
        try:
            return connect()
        except DaemonAway:
            missed.set()
            raise

    monkeypatch.setattr(docker_daemon, "connect_daemon", connect_and_note)


def test_a_daemon_stopped_and_started_between_cells_costs_no_cell(
    in_second: SecondDaemon,
    images: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings(home=tmp_path)
    build_toy(settings.dataset_dir("tiny-2d", 42), profile="tiny-2d", seed=42)
    progress = StopBeforeSecondCell(in_second)
    note_misses(monkeypatch, progress.was_missed)
    choice = ServiceChoice(provider=Provider.DOCKER, images=images)
    done = run_campaign(
        quick_campaign(three_cells()),
        Harness(settings=settings, choice=choice, progress=progress),
    )
    progress.join()
    assert progress.was_missed.is_set()
    assert [(c.result.outcome, c.result.reason) for c in done.cells] == [
        (CellOutcome.COMPLETED, None)
    ] * 3
    client = in_second.client()
    assert client.containers.list(all=True) == []
    client.close()
