"""Reads and validates single files of the catalogue; every mistake is kept, none is raised."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)

_FastLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_FastLoader):  # type: ignore[valid-type, misc]
    """Refuses a key given twice, which YAML would let pass: the last one would win silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is given twice", key.start_mark
                )
            seen.add(key.value)
        content: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return content


@dataclass(frozen=True, kw_only=True)
class Problems:
    """Mistakes found so far, each as ``path: key: what was expected``."""

    lines: list[str] = field(default_factory=list)

    def add(self, path: Path, key: str, expected: str) -> None:
        """Note one mistake."""
        self.lines.append(f"{path}: {key}: {expected}")


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


def read_entry(path: Path, model: type[Model], problems: Problems) -> Model | None:
    """Read one file; None when it has mistakes, which are then in `problems`."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except FileNotFoundError:
        problems.add(path, "file", "is missing")
    except UnicodeDecodeError:
        problems.add(path, "file", "must be text in UTF-8")
    except yaml.YAMLError as error:
        problems.add(path, "file", f"must be valid YAML: {' '.join(str(error).split())}")
    else:
        return _validate(path, content, model, problems)
    return None


def read_folder(
    folder: Path, model: type[Model], id_field: str, problems: Problems
) -> Entries[Model]:
    """Read all YAML files under a folder, by the id in `id_field`, which names the file too."""
    paths = sorted(folder.rglob("*.yaml"))
    found = Entries[Model](folder=folder, names=frozenset(path.stem for path in paths))
    for path in paths:
        entry = read_entry(path, model, problems)
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


def _validate(path: Path, content: object, model: type[Model], problems: Problems) -> Model | None:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        for item in error.errors():
            key = ".".join(map(str, item["loc"])) or "file"
            problems.add(path, key, _expectation(item["type"], item["msg"]))
    return None


def _expectation(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "is not a key of this file; remove it or mend its spelling"
    if kind == "missing":
        return "must be given"
    return message.removeprefix("Value error, ")
