"""What every screen of the menu is given."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.cli.menu.shell import Shell
from basetype_benchmark.cli.prompts import Ask
from basetype_benchmark.config.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Session:
    """Whom to ask, what runs commands, and where things lie."""

    ask: Ask
    shell: Shell
    settings: Settings
