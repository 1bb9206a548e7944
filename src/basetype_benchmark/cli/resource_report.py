"""The table of what the servers, the harness and the host used, at the end of ``btb run``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from basetype_benchmark.benchmark.campaign import CellRecord
from basetype_benchmark.benchmark.monitoring.resource_use import (
    LOAD_PHASE,
    MEASURE_PHASE,
    CellUse,
    SourceUse,
)
from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    print_note,
    print_table,
    print_warning,
)
from basetype_benchmark.units import MIB, NS_PER_S

_NUMBERS = ("peak MiB", "anon / file", "CPU s", "read MiB", "written MiB")
_LEGEND = (
    "resources: during the load / the measured runs; anon / file: MiB of memory at the end, "
    "without and with files behind it"
)
_SAMPLED = ("~", "the most that readings saw, not all there was between them")
_PARTIAL = (">", "the source could not be read at the begin or the end: there was more")
_FEW_READINGS = 0.9
"""A smaller part of the readings than that deserves a line."""


def print_resources(records: Sequence[CellRecord]) -> None:
    """Print what every source of every cell used; nothing where nobody watched."""
    watched = [(r.cell, r.result.resources) for r in records if r.result.resources is not None]
    rows = [
        [cell, meter.source, *_describe(use, meter.source)]
        for cell, use in watched
        for meter in use.meters
    ]
    if not rows:
        return
    print_table(["cell", "source", *_NUMBERS], rows, title="Resources", numeric=_NUMBERS)
    text = "".join(word for row in rows for word in row[2:])
    marks = [f"{mark}: {meaning}" for mark, meaning in (_SAMPLED, _PARTIAL) if mark in text]
    print_note("; ".join([_LEGEND, *marks]))
    for cell, use in watched:
        _warn_of_missed_readings(cell, use)


def _describe(cell: CellUse, source: str) -> list[str]:
    load, runs = cell.find(LOAD_PHASE, source), cell.find(MEASURE_PHASE, source)
    end = runs or load
    return [
        _pair(_peak(load), _peak(runs)),
        _pair(
            _format_mib(None if end is None else end.anonymous_end_bytes),
            _format_mib(None if end is None else end.file_end_bytes),
        ),
        _counted(load, runs, lambda use: use.cpu_ns, _format_seconds),
        _counted(load, runs, lambda use: use.read_bytes, _format_mib),
        _counted(load, runs, lambda use: use.written_bytes, _format_mib),
    ]


def _peak(use: SourceUse | None) -> str:
    if use is None or use.memory_peak_bytes is None:
        return NOT_MEASURED
    mark = "" if use.memory_peak_is_exact else _SAMPLED[0]
    return mark + _format_mib(use.memory_peak_bytes)


def _counted(
    load: SourceUse | None,
    runs: SourceUse | None,
    value: Callable[[SourceUse], int | None],
    write: Callable[[int | None], str],
) -> str:
    """Write what was counted in the load and in the measured runs."""
    texts = []
    for use in (load, runs):
        number = None if use is None else value(use)
        is_partial = use is not None and number is not None and not use.is_whole
        texts.append((_PARTIAL[0] if is_partial else "") + write(number))
    return _pair(*texts)


def _pair(first: str, second: str) -> str:
    is_nothing = first == second == NOT_MEASURED
    return NOT_MEASURED if is_nothing else f"{first} / {second}"


def _format_mib(size_bytes: int | None) -> str:
    return NOT_MEASURED if size_bytes is None else _shorten(size_bytes / MIB)


def _format_seconds(elapsed_ns: int | None) -> str:
    return NOT_MEASURED if elapsed_ns is None else _shorten(elapsed_ns / NS_PER_S)


def _shorten(number: float) -> str:
    """Write a number in few characters: two of them stand in a column."""
    if number == 0:
        return "0"
    digits = 0 if number >= 99.95 else 1 if number >= 9.995 else 2
    return f"{number:.{digits}f}"


def _warn_of_missed_readings(cell: str, use: CellUse) -> None:
    """Name what the sampler did not read, of sources that could be read at all."""
    for phase in use.phases:
        for source in phase.sources:
            taken, expected = source.readings_taken, source.readings_expected
            can_be_read = source.is_whole or taken > 0
            if can_be_read and taken < _FEW_READINGS * expected:
                print_warning(
                    f"{cell} {source.source}: {taken} of {expected} readings were taken in the "
                    f"phase {phase.phase}; its peaks may have been missed"
                )
