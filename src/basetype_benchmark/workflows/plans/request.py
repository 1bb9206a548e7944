"""What a user wants measured: filled in by flags and by the menu alike, before anything is known
of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.config.modes import Mode
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.ram import GRAPH_SHARE
from basetype_benchmark.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """A wish for a campaign. None and empty mean: by the mode, the scale and the machine.

    `profile` is the dataset, or with `mode` select and full the one that others are cut out of;
    None: the biggest there is, or for these modes all there are. `scenarios`, `queries`, `scales`
    and `durations` are lists like ``P1,O2``; `cells` are patterns like ``small-*.O2.*`` of which a
    cell must match one. RAM is in bytes; `levels_bytes` are the levels of a gradient.
    """

    mode: Mode | None = None
    profile: str | None = None
    dataset_seed: int = DEFAULT_SEED
    scales: str | None = None
    durations: str | None = None
    scenarios: str | None = None
    queries: str | None = None
    cells: tuple[str, ...] = ()
    ram_bytes: tuple[int, ...] = ()
    graph_share: float = GRAPH_SHARE
    levels_bytes: tuple[int, ...] = ()
    is_auto: bool = False
    bisects: bool = False
    runs: int | None = None
    warmup: int | None = None
    variants: int | None = None
    timeout_s: float | None = None
    repetitions: int = 1
    keeps_exports: bool = False


def settle_mode(request: RunRequest) -> Mode:
    """Give the mode that was asked for, else the one that the wishes are for.

    Raises:
        UsageError: a wish has no use in that mode.
    """
    mode = request.mode or _fitting_mode(request)
    if mode is not Mode.GRADIENT and (request.levels_bytes or request.is_auto or request.bisects):
        raise UsageError("--levels, --auto and --bisect are for a gradient; add --mode gradient")
    if mode is Mode.GRADIENT and request.ram_bytes:
        raise UsageError(
            "--ram is for the other modes; a gradient takes --levels, --auto or neither"
        )
    if request.levels_bytes and request.is_auto:
        raise UsageError("--auto chooses the levels; leave out --auto, or --levels")
    if mode in (Mode.QUICK, Mode.GRADIENT) and _has_profiles(request):
        raise UsageError(f"--scales and --durations are for --mode select or full, not {mode}")
    if mode is Mode.QUICK and len(request.ram_bytes) > 1:
        raise UsageError("--mode quick takes one RAM level; leave out --mode, or take select")
    if mode is Mode.GRADIENT and request.cells:
        raise UsageError("--cells is not for a gradient, whose cells are decided as it goes")
    return mode


def _has_profiles(request: RunRequest) -> bool:
    return request.scales is not None or request.durations is not None


def _fitting_mode(request: RunRequest) -> Mode:
    is_selective = _has_profiles(request) or len(request.ram_bytes) > 1
    return Mode.SELECT if is_selective else Mode.QUICK
