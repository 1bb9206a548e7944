"""Questions answered by keys, as a terminal sends them."""

from collections.abc import Callable, Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from basetype_benchmark.cli.prompts import Option, TerminalAsk, align, fit, lines_of

DOWN, UP, ENTER, ESC, CTRL_C = "\x1b[B", "\x1b[A", "\r", "\x1b", "\x03"
FRUIT = [
    Option(title="apple", value=10),
    Option(title="pear", value=20, why_not="eaten"),
    Option(title="plum", value=0, is_marked=True),
]
ASK = TerminalAsk()


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (ENTER, 10),
        (DOWN + ENTER, 0),  # over what cannot be taken
        (UP + ENTER, None),  # from the first line to the last, which leads back
        (ESC, None),
        (CTRL_C, None),
        (DOWN + ESC, None),
    ],
)
def test_one_line_is_chosen(keys: PipeInput, typed: str, answer: int | None) -> None:
    keys.send_text(typed)
    assert ASK.one("Which?", FRUIT) == answer


def test_the_pointer_begins_where_it_is_told_to(keys: PipeInput) -> None:
    keys.send_text(ENTER)
    assert ASK.one("Which?", FRUIT, first=0) == 0


def test_the_pointer_never_begins_on_what_cannot_be_taken(keys: PipeInput) -> None:
    keys.send_text(ENTER)
    assert ASK.one("Which?", FRUIT, first=20) == 10


def test_where_nothing_can_be_taken_there_is_the_way_back(keys: PipeInput) -> None:
    keys.send_text(ENTER)
    assert ASK.one("Which?", FRUIT[1:2]) is None


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (ENTER, (0,)),
        (" " + ENTER, (10, 0)),
        ("a" + ENTER, (10, 0)),  # all, but for what cannot be taken
        ("aa" + ENTER, ()),
        (ESC, None),
        (CTRL_C, None),
    ],
)
def test_some_lines_are_marked(keys: PipeInput, typed: str, answer: tuple[int, ...] | None) -> None:
    keys.send_text(typed)
    assert ASK.some("Which?", FRUIT) == answer


def test_fewer_than_the_least_are_not_taken(keys: PipeInput) -> None:
    keys.send_text(DOWN + " " + ENTER + " " + ENTER)
    assert ASK.some("Which?", FRUIT, least=1) == (0,)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (ENTER, 3),
        ("\x7f12" + ENTER, 12),
        ("\x7f0" + ENTER + "\x7f7" + ENTER, 7),  # 0 is refused
        ("x" + ENTER + "\x7f" + ENTER, 3),
        (ESC, None),
        (CTRL_C, None),
    ],
)
def test_a_number_is_typed(keys: PipeInput, typed: str, answer: int | None) -> None:
    keys.send_text(typed)
    assert ASK.number("How many?", now=3, least=1, most=20) == answer


def why_no_pair(text: str) -> str | None:
    return None if "/" in text else "no pair"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [(ENTER + "b" + ENTER + "/c" + ENTER, "ab/c"), (ESC, None), (CTRL_C, None)],
)
def test_a_text_is_typed(keys: PipeInput, typed: str, answer: str | None) -> None:
    keys.send_text(typed)
    assert ASK.text("Which?", now="a", why_not=why_no_pair) == answer


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ASK.one("Which?", FRUIT),
        lambda: ASK.some("Which?", FRUIT),
        lambda: ASK.number("How many?", now=3, least=1, most=20),
    ],
)
def test_a_terminal_that_is_gone_ends_the_asking(
    keys: PipeInput, ask: Callable[[], object]
) -> None:
    keys.close()
    with pytest.raises(KeyboardInterrupt):
        ask()


def test_lines_say_what_is_about_them_or_against_them() -> None:
    options = [
        Option(title="P1", about="PostgreSQL", value=1),
        Option(title="longer", about="unseen", value=2, why_not="not here"),
        Option(title="bare", value=3),
    ]
    assert lines_of(options) == ["P1      PostgreSQL", "longer  (not here)", "bare"]


def test_columns_are_set_by_what_signs_take_on_the_screen() -> None:
    assert align([("名", "b", "c"), ("abc", "dd", "")]) == ["名   b   c", "abc  dd"]
    assert align([]) == []


def test_a_text_that_is_cut_shows_it() -> None:
    assert fit("abcdef", 6) == "abcdef"
    assert fit("abcdefg", 6) == "abcde…"
