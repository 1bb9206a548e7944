from io import StringIO

from rich.console import Console

from basetype_benchmark.cli.progress import BarProgress, LineProgress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_lines_come_at_intervals_with_the_time_left() -> None:
    said: list[str] = []
    clock = Clock()
    with LineProgress(said.append, clock).task("series", 100, "rows") as task:
        for _ in range(100):
            clock.now += 0.125
            task.advance()
    assert said == [
        "  series: 40 of 100 rows, about 7.5 s left",
        "  series: 80 of 100 rows, about 2.5 s left",
        "  series: 100 of 100 rows in 12.5 s",
    ]


def test_bytes_come_with_prefix_and_rate() -> None:
    said: list[str] = []
    clock = Clock()
    with LineProgress(said.append, clock).task("download", 10 << 20, "bytes") as task:
        for _ in range(8):
            clock.now += 1
            task.advance(10 << 17)
    assert said == [
        "  download: 6.25 MiB of 10 MiB (1.25 MiB/s), about 3 s left",
        "  download: 10 MiB of 10 MiB in 8 s",
    ]


def test_short_work_is_not_spoken_of() -> None:
    said: list[str] = []
    clock = Clock()
    with LineProgress(said.append, clock).task("series", 3, "rows") as task:
        clock.now += 0.9
        task.advance(3)
    assert said == []


def test_work_of_unknown_size_says_how_far_it_came() -> None:
    said: list[str] = []
    clock = Clock()
    progress = LineProgress(said.append, clock)
    with progress.task("graph", unit="rows") as task:
        clock.now += 6
        task.advance(12_345)
    with progress.task("indexes"):
        clock.now += 2
    assert said == [
        "  graph: 12 345 rows",
        "  graph: 12 345 rows in 6 s",
        "  indexes: done in 2 s",
    ]


def test_work_that_fails_does_not_say_that_it_is_done() -> None:
    said: list[str] = []
    clock = Clock()
    try:
        with LineProgress(said.append, clock).task("series"):
            clock.now += 9
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert said == []


def test_notes_are_said_at_once() -> None:
    said: list[str] = []
    LineProgress(said.append).note("hello")
    assert said == ["hello"]


def test_bars_are_drawn_by_who_works_and_not_more_often_than_needed() -> None:
    screen, clock = StringIO(), Clock()
    console = Console(file=screen, force_terminal=True, width=120)
    with BarProgress(console, clock) as bars, bars.task("series", 1000, "rows") as task:
        drawn = len(screen.getvalue())
        task.advance(10)
        assert len(screen.getvalue()) == drawn
        clock.now += 1
        task.advance(490)
        assert "500/1 000 rows" in screen.getvalue()[drawn:]
        bars.note("a word in between")
    assert "a word in between" in screen.getvalue()


def test_a_bar_tells_the_time_left_and_without_an_end_the_time_gone() -> None:
    screen, clock = StringIO(), Clock()
    console = Console(file=screen, force_terminal=True, width=120)
    with (
        BarProgress(console, clock) as bars,
        bars.task("series", 1000, "rows") as ending,
        bars.task("samples", unit="rows") as endless,
    ):
        for _ in range(2):
            clock.now += 5
            ending.advance(250)
            endless.advance(250)
        lines = screen.getvalue().splitlines()
    assert "about 10 s left" in "".join(lines[-2:])
    assert "10 s left" not in lines[-1]
    assert "10 s" in lines[-1]
