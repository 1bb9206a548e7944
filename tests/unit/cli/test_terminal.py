"""Where nobody can be asked, btb alone prints its help."""

import os
import pty
import subprocess

from tests.unit.cli.terminal import BTB, run_btb


def test_without_a_terminal_there_is_help() -> None:
    ended = run_btb()
    assert ended.returncode == 0
    assert ended.stdout.startswith("Usage: btb")


def test_with_keys_but_no_screen_there_is_help() -> None:
    master, slave = pty.openpty()
    ended = subprocess.run(
        BTB,
        stdin=slave,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm"},
        text=True,
        timeout=60,
        check=False,
    )
    os.close(slave)
    os.close(master)
    assert ended.stdout.startswith("Usage: btb")
