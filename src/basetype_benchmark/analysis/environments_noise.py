"""What the noise of the machine does to a comparison: it is doubtful even if both sides had it."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.analysis.environments import Difference, Weight
from basetype_benchmark.analysis.noise import Noise
from basetype_benchmark.analysis.summary import LevelSummary

QUIET = "steady"
NOT_WATCHED = "not known: nobody watched it"


def noise_difference(
    noise: tuple[Noise | None, Noise | None],
    levels: tuple[Sequence[LevelSummary], Sequence[LevelSummary]],
) -> Difference | None:
    """Say how steady the machine was under the levels of A and of B; None where it was on both."""
    a, b = (_describe(found, of) for found, of in zip(noise, levels, strict=True))
    if a == b == QUIET:
        return None
    return Difference(weight=Weight.DOUBTFUL, what="state of the machine", a=a, b=b)


def _describe(noise: Noise | None, levels: Sequence[LevelSummary]) -> str:
    if noise is None:
        return NOT_WATCHED
    drift = {cell: why for level in levels for cell, why in level.drift.items()}
    cells = {cell for level in levels for cell in level.cells}
    told = list(noise.warnings)
    if drift:
        first = next(iter(drift.values()))
        told.append(f"{len(drift)} of {len(cells)} cells in drift ({first})")
    return "; ".join(told) or QUIET
