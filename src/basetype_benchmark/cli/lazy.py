"""Commands that are imported when they are called, so that ``btb --help`` answers at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, kw_only=True)
class LazyCommand:
    """Where a command is: a function, or a group of commands, of a module; and what it is for."""

    module: str
    attribute: str
    help: str


def lazy_group(table: Mapping[str, LazyCommand]) -> type[TyperGroup]:
    """Make the class of a group that knows its commands by this table, in its order."""

    class LazyGroup(TyperGroup):
        def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of any group
            super().__init__(**settings)
            self.commands = {
                name: TyperCommand(name, short_help=entry.help) for name, entry in table.items()
            }

        def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401 - typer's own types are private
            name, known, rest = super().resolve_command(ctx, args)
            return name, known and _load(str(name), table[str(name)]), rest

    return LazyGroup


def _load(name: str, entry: LazyCommand) -> object:
    found = getattr(import_module(entry.module), entry.attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name)(found)
    return typer.main.get_command(single)
