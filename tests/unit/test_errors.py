"""What an error of a library says, in one line."""

from basetype_benchmark.errors import reason_of


def test_the_first_line_is_the_reason() -> None:
    assert reason_of(ValueError("\nno such column\nPlan: ...")) == "no such column"


def test_an_error_that_says_nothing_is_told_by_its_kind() -> None:
    assert reason_of(MemoryError()) == "MemoryError"
