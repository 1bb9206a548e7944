"""Reads and validates YAML files; every mistake is kept, so that all are told together."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from basetype_benchmark.errors import ConfigError

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

    def refuse(self, what: str) -> None:
        """End here if there are any; `what` says what has them: ``the profiles``.

        Raises:
            ConfigError: there are mistakes; all are listed.
        """
        if self.lines:
            raise ConfigError(f"{what} have mistakes: {'; '.join(self.lines)}")


def read_yaml(path: Path, model: type[Model], problems: Problems, **known: object) -> Model | None:
    """Read one file; None when it has mistakes, which are then in `problems`.

    `known` are keys of the model that are not the file's to give.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except FileNotFoundError:
        problems.add(path, "file", "is missing")
    except OSError as error:
        problems.add(path, "file", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        problems.add(path, "file", "must be text in UTF-8")
    except yaml.YAMLError as error:
        problems.add(path, "file", f"must be valid YAML: {' '.join(str(error).split())}")
    else:
        return _validate(path, content, model, known, problems)
    return None


def _validate(
    path: Path,
    content: object,
    model: type[Model],
    known: dict[str, object],
    problems: Problems,
) -> Model | None:
    if isinstance(content, dict):
        for key in content.keys() & known:
            problems.add(path, key, "is not a key of this file; remove it")
        content = {**content, **known}
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
