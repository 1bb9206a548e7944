"""Numbers for people: as many digits as count, and no exponent where none is needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.units import format_bytes, format_number, group_digits

NUMBERS = st.floats(min_value=1e-3, max_value=1e6) | st.floats(min_value=-1e6, max_value=-1e-3)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.001234, "0.00123"),
        (0.5, "0.5"),
        (99.96, "100"),
        (999.6, "1000"),
        (1234, "1234"),
        (2837.4, "2837"),
        (-2837.4, "-2837"),
        (9999.6, "10 000"),
        (1_234_567, "1 234 567"),
        (1e12, "1e+12"),
        (1.5e-7, "1.5e-07"),
    ],
)
def test_a_number_has_the_digits_that_count(value: float, text: str) -> None:
    assert format_number(value) == text


@given(NUMBERS, st.sampled_from([3, 4]))
def test_a_number_is_read_back_without_an_exponent(value: float, digits: int) -> None:
    text = format_number(value, digits)
    assert set(text) <= set("-.0123456789 ")
    assert float(text.replace(" ", "")) == pytest.approx(value, rel=0.51 * 10 ** (1 - digits))


@given(NUMBERS)
def test_no_number_has_more_than_three_digits_and_a_fraction(value: float) -> None:
    whole, _, fraction = format_number(value).lstrip("-").partition(".")
    assert len((whole + fraction).lstrip("0")) <= 3 or not fraction


@given(NUMBERS, NUMBERS)
def test_greater_numbers_are_not_written_as_less(a: float, b: float) -> None:
    low, high = (float(format_number(value).replace(" ", "")) for value in sorted((a, b)))
    assert low <= high


@given(st.integers())
def test_groups_have_three_digits(count: int) -> None:
    first, *rest = group_digits(count).lstrip("-").split(" ")
    assert 1 <= len(first) <= 3
    assert {len(group) for group in rest} <= {3}
    assert int(group_digits(count).replace(" ", "")) == count


@given(st.integers(min_value=0, max_value=1 << 60))
def test_a_size_has_no_exponent(size_bytes: int) -> None:
    assert "e" not in format_bytes(size_bytes).partition(" ")[0]


def test_a_size_just_below_the_next_prefix_is_whole() -> None:
    assert format_bytes(1010 << 10) == "1010 KiB"
