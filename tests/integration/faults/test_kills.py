"""A campaign that is killed again and again, at any moment, ends as if it had never been."""

import random
import time
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, read_journal
from tests.integration.faults.campaigns import (
    Zygote,
    campaign_folder,
    check_kept,
    content_of,
    finished_cells,
    make_home,
)

pytestmark = pytest.mark.servers

KILLS = 25
"""Of each of the tests below that kill at random: a hundred in all."""


def kill_until_complete(zygote: Zygote, home: Path, do: str, moments: random.Random) -> int:
    """Run, kill and go on until it is complete; give the number of kills."""
    kills, folder = 0, None
    longest_s = 0.1
    while True:
        kept = finished_cells(folder) if folder is not None else None
        begin = time.perf_counter()
        code = zygote.run_and_kill(
            home, "resume" if folder is not None else do, moments.uniform(0, longest_s)
        )
        folder = campaign_folder(home)
        if kept is not None and folder is not None:
            check_kept(kept, finished_cells(folder))
        if code == 0:
            return kills
        assert code == -9
        kills += 1
        # Late enough in the end to come through, early enough to be hit in every part before.
        longest_s = min(3.0, max(longest_s * 1.2, time.perf_counter() - begin))


@pytest.mark.parametrize("seed", range(3))
def test_a_campaign_killed_at_random_ends_as_one_that_was_not(
    seed: int, zygote: Zygote, tmp_path: Path
) -> None:
    whole = make_home(tmp_path / "whole")
    assert zygote.run(whole, "run") == 0
    expected = content_of(campaign_folder(whole))
    moments, kills, campaigns = random.Random(seed), 0, 0
    while kills < KILLS:
        campaigns += 1
        home = make_home(tmp_path / f"killed-{campaigns}")
        kills += kill_until_complete(zygote, home, "run", moments)
        assert content_of(campaign_folder(home)) == expected


def test_a_gradient_killed_at_random_ends_as_one_that_was_not(
    zygote: Zygote, tmp_path: Path
) -> None:
    whole = make_home(tmp_path / "whole")
    assert zygote.run(whole, "gradient") == 0
    expected = content_of(campaign_folder(whole))
    moments, kills, campaigns = random.Random(4), 0, 0
    while kills < KILLS:
        campaigns += 1
        home = make_home(tmp_path / f"killed-{campaigns}")
        kills += kill_until_complete(zygote, home, "gradient", moments)
        assert content_of(campaign_folder(home))[0][:1] == expected[0][:1]


def test_a_campaign_that_is_complete_has_nothing_left(zygote: Zygote, tmp_path: Path) -> None:
    home = make_home(tmp_path)
    assert zygote.run(home, "run") == 0
    before = finished_cells(campaign_folder(home))
    assert zygote.run(home, "resume") == 2
    assert zygote.run(home, "resume", name=campaign_folder(home).name) == 0
    assert finished_cells(campaign_folder(home)) == before


def test_a_clock_that_jumps_changes_nothing(zygote: Zygote, tmp_path: Path) -> None:
    steady, jumping = make_home(tmp_path / "steady"), make_home(tmp_path / "jumping")
    assert zygote.run(steady, "run") == 0
    slow = {"median_s": 0.05}
    assert zygote.run_and_kill(jumping, "run", 1.0, clock="jumps", nature=slow) == -9
    assert zygote.run(jumping, "resume", clock="jumps") == 0
    assert content_of(campaign_folder(jumping)) == content_of(campaign_folder(steady))
    entries = read_journal(campaign_folder(jumping) / JOURNAL_FILE).entries
    assert [entry.at for entry in entries] != sorted(entry.at for entry in entries)
    assert entries[-1].event is Event.COMPLETED
    assert all(e.elapsed_ns is None or 0 < e.elapsed_ns < 60e9 for e in entries)
