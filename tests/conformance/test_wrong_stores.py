"""Every scenario with a store that is almost right: what is missing, too much or moved is seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.dataset.manifest import Counts
from basetype_benchmark.dataset.model import DAY
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import CountMismatch, LoadError
from basetype_benchmark.runners.base import BenchmarkRunner
from tests.conformance.answers import wrong_answers
from tests.conformance.bench import Bench
from tests.toy import build_toy

pytestmark = pytest.mark.servers

RACK, CAMERA = "b01.f02.s02.rack2", "b01.f02.s01.camera1"
ROOM, OTHER_ROOM = "b01.f02.s01", "b01.f02.s02"
"""Of the toy building, rack B serves the meeting room alone, and the camera monitors it alone."""

METER = "b01.m04.energy"
"""The plugs of office 102 took 7 kWh on Tuesday, in one reading."""

Change = Callable[[dict[str, Any]], object]


def other_graph(content: dict[str, Any]) -> None:
    """One relation less, one of another kind more, and a zone with nothing in it."""
    content["relations"]["SERVES"][RACK] = []
    content["relations"]["MONITORS"][CAMERA] = [ROOM, OTHER_ROOM]
    content["others"]["b01.z99"] = ["Zone", "Zone of nothing", "hvac"]


def other_series(content: dict[str, Any]) -> None:
    content["samples"][METER] = {"tue": "00:00=7 00:10=0"}


def same_counts(content: dict[str, Any]) -> None:
    """A relation that leads elsewhere, and another value."""
    content["relations"]["SERVES"][RACK] = [OTHER_ROOM]
    content["samples"][METER] = {"tue": "00:00=7.001"}


def doubled_relation(content: dict[str, Any]) -> None:
    content["relations"]["SERVES"][RACK] = [ROOM, ROOM]


@pytest.mark.parametrize("change", [other_graph, other_series])
def test_another_count_is_told(
    scenario: Scenario, bench: Bench, toy: Dataset, tmp_path: Path, change: Change
) -> None:
    stored = build_like(toy, tmp_path, change)
    bench.hold(scenario, stored)
    with bench.connect(scenario, toy) as runner, pytest.raises(CountMismatch) as caught:
        runner.verify_counts()
    told = str(caught.value)
    assert "\n" not in told
    for difference in count_differences(stored.manifest.counts, toy.manifest.counts):
        assert difference in told


def test_a_store_with_the_right_counts_and_wrong_content_gives_wrong_answers(
    scenario: Scenario, bench: Bench, toy: Dataset, tmp_path: Path
) -> None:
    bench.hold(scenario, build_like(toy, tmp_path, same_counts))
    with bench.connect(scenario, toy) as runner:
        runner.verify_counts()
        wrong = {label.split("-")[0] for label in wrong_answers(runner)}
        assert wrong >= {"Q2", "Q4", "Q8", "Q9"}


def test_a_relation_given_twice_is_refused_or_told_or_stored_once(
    scenario: Scenario, bench: Bench, toy: Dataset, tmp_path: Path
) -> None:
    doubled = build_like(toy, tmp_path, doubled_relation)
    bench.release()
    with bench.connect(scenario, doubled) as runner:
        refused = load_error(runner)
    if refused is None:
        with bench.connect(scenario, toy) as runner, pytest.raises(CountMismatch, match="SERVES"):
            runner.verify_counts()
        return
    assert "\n" not in str(refused)
    if isinstance(refused, CountMismatch):
        assert "edges SERVES" in str(refused)
        with bench.connect(scenario, toy) as runner:
            assert wrong_answers(runner) == {}


def build_like(toy: Dataset, folder: Path, change: Change) -> Dataset:
    days = (toy.manifest.end - toy.manifest.start) // DAY
    return build_toy(folder / "changed", days=days, change=change)


def count_differences(stored: Counts, wanted: Counts) -> list[str]:
    """Say where they differ, in the words of the check."""
    kinds = (("nodes", stored.nodes, wanted.nodes), ("edges", stored.edges, wanted.edges))
    found = [
        f"{kind} {name} {has.get(name, 0)} instead of {wants[name]}"
        for kind, has, wants in kinds
        for name in wants
        if has.get(name, 0) != wants[name]
    ]
    if stored.samples != wanted.samples:
        found.append(f"samples {stored.samples} instead of {wanted.samples}")
    assert found
    return found


def load_error(runner: BenchmarkRunner) -> LoadError | None:
    try:
        runner.load_and_verify()
    except LoadError as error:
        return error
    return None
