import signal
import subprocess
import sys

import pytest

from basetype_benchmark.cli.commands import COMMANDS
from basetype_benchmark.cli.main import run_command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_exists(name: str, capsys: pytest.CaptureFixture[str]):
    assert run_command([name, "--help"]) == 0
    assert f"Usage: btb {name}" in capsys.readouterr().out


def test_help_of_all_commands_imports_none_of_them():
    code = (
        "import sys\n"
        "from basetype_benchmark.cli.main import run_command\n"
        "run_command(['--help'])\n"
        "print(sorted({'numpy', 'polars', 'pyarrow', 'psycopg', 'httpx'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.endswith("\n[]\n")


def test_misspelt_command_is_told_the_nearest(capsys: pytest.CaptureFixture[str]):
    assert run_command(["rum"]) == 2
    assert "Did you mean 'run'" in capsys.readouterr().err


def test_an_interrupt_while_modules_are_imported_ends_without_a_stack_trace():
    code = (
        "import signal, sys\n"
        "from basetype_benchmark.cli.main import run_command\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'basetype_benchmark.cli.invocation':\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "run_command(['scenarios'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")


def test_an_interrupt_is_caught_again_once_they_are_imported():
    run_command(["--version"])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
