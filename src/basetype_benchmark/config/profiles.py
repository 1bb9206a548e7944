"""Profiles: how big a building (scale) and how long a history (duration)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from basetype_benchmark.config.yaml_files import Problems, read_yaml
from basetype_benchmark.errors import ConfigError, UsageError

DEFAULT_SEED = 42
DURATION_DAYS = {"2d": 2, "1w": 7, "1m": 30, "6m": 180, "1y": 365}
DEFAULT_SPACE_M2 = 100
LEAST_SPACE_M2 = 10  # on average; in a space below 1 m2 the equations of its air are not stable
MOST_BUILDINGS = 99  # their ids have two digits, and sort by them

ARCHETYPES = "archetypes"
"""Key of the validation context with the archetypes there are; without, any name is taken."""

_SCALE_NAME = "[a-z](?:[a-z0-9_-]{0,38}[a-z0-9])?"


def _check_scale_name(name: str) -> str:
    if not re.fullmatch(_SCALE_NAME, name):
        raise ValueError(
            "must be at most 40 of a-z, 0-9, - and _, begin with a letter and end with a letter "
            "or digit"
        )
    return name


def _check_archetype(name: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get(ARCHETYPES, [name])
    if name not in known:
        raise ValueError(f"must be one of {', '.join(known)}, not {name!r}")
    return name


def _check_number(buildings: tuple[BuildingPlan, ...]) -> tuple[BuildingPlan, ...]:
    if not 1 <= len(buildings) <= MOST_BUILDINGS:
        raise ValueError(f"must be 1 to {MOST_BUILDINGS} buildings, not {len(buildings)}")
    return buildings


class BuildingPlan(BaseModel):
    """One building of a scale: its floors, and how many spaces a floor has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    archetype: Annotated[str, AfterValidator(_check_archetype)] = Field(
        description="name of the building mix in the catalogue"
    )
    floors: int = Field(ge=1, le=99, strict=True)
    spaces_per_floor: int = Field(ge=3, le=200, strict=True)
    floor_area_m2: int | None = Field(
        default=None, ge=50, le=50_000, strict=True, description="None: 100 m2 a space"
    )
    tenants: int = Field(ge=1, le=50, strict=True)

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        needed_m2 = LEAST_SPACE_M2 * self.spaces_per_floor
        if self.floor_area_m2 is not None and self.floor_area_m2 < needed_m2:
            raise ValueError(
                f"floor_area_m2 must be at least {LEAST_SPACE_M2} a space, so {needed_m2}, not "
                f"{self.floor_area_m2}"
            )
        return self

    @property
    def spaces(self) -> int:
        """Of all floors."""
        return self.floors * self.spaces_per_floor

    @property
    def floor_m2(self) -> int:
        """Of each floor."""
        return self.floor_area_m2 or DEFAULT_SPACE_M2 * self.spaces_per_floor

    @property
    def area_m2(self) -> int:
        """Of all floors."""
        return self.floors * self.floor_m2


class Scale(BaseModel):
    """A scale: the buildings it has, in order. Buildings nest by position, see `nests_in`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(_check_scale_name)]
    purpose: str
    buildings: Annotated[tuple[BuildingPlan, ...], AfterValidator(_check_number)]

    @property
    def spaces(self) -> int:
        """Of all buildings."""
        return sum(plan.spaces for plan in self.buildings)

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


@dataclass(frozen=True, kw_only=True)
class ScaleFile:
    """A profile file of the user's own: the scale that it gives, or its mistakes.

    `name` is that of the scale; of the file where it states none that can be read.
    """

    path: Path
    name: str
    scale: Scale | None
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Profiles:
    """What a profile can be: the scales that ship, and those of files of the user's own.

    A file with mistakes is in the way of the profiles it would give, and of no other.
    """

    shipped: Mapping[str, Scale]
    files: tuple[ScaleFile, ...] = ()

    @property
    def scales(self) -> dict[str, Scale]:
        """By name: those that ship, smallest first, then those of files."""
        own = {file.scale.name: file.scale for file in self.files if file.scale is not None}
        return {**self.shipped, **own}

    @property
    def names(self) -> list[str]:
        """All profiles that can be made."""
        return [f"{scale}-{duration}" for scale in self.scales for duration in DURATION_DAYS]

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Of all files."""
        return tuple(mistake for file in self.files for mistake in file.mistakes)

    def find(self, name: str) -> Profile:
        """Look up a profile by its name.

        Raises:
            ConfigError: a file would give it, but has mistakes; all of them are listed.
            UsageError: there is no such profile; the message says what there is, and which files
                have mistakes.
        """
        scale_name, _, duration = name.rpartition("-")
        in_the_way = [file for file in self.files if file.mistakes and file.name == scale_name]
        if in_the_way:
            mistakes = "; ".join(mistake for file in in_the_way for mistake in file.mistakes)
            raise ConfigError(f"the profile {name!r} cannot be made: {mistakes}")
        if scale_name not in self.scales or duration not in DURATION_DAYS:
            raise UsageError(self._refusal(name))
        return Profile(
            scale=self.scales[scale_name], duration=duration, days=DURATION_DAYS[duration]
        )

    def _refusal(self, name: str) -> str:
        text = (
            f"there is no profile {name!r}; give <scale>-<duration>, for instance tiny-2d, with a "
            f"scale of {', '.join(self.scales)} and a duration of {', '.join(DURATION_DAYS)}"
        )
        if self.mistakes:
            text += f"; profile files with mistakes: {'; '.join(self.mistakes)}"
        return text


@cache
def load_scales() -> dict[str, Scale]:
    """Read the scales that ship with the package, smallest first.

    Raises:
        ConfigError: a profile file is invalid; every mistake is listed.
    """
    folder = files("basetype_benchmark.config") / "profiles"
    paths = sorted(Path(str(entry)) for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    scales = read_scales(paths)
    return {scale.name: scale for scale in sorted(scales, key=lambda scale: scale.spaces)}


def shipped_like(spaces: int) -> Scale:
    """Give the shipped scale that stands for one of so many spaces: the biggest with no more.

    The smallest where all have more.
    """
    smallest, *bigger = load_scales().values()
    return next((scale for scale in reversed(bigger) if scale.spaces <= spaces), smallest)


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
    """Look up one of the profiles that ship with the package.

    Raises:
        UsageError: no such profile ships; the message says which do.
    """
    return Profiles(shipped=load_scales()).find(name)


def scale_of_name(name: str) -> str | None:
    """Give the scale in the name of a profile, known or not; None if it is no such name."""
    durations = "|".join(DURATION_DAYS)
    found = re.fullmatch(f"({_SCALE_NAME})-(?:{durations})", name)
    return None if found is None else found[1]
