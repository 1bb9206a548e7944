"""The next part is made while the last one is used, and nothing else changes."""

import threading
from collections.abc import Iterator

import pytest

from basetype_benchmark.loaders.ahead import made_ahead, making_ahead


@pytest.mark.parametrize("items", [[], [0, "", (), False], list(range(100))])
def test_items_come_whole_and_in_order(items: list[object]) -> None:
    assert list(made_ahead(iter(items))) == items


def test_one_item_is_made_while_the_one_before_is_used() -> None:
    second_is_made = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        second_is_made.set()
        yield 2

    ahead = made_ahead(items())
    assert next(ahead) == 1
    assert second_is_made.wait(timeout=5)
    assert list(ahead) == [2]


def test_no_more_than_one_item_is_ready_before_it_is_asked_for() -> None:
    made: list[int] = []
    ahead = made_ahead(made.append(n) or n for n in range(100))
    for _ in range(3):
        next(ahead)
    ahead.close()  # type: ignore[attr-defined]
    assert made in ([0, 1, 2], [0, 1, 2, 3])


def test_an_error_comes_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("the page is damaged")

    ahead = made_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="the page is damaged"):
        next(ahead)


def test_stopping_early_leaves_no_thread() -> None:
    before = threading.active_count()
    ahead = made_ahead(iter(range(3)))
    next(ahead)
    assert threading.active_count() == before + 1
    ahead.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_making_begins_before_anything_is_asked_for_and_goes_so_far_ahead() -> None:
    made: list[int] = []
    third_is_made = threading.Event()

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            if number == 2:
                third_is_made.set()
            yield number

    with making_ahead(items(), most=3) as ahead:
        assert third_is_made.wait(timeout=5)
        assert made == [0, 1, 2]
        assert list(ahead) == list(range(100))


def test_no_more_is_made_once_it_is_left() -> None:
    before = threading.active_count()
    made: list[int] = []
    with making_ahead((made.append(n) or n for n in range(100)), most=3) as ahead:
        next(ahead)
    assert threading.active_count() == before
    assert len(made) <= 4
