"""Reads the options that say under how much RAM the servers run."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite
from typing import Annotated

import typer

from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.ram import GRAPH_SHARE, LEAST_BYTES, PAGE_BYTES
from basetype_benchmark.errors import UsageError
from basetype_benchmark.units import GIB, format_bytes

LEAST_SHARE, MOST_SHARE = 0.05, 0.95
MOST_GIB = 1 << 20


ModeName = Annotated[
    Mode | None,
    typer.Option(
        "--mode",
        help="quick: one profile, every scenario once; select: the scales, durations, scenarios "
        "and RAM levels chosen; full: all of them; gradient: up the RAM levels until more no "
        "longer helps. Default: what the other options are for, else quick.",
    ),
]
Scales = Annotated[
    str | None,
    typer.Option(
        "--scales",
        metavar="NAMES",
        help="For instance tiny,small, cut out of PROFILE. Default: the scale of PROFILE.",
    ),
]
Durations = Annotated[
    str | None,
    typer.Option(
        "--durations",
        metavar="NAMES",
        help="For instance 2d,1w, cut out of PROFILE. Default: the duration of PROFILE.",
    ),
]
Cells = Annotated[
    list[str] | None,
    typer.Option(
        "--cells", metavar="PATTERN", help="Only cells like 'small-*.O2.*'; repeat it for more."
    ),
]
KeepExports = Annotated[
    bool,
    typer.Option(
        "--keep-exports",
        help="Keep what a campaign of several profiles makes on the way: datasets and stores.",
    ),
]
Ram = Annotated[
    str | None,
    typer.Option(
        "--ram",
        metavar="GIB,...",
        help="Measure under these RAM limits, for instance 1,2. Default: no limit.",
    ),
]
Levels = Annotated[
    str | None,
    typer.Option(
        "--levels",
        metavar="GIB,...",
        help="Levels of a gradient, for instance 0.25,0.5,1,2. Default: all, from what the scale "
        "needs at least.",
    ),
]
Auto = Annotated[
    bool,
    typer.Option("--auto", help="Levels of a gradient by the size of the data and the engine."),
]
Bisect = Annotated[
    bool,
    typer.Option("--bisect", help="In a gradient, also narrow down the least RAM that is enough."),
]
RamSplit = Annotated[
    float,
    typer.Option(
        "--ram-split",
        min=LEAST_SHARE,
        max=MOST_SHARE,
        metavar="SHARE",
        help=f"The graph server's share of the RAM of two servers. Default: {GRAPH_SHARE:g}.",
    ),
]


def read_levels(option: str, text: str | None) -> tuple[int, ...]:
    """Read levels in GiB, lowest first, as bytes in whole pages; none where there is no text.

    Raises:
        UsageError: they are not ascending numbers, or too small for any server.
    """
    if text is None:
        return ()
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    is_ascending = all(low < high for low, high in pairwise(numbers))
    if not numbers or not is_ascending or not all(map(isfinite, numbers)):
        raise UsageError(
            f"{option} takes numbers of GiB, each above the one before, for instance "
            f"{option} 0.25,0.5,1,2; not {text!r}"
        )
    if numbers[0] * GIB < LEAST_BYTES or numbers[-1] > MOST_GIB:
        raise UsageError(
            f"{option} {text}: a level is at least {LEAST_BYTES / GIB:g} GiB "
            f"({format_bytes(LEAST_BYTES)}), and at most {MOST_GIB} GiB"
        )
    return tuple(int(number * GIB) // PAGE_BYTES * PAGE_BYTES for number in numbers)
