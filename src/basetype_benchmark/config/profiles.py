"""Profiles: how big a building (scale) and how long a history (duration)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from basetype_benchmark.config.yaml_files import Problems, read_yaml
from basetype_benchmark.errors import UsageError

DEFAULT_SEED = 42
DURATION_DAYS = {"2d": 2, "1w": 7}


class BuildingPlan(BaseModel):
    """One building of a scale: its floors and how many rooms of each space type a floor has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    archetype: str = Field(description="name of the building mix in the catalogue")
    floors: int = Field(ge=1, le=99)
    spaces_per_floor: int = Field(ge=3, le=200)
    floor_area_m2: int | None = Field(
        default=None, ge=50, le=50_000, description="None: 100 m2 a space"
    )
    tenants: int = Field(ge=1, le=50)


class Scale(BaseModel):
    """A scale: the buildings it has, in order. Buildings nest by position, see `nests_in`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    purpose: str
    buildings: tuple[BuildingPlan, ...] = Field(min_length=1)

    def nests_in(self, bigger: Scale) -> bool:
        """Whether the first buildings of `bigger` are exactly the buildings of this scale."""
        return bigger.buildings[: len(self.buildings)] == self.buildings


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A scale and a duration, named ``<scale>-<duration>``."""

    scale: Scale
    duration: str
    days: int

    @property
    def name(self) -> str:
        """As given on the command line: ``small-1w``."""
        return f"{self.scale.name}-{self.duration}"

    def end(self, start: datetime) -> datetime:
        """Exclusive end of the history that begins at `start`."""
        return start + timedelta(days=self.days)


@cache
def load_scales() -> dict[str, Scale]:
    """Read the scales that ship with the package, smallest first.

    Raises:
        ConfigError: a profile file is invalid; every mistake is listed.
    """
    folder = files("basetype_benchmark.config") / "profiles"
    paths = sorted(Path(str(entry)) for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    scales = read_scales(paths)
    return {scale.name: scale for scale in sorted(scales, key=_room_count)}


def read_scales(paths: Iterable[Path]) -> list[Scale]:
    """Read and validate profile files.

    Raises:
        ConfigError: one is invalid; every mistake of every file is listed with its key.
    """
    problems = Problems()
    taken: dict[str, Path] = {}
    scales = []
    for path in paths:
        scale = read_yaml(path, Scale, problems)
        if scale is None:
            continue
        if scale.name in taken:
            problems.add(path, "name", f"{scale.name!r} is taken by {taken[scale.name]}")
        taken[scale.name] = path
        scales.append(scale)
    problems.refuse("the profiles")
    return scales


def find_profile(name: str) -> Profile:
    """Look up a profile by its name.

    Raises:
        UsageError: no such profile; the message lists those there are.
    """
    scales = load_scales()
    scale_name, _, duration = name.partition("-")
    if scale_name not in scales or duration not in DURATION_DAYS:
        raise UsageError(
            f"there is no profile {name!r}; choose one of: {', '.join(profile_names())}"
        )
    return Profile(scale=scales[scale_name], duration=duration, days=DURATION_DAYS[duration])


def profile_names() -> list[str]:
    """All profiles, smallest first."""
    return [f"{scale}-{duration}" for scale in load_scales() for duration in DURATION_DAYS]


def dataset_name(profile: str, seed: int) -> str:
    """Folder name of a dataset: ``small-1w_seed42``."""
    return f"{profile}_seed{seed}"


def _room_count(scale: Scale) -> int:
    return sum(plan.floors * plan.spaces_per_floor for plan in scale.buildings)
