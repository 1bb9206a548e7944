"""Badge readers see those who pass, and the night watch."""

import numpy as np
import pytest

from basetype_benchmark.dataset.simulation.access import badge_events
from basetype_benchmark.dataset.simulation.arrays import STEPS
from basetype_benchmark.dataset.streams import stream


def test_badges_have_distinct_times_and_a_night_round():
    moves = np.zeros((STEPS, 2))
    moves[100:110, 0] = 40
    reader, time_ms, value = badge_events(stream(1, "badges"), moves)
    assert set(value) == {0.0, 1.0}
    assert (reader == 1).sum() == 1
    assert len(set(zip(reader.tolist(), time_ms.tolist(), strict=True))) == len(reader)
    order = np.lexsort((time_ms, reader))
    assert (order == np.arange(len(order))).all()


def test_most_who_pass_badge_and_few_are_denied():
    moves = np.zeros((STEPS, 40))
    moves[90:230] = 6.0
    _, _, value = badge_events(stream(2, "badges"), moves)
    assert len(value) / moves.sum() == pytest.approx(0.7, rel=0.05)
    assert (value == 0).mean() == pytest.approx(0.03, abs=0.01)


def test_the_watch_passes_every_reader_once_a_night():
    reader, time_ms, value = badge_events(stream(3, "badges"), np.zeros((STEPS, 15)))
    assert reader.tolist() == list(range(15))
    assert (value == 1).all()
    hours = time_ms / 3_600_000
    assert ((hours >= 2.0) & (hours < 4.5)).all()
