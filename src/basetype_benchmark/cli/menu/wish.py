"""What the user wants measured, as far as the menu has asked, and the command it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from basetype_benchmark.cli.menu.held import HeldDataset
from basetype_benchmark.config.modes import Mode
from basetype_benchmark.units import GIB


class LevelRule(StrEnum):
    """How the levels of a gradient are chosen."""

    BY_SCALE = "scale"
    BY_SIZE = "size"
    MARKED = "marked"


@dataclass(frozen=True, kw_only=True)
class RunWish:
    """Answers so far. Empty and None: what the command takes where nothing is said.

    `ram_bytes` are limits; in a gradient whose levels were marked, its levels.
    """

    mode: Mode
    dataset: HeldDataset
    scenarios: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    durations: tuple[str, ...] = ()
    ram_bytes: tuple[int, ...] = ()
    level_rule: LevelRule = LevelRule.BY_SCALE
    bisects: bool = False
    runs: int | None = None
    warmup: int | None = None


def run_arguments(wish: RunWish) -> tuple[str, ...]:
    """Give the command that runs it."""
    return (
        "run",
        *wish.dataset.arguments,
        *(() if wish.mode is Mode.QUICK else ("--mode", wish.mode.value)),
        *_listed("--scales", wish.scales),
        *_listed("--durations", wish.durations),
        *_listed("--scenarios", wish.scenarios),
        *_listed("--queries", wish.queries),
        *_levels(wish),
        *(("--bisect",) if wish.bisects else ()),
        *_number("--runs", wish.runs),
        *_number("--warmup", wish.warmup),
    )


def _levels(wish: RunWish) -> tuple[str, ...]:
    if wish.mode is not Mode.GRADIENT:
        return _listed("--ram", map(_gib, wish.ram_bytes))
    if wish.level_rule is LevelRule.BY_SIZE:
        return ("--auto",)
    is_marked = wish.level_rule is LevelRule.MARKED
    return _listed("--levels", map(_gib, wish.ram_bytes)) if is_marked else ()


def _gib(ram_bytes: int) -> str:
    return f"{ram_bytes / GIB:g}"


def _listed(option: str, values: Iterable[str]) -> tuple[str, ...]:
    text = ",".join(values)
    return (option, text) if text else ()


def _number(option: str, number: int | None) -> tuple[str, ...]:
    return () if number is None else (option, str(number))
