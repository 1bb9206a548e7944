from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.benchmark.monitoring.counting import Counting
from basetype_benchmark.benchmark.resources import COUNTERS, Reading

# Lives of a group: what it uses between readings, from its first reading to its last.
lives = st.lists(st.lists(st.integers(0, 1000), min_size=1, max_size=8), min_size=1, max_size=5)


def cpu(*values: int | None) -> Counting:
    counting = Counting()
    for value in values:
        counting.add(Reading(cpu_user_ns=value))
    return counting


def test_rises_are_added_up() -> None:
    assert cpu(100, 130, 190).total("cpu_user_ns") == 90


def test_a_fall_is_a_new_start_and_never_negative() -> None:
    counting = cpu(100, 150, 20, 30)
    assert counting.total("cpu_user_ns") == 50 + 20 + 10
    assert counting.restarts == 1


def test_one_reading_says_nothing_of_what_was_used() -> None:
    assert cpu(100).total("cpu_user_ns") is None
    assert cpu(100, 100).total("cpu_user_ns") == 0


def test_a_reading_that_failed_is_bridged() -> None:
    counting = cpu(100, None, 160)
    assert counting.total("cpu_user_ns") == 60
    assert counting.restarts == 0


def test_a_counter_that_is_never_told_is_not_measured() -> None:
    assert cpu(1, 2).total("read_bytes") is None


def test_counters_that_fall_together_are_one_restart() -> None:
    counting = Counting()
    counting.add(Reading(**dict.fromkeys(COUNTERS, 7)))
    counting.add(Reading(**dict.fromkeys(COUNTERS, 2)))
    assert counting.restarts == 1
    assert {counting.total(name) for name in COUNTERS} == {2}


@given(lives)
def test_what_readings_saw_of_every_life_is_counted_once(lives: list[list[int]]) -> None:
    counting, expected, restarts, last = Counting(), 0, 0, None
    for uses in lives:
        value = 0
        for use in uses:
            value += use
            counting.add(Reading(read_bytes=value))
            if last is not None:
                restarts += value < last
                # A new group that has used more than the old one cannot be told from the old one.
                expected += value - last if value >= last else value
            last = value
    has_two = sum(map(len, lives)) > 1
    assert counting.total("read_bytes") == (expected if has_two else None)
    assert counting.restarts == restarts
