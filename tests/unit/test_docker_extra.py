"""The Docker client is an extra: not imported before it is needed, and told when it is missing."""

import subprocess
import sys

WITHOUT = """
import sys
sys.modules["docker"] = None  # as if it were not installed
from basetype_benchmark.cli.main import run_command
sys.exit(run_command(sys.argv[1:]))
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], check=False, capture_output=True, text=True
    )


def test_the_engines_are_imported_without_the_client():
    done = run("import basetype_benchmark.engines, sys; print('docker' in sys.modules)")
    assert done.stdout == "False\n"


def test_without_the_client_its_commands_say_how_to_get_it():
    hint = "the Docker client for Python is not installed; pip install 'basetype-benchmark[docker]'"
    needed = run(WITHOUT, "doctor", "--provider", "docker")
    assert hint in needed.stderr + needed.stdout
    purge = run(WITHOUT, "purge", "containers", "--json")
    assert (purge.returncode, hint in purge.stderr + purge.stdout) == (3, True)
