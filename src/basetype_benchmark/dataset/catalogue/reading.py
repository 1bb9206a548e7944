"""Reads the folders of the catalogue; every mistake is kept, none is raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic

from basetype_benchmark.config.yaml_files import Model, Problems, read_yaml


@dataclass(frozen=True, kw_only=True)
class Entries(Generic[Model]):
    """The valid files of a folder, by id, and where each comes from.

    `names` are those of all its files: one with a mistake is not missing to those that name it.
    """

    folder: Path
    names: frozenset[str]
    entries: dict[str, Model] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[Path, Model]]:
        """Path and content of each, in order of the paths."""
        return ((self.paths[entry_id], entry) for entry_id, entry in self.entries.items())


def read_folder(
    folder: Path, model: type[Model], id_field: str, problems: Problems
) -> Entries[Model]:
    """Read all YAML files under a folder, by the id in `id_field`, which names the file too."""
    paths = sorted(folder.rglob("*.yaml"))
    found = Entries[Model](folder=folder, names=frozenset(path.stem for path in paths))
    for path in paths:
        entry = read_yaml(path, model, problems)
        if entry is None:
            continue
        entry_id = str(getattr(entry, id_field))
        if entry_id != path.stem:
            problems.add(path, id_field, f"must be the name of the file, {path.stem!r}")
        if entry_id in found.entries:
            problems.add(path, id_field, f"{entry_id!r} is taken by {found.paths[entry_id]}")
        found.entries[entry_id] = entry
        found.paths[entry_id] = path
    return found
