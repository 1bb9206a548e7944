import pytest

from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until


class Clock:
    """Time that passes only while sleeping."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_it_returns_as_soon_as_there_is_no_reason_left():
    clock = Clock()
    reasons = iter(["starting", "starting", None])
    wait_until("x", lambda: next(reasons), deadline_s=60, poll_s=1, clock=clock, sleep=clock.sleep)
    assert clock.now == 102


def test_the_deadline_names_the_condition_and_the_last_reason():
    clock = Clock()
    reasons = (f"reason {n}" for n in range(100))
    with pytest.raises(WaitTimeout, match=r"^a first query: not within 3 s: reason 3$"):
        wait_until(
            "a first query",
            lambda: next(reasons),
            deadline_s=3,
            poll_s=1,
            clock=clock,
            sleep=clock.sleep,
        )


def test_a_condition_that_holds_needs_no_time():
    wait_until("x", lambda: None, deadline_s=0)
