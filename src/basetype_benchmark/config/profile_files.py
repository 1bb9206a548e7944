"""Profile files of the user's own, beside those that ship: read all, whatever is wrong with one."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from basetype_benchmark.config.profiles import ARCHETYPES, Profiles, Scale, ScaleFile, load_scales
from basetype_benchmark.config.yaml_files import Problems, read_yaml

_EXAMPLE = "profile_example.yaml"
_SUFFIXES = (".yaml", ".yml")


class _Named(BaseModel):
    """The one key by which a file is known however wrong the rest is."""

    model_config = ConfigDict(extra="ignore")

    name: str


def read_profiles(folder: Path, archetypes: Collection[str]) -> Profiles:
    """Read the files in a folder of the user's; there may be none, nor the folder.

    A file gives one scale. Its name must not be taken by a scale that ships or by another file,
    and its buildings must be of one of the `archetypes`.
    """
    shipped = load_scales()
    read: list[ScaleFile] = []
    takers: dict[str, str] = dict.fromkeys(shipped, "a scale that ships")
    try:
        paths = _list(folder)
    except OSError as error:
        mistake = f"{folder}: folder: cannot be read: {error.strerror}"
        read.append(ScaleFile(path=folder, name="", scale=None, mistakes=(mistake,)))
        paths = []
    for path in paths:
        file = _read(path, takers, archetypes)
        takers.setdefault(file.name, path.name)
        read.append(file)
    return Profiles(shipped=shipped, files=tuple(read))


def example_text() -> str:
    """Give a profile file that explains itself."""
    return (files("basetype_benchmark.config") / _EXAMPLE).read_text(encoding="utf-8")


def _list(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    return [path for path in entries if path.suffix in _SUFFIXES and not path.name.startswith(".")]


def _read(path: Path, takers: dict[str, str], archetypes: Collection[str]) -> ScaleFile:
    problems = Problems()
    scale = read_yaml(path, Scale, problems, {ARCHETYPES: sorted(archetypes)})
    named = read_yaml(path, _Named, Problems())
    name = path.stem if named is None else named.name
    if name in takers:
        problems.add(path, "name", f"must be another one: {name!r} is that of {takers[name]}")
    return ScaleFile(
        path=path,
        name=name,
        scale=None if problems.lines else scale,
        mistakes=tuple(problems.lines),
    )
