"""The reference of the command line: every command, argument and option, as ``--help`` has them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import typer
from typer.core import TyperGroup

from basetype_benchmark import errors
from basetype_benchmark.cli.commands import app
from scripts.reference.markdown import code, prose, table

_Command: TypeAlias = Any
_Context: TypeAlias = Any
"""Typer's own types of them are private."""

PAGES: Mapping[str, Sequence[str]] = {
    "cli/datasets.md": ("dataset",),
    "cli/measuring.md": (
        *("doctor", "scenarios", "queries", "query"),
        *("validate", "run", "resume", "compose"),
    ),
    "cli/results.md": ("campaigns", "results", "report", "compare", "verify", "publish"),
    "cli/purging.md": ("purge",),
}
"""By page, seen from the overview, which groups of commands and single ones it tells."""

_VALUES = {"int range": "number", "float range": "number"}


def make_tables() -> Mapping[str, str]:
    """Make the parts of all pages, by their names: those of the overview, and each group's own."""
    found = list(walk())
    groups: dict[str, str] = defaultdict(str)
    for path, command, context in found:
        groups[" ".join(path[:2])] += describe(path, command, context)
    return {
        "commands": table(("command", "does"), [_link_row(path, c) for path, c, _ in found]),
        "errors": table(("error", "exit code", "means"), map(_error_row, _error_classes())),
        **{group: text.lstrip("\n") for group, text in groups.items()},
    }


def walk() -> Iterator[tuple[tuple[str, ...], _Command, _Context]]:
    """Give every command with its path and context, groups left out, in the order of the help."""
    root = typer.main.get_command(app)
    yield from _walk(root, ("btb",), None)


def _walk(
    command: _Command, path: tuple[str, ...], parent: _Context
) -> Iterator[tuple[tuple[str, ...], _Command, _Context]]:
    context = command.context_class(command, info_name=path[-1], parent=parent)
    if not isinstance(command, TyperGroup):
        yield path, command, context
        return
    for name in command.list_commands(context):
        _, inner, _ = command.resolve_command(context, [name])
        yield from _walk(inner, (*path, name), context)


def describe(path: Sequence[str], command: _Command, context: _Context) -> str:
    """Give the part of one command."""
    usage = " ".join([*path, *command.collect_usage_pieces(context)])
    records = [(p, p.get_help_record(context)) for p in command.params]
    rows = [_option_row(*record) for p, record in records if record and "--help" not in p.opts]
    text = "\n\n".join(prose(part) for part in (command.help or "").split("\n\n"))
    parts = (f"\n## {' '.join(path)}\n", text + "\n", f"```text\n{usage}\n```\n")
    return "\n".join((*parts, table(("argument or option", "value", "meaning"), rows)))


def summary(command: _Command) -> str:
    """Give the first sentence of what a command says of itself."""
    text = prose(command.help or "")
    return re.split(r"(?<=\.) ", text, maxsplit=1)[0]


def anchor(path: Sequence[str]) -> str:
    """Give the anchor of a command's heading."""
    return "-".join(path)


def _link_row(path: Sequence[str], command: _Command) -> tuple[str, str]:
    page = next(page for page, groups in PAGES.items() if path[1] in groups)
    return f"[`{' '.join(path)}`]({page}#{anchor(path)})", summary(command)


def _option_row(names: str, text: str) -> tuple[str, str, str]:
    options, value = _split_value(names)
    choices = ", ".join(code(choice) for choice in value.strip("[]<>").split("|"))
    return code(options), _VALUES.get(value, choices), prose(text)


def _split_value(names: str) -> tuple[str, str]:
    """Take ``--seed INTEGER`` apart; an argument is its own value."""
    if not names.startswith("-"):
        return names.split(maxsplit=1)[0], ""
    found = re.fullmatch(r"((?:-{1,2}[\w-]+(?:, | / )?)+)(?: (.+))?", names)
    assert found is not None, names
    return found[1], found[2] or ""


def _error_classes() -> list[type[errors.BenchmarkError]]:
    found = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return [kind for kind in found if issubclass(kind, errors.BenchmarkError)][1:]


def _error_row(kind: type[errors.BenchmarkError]) -> tuple[str, str, str]:
    return code(kind.__name__), str(kind.exit_code), prose(kind.__doc__ or "")
