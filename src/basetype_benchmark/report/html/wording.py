"""How figures and outcomes are written on the page."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.benchmark.statistics import Interval
from basetype_benchmark.config.ram import format_limit, format_ram, format_rams
from basetype_benchmark.report.html.model import Value
from basetype_benchmark.units import MIB, NS_PER_MS, NS_PER_S, format_duration, format_number

NOT_MEASURED = "not measured"
_LONGEST_IN_MS = 999.5 * NS_PER_MS

OUTCOMES = {
    "wrong_answer": "wrong",
    "timeout": "timeout",
    "oom": "oom",
    "refused": "refused",
    "error": "error",
    "unsupported": "unsupported",
    "skipped": "not run",
}
"""Outcomes that are no success, in a word that fits a cell."""

MEANINGS = {
    "wrong_answer": "an answer differed from the expected one; its latency is not shown or ranked",
    "timeout": "it ran over its deadline",
    "oom": "the kernel ended the server for lack of memory",
    "refused": "the engine refused it by its own memory limit",
    "error": "the engine answered with an error",
    "unsupported": "this way of storing cannot express the question",
    "skipped": "it was not run, or not as often as planned, because its cell ended before",
}


def missing(text: str = NOT_MEASURED) -> Value:
    """Say in a table that there is no figure; a dash alone is the sign of the mark itself."""
    return Value(text="" if text == "–" else text, mark="none")


def outcome_value(outcome: str, detail: str = "") -> Value:
    """Show an outcome that is no success in a table."""
    return Value(text=OUTCOMES.get(outcome, outcome), mark=outcome, detail=detail)


def latency(elapsed_ns: float) -> str:
    """Write a latency with its unit: ``0.544 ms``, ``4.2 s``."""
    if elapsed_ns < _LONGEST_IN_MS:
        return f"{milliseconds(elapsed_ns)} ms"
    return format_duration(elapsed_ns / NS_PER_S)


def milliseconds(elapsed_ns: float) -> str:
    """Write a latency as a number of milliseconds with three digits that count."""
    return format_number(elapsed_ns / NS_PER_MS)


def latency_interval(interval: Interval | None) -> str:
    """Write an interval of a latency: ``0.51 to 0.60 ms``."""
    if interval is None or not interval.is_telling:
        return "no interval: too few runs"
    low, high = interval.low_ns, interval.high_ns
    if high < _LONGEST_IN_MS:
        return f"{milliseconds(low)} to {milliseconds(high)} ms"
    return f"{latency(low)} to {latency(high)}"


def ram(ram_bytes: int | None) -> str:
    """Write a level."""
    return format_limit(ram_bytes)


def ram_value(ram_bytes: int | None) -> Value:
    """Show a level in a table; no limit is above all of them."""
    order = float(1 << 62) if ram_bytes is None else float(ram_bytes)
    return Value(text=ram(ram_bytes), order=order / MIB)


def least_ram(failed_at: int | None, passed_at: int | None) -> str:
    """Write the least RAM that works as the interval that was found."""
    if passed_at is None:
        return "none tried" if failed_at is None else f"more than {format_ram(failed_at)}"
    if failed_at is None:
        return f"at most {format_ram(passed_at)}"
    failed, passed = format_rams((failed_at, passed_at))
    return f"failed at {failed}, passed at {passed}"


def number_value(value: float | None, why_none: str = "–", *, digits: int = 3) -> Value:
    """Show a number in a table with as many digits as count, or say why there is none."""
    if value is None:
        return missing(why_none)
    return Value(text=format_number(value, digits), order=value)


def seconds_value(elapsed_ns: float | None, why_none: str = "–") -> Value:
    """Show a time as a number of seconds."""
    return number_value(None if elapsed_ns is None else elapsed_ns / NS_PER_S, why_none)


def size_value(size_bytes: float | None, why_none: str = "–") -> Value:
    """Show a size as a number of MiB."""
    return number_value(None if size_bytes is None else size_bytes / MIB, why_none, digits=4)


def mebibytes(size_bytes: float) -> float:
    """Give a size in MiB, with as many digits as can be seen."""
    return float(f"{size_bytes / MIB:.4g}")


def in_words(names: Sequence[str]) -> str:
    """Write a list as in a sentence: ``P1, O2 and F1``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def span(counts: Sequence[int]) -> str:
    """Write the least and the most of some counts: ``12``, ``3 to 12``."""
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: ``1 row``, ``3 rows``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
