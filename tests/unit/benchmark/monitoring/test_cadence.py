import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.benchmark.monitoring.cadence import Cadence

times = st.lists(st.integers(0, 10_000), max_size=50).map(sorted)


def test_moments_lie_at_a_fixed_rate_from_the_begin_however_late_a_reading_is() -> None:
    cadence = Cadence(1000, 500)
    assert cadence.next_ns == 1500
    assert cadence.take(1640)
    assert cadence.next_ns == 2000
    assert cadence.take(2490)
    assert cadence.next_ns == 2500
    assert (cadence.expected, cadence.taken) == (2, 2)


def test_a_moment_is_taken_once() -> None:
    cadence = Cadence(0, 500)
    assert not cadence.take(499)
    assert cadence.take(500)
    assert not cadence.take(999)
    assert (cadence.expected, cadence.taken) == (1, 1)


def test_moments_that_passed_without_a_reading_are_missed() -> None:
    cadence = Cadence(0, 500)
    cadence.take(500)
    cadence.take(2700)
    assert (cadence.expected, cadence.taken) == (5, 2)
    assert cadence.next_ns == 3000


def test_a_moment_at_which_nothing_could_be_read_is_missed() -> None:
    cadence = Cadence(0, 500)
    assert cadence.take(500, is_read=False)
    assert (cadence.expected, cadence.taken) == (1, 0)


@given(times, st.integers(1, 400), st.integers(0, 300))
def test_no_more_readings_are_taken_than_moments_have_passed(
    times: list[int], interval_ns: int, begin_ns: int
) -> None:
    cadence = Cadence(begin_ns, interval_ns)
    for now_ns in times:
        was_due = cadence.is_due(now_ns)
        assert cadence.take(now_ns) == was_due
        assert cadence.taken <= cadence.expected
        assert cadence.expected == max(0, now_ns - begin_ns) // interval_ns
        assert cadence.next_ns > now_ns
        assert (cadence.next_ns - begin_ns) % interval_ns == 0


@pytest.mark.parametrize("interval_ns", [0, -5])
def test_an_interval_that_is_none_is_refused(interval_ns: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Cadence(0, interval_ns)
