"""Every command that a page shows is one that ``btb`` understands, also where it is not run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from basetype_benchmark.cli.commands import app
from tests.docs.blocks import DOCS, ROOT, read_blocks

READMES = [ROOT / "README.md", ROOT / "README.fr.md"]
PAGES = [*READMES, *sorted(DOCS.rglob("*.md"))]


def commands(page: Path) -> Iterator[Sequence[str]]:
    """Give the words of every command of `btb` in the shell blocks of a page, without `btb`."""
    for block in read_blocks(page):
        if block.language != "sh":
            continue
        text = re.sub(r"<(\w+)>", r"\1", block.text.replace("\\\n", " "))
        for line in text.splitlines():
            yield from commands_of(line)


def commands_of(line: str) -> Iterator[Sequence[str]]:
    """Take a line of shell apart at its operators."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    command: list[str] = []
    for word in [*lexer, ";"]:
        if not set(word) <= set("();<>|&"):
            command.append(word)
            continue
        if "btb" in command:
            yield command[command.index("btb") + 1 :]
        command = []


def parse(words: Sequence[str]) -> None:
    """Parse a command as `btb` does, and do not run it."""
    command: Any = typer.main.get_command(app)
    name, rest, context = "btb", [word for word in words if word != "--debug"], None
    while True:
        context = command.make_context(name, rest, parent=context)
        waiting = [*context._protected_args, *context.args]
        if not waiting:
            return
        name, command, rest = command.resolve_command(context, waiting)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_is_understood(page: Path) -> None:
    for words in commands(page):
        try:
            parse(words)
        except typer.TyperException as refusal:
            pytest.fail(f"btb {' '.join(words)}: {refusal.format_message()}")


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_readmes_show_commands(page: Path) -> None:
    assert len(list(commands(page))) > 5


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("btb publish results CAMPAIGN --dry-run", "--repo"),
        ("btb run tiny-2d --no-such", "--no-such"),
        ("sudo btb nothing", "nothing"),
    ],
)
def test_what_btb_does_not_understand_is_noticed(line: str, said: str) -> None:
    [words] = commands_of(line)
    with pytest.raises(typer.TyperException) as refusal:
        parse(words)
    assert said in refusal.value.format_message()
