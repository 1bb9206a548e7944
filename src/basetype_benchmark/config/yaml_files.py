"""Reads and validates YAML files; every mistake is kept, so that all are told together."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
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
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be a word", key.start_mark
                )
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


def read_yaml(
    path: Path,
    model: type[Model],
    problems: Problems,
    context: Mapping[str, object] | None = None,
    **known: object,
) -> Model | None:
    """Read one file; None when it has mistakes, which are then in `problems`.

    `context` is handed to the validators of the model, `known` are keys of it that are not the
    file's to give.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except FileNotFoundError:
        problems.add(path, "file", "is missing")
    except OSError as error:
        problems.add(path, "file", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        problems.add(path, "file", "must be text in UTF-8")
    except (yaml.YAMLError, ValueError) as error:  # the latter for dates and numbers that are none
        problems.add(path, "file", f"must be valid YAML: {_in_a_line(error)}")
    else:
        return _validate(path, _complete(path, content, known, problems), model, problems, context)
    return None


def _complete(path: Path, content: object, known: dict[str, object], problems: Problems) -> object:
    """Add what is known to what a file gives, and may not give itself."""
    if not isinstance(content, dict):
        return content
    for key in content.keys() & known:
        problems.add(path, key, "is not a key of this file; remove it")
    return {**content, **known}


def _validate(
    path: Path,
    content: object,
    model: type[Model],
    problems: Problems,
    context: Mapping[str, object] | None,
) -> Model | None:
    try:
        return model.model_validate(content, context=context)
    except ValidationError as error:
        for item in error.errors():
            key = ".".join(map(str, item["loc"])) or "file"
            problems.add(path, key, _expectation(item["type"], item["msg"], item["input"]))
    return None


def _in_a_line(error: Exception) -> str:
    """Write out what is wrong and where; the name of the file is told elsewhere."""
    return " ".join(str(error).split()).replace('in "<unicode string>", ', "at ")


_EXPECTATIONS = {
    "extra_forbidden": "is not a key of this file; remove it or mend its spelling",
    "missing": "must be given",
    "model_type": "must be keys with values, each written as key: value",
    "tuple_type": "must be a list",
}


def _expectation(kind: str, message: str, given: object) -> str:
    if kind in _EXPECTATIONS:
        return _EXPECTATIONS[kind]
    if kind != "value_error" and isinstance(given, int | float | str):
        return f"{message}, not {given!r:.60}"
    return message.removeprefix("Value error, ")
