import signal
import threading

import pytest

from basetype_benchmark.interrupts import first_interrupt_deferred, interrupts_deferred


def test_an_interrupt_takes_effect_after_the_body():
    done = []

    def interrupted_work() -> None:
        with interrupts_deferred():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            done.append("body")
        done.append("after")

    with pytest.raises(KeyboardInterrupt):
        interrupted_work()
    assert done == ["body"]


def test_without_an_interrupt_nothing_happens_and_the_handler_is_back():
    before = signal.getsignal(signal.SIGINT)
    with interrupts_deferred():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_the_handler_is_back_after_an_error():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), interrupts_deferred():
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_of_a_body_that_fails_takes_effect_all_the_same():
    def failing_work() -> None:
        with interrupts_deferred():
            signal.raise_signal(signal.SIGINT)
            raise ZeroDivisionError

    with pytest.raises(KeyboardInterrupt):
        failing_work()


def test_another_thread_may_use_it():
    done = []

    def body() -> None:
        with interrupts_deferred():
            done.append("body")

    thread = threading.Thread(target=body)
    thread.start()
    thread.join(10)
    assert done == ["body"]


def test_the_first_interrupt_waits_for_the_body_and_is_told_of():
    done = []

    def work() -> None:
        with first_interrupt_deferred(lambda: done.append("told")):
            signal.raise_signal(signal.SIGINT)
            done.append("body")
        done.append("after")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["told", "body"]


def test_the_second_interrupt_takes_effect_at_once():
    before = signal.getsignal(signal.SIGINT)
    done = []

    def work() -> None:
        with first_interrupt_deferred(lambda: done.append("told")):
            signal.raise_signal(signal.SIGINT)
            done.append("body")
            signal.raise_signal(signal.SIGINT)
            done.append("more of the body")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["told", "body"]
    assert signal.getsignal(signal.SIGINT) is before


def test_the_first_interrupt_is_not_lost_when_the_body_fails():
    def failing_work() -> None:
        with first_interrupt_deferred(lambda: None):
            signal.raise_signal(signal.SIGINT)
            raise ZeroDivisionError

    with pytest.raises(KeyboardInterrupt):
        failing_work()


def test_another_thread_than_the_main_one_is_not_interrupted():
    def work() -> None:
        with first_interrupt_deferred(lambda: None):
            pass

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
