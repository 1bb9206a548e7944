"""Commands that the menu runs as child processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from basetype_benchmark.cli.menu.shell import ChildShell, command_line, describe_ending
from basetype_benchmark.infrastructure.waiting import wait_until


def wait_for(file: Path) -> None:
    wait_until(file.name, lambda: None if file.exists() else "it is not there", deadline_s=30)


def test_a_command_is_shown_as_it_can_be_copied() -> None:
    assert (
        command_line(("run", "tiny-2d", "--cells", "*.P1.*")) == "btb run tiny-2d --cells '*.P1.*'"
    )


def test_a_command_runs_as_one_typed_in_a_shell(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert ChildShell().run(("dataset", "list", "--home", str(tmp_path))) == 0
    assert ChildShell().run(("rum",)) == 2
    said = capfd.readouterr().err
    assert said.index("$ btb dataset list") < said.index("no dataset in") < said.index("(done)")
    assert said.index("Did you mean") < said.index("(ended with exit code 2)")


def test_endings_are_told_apart() -> None:
    assert [describe_ending(code) for code in (0, 130, 1)] == [
        "(done)",
        "(interrupted)",
        "(ended with exit code 1)",
    ]


WAITING_CHILD = """
import signal, sys, time
from pathlib import Path
from basetype_benchmark.cli.menu import shell
shell.BTB = (sys.executable, "-c", '''
import signal, sys, time
from pathlib import Path
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
def end(*_):
    Path(sys.argv[1], "told").touch()
    sys.exit(130)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
Path(sys.argv[1], "ready").touch()
time.sleep(60)
''')
try:
    print(shell.ChildShell().run(sys.argv[1:]))
except shell.ToldToEnd:
    print("told")
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_is_told_to_end_tells_the_command_and_waits_for_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-c", WAITING_CHILD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        wait_for(tmp_path / "ready")
        process.send_signal(number)
        assert process.communicate()[0].split() == ["told", "True"]
    assert (tmp_path / "told").exists()


def test_ctrl_c_is_the_commands_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WAITING_CHILD, str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        wait_for(tmp_path / "ready")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        assert process.communicate()[0].split() == ["130", "True"]
