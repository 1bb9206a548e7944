import signal
import subprocess
import sys

import psutil
import pytest

from basetype_benchmark.infrastructure.local.ending import StopStep, describe_end, end_process

STUBBORN = """
import signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("set", flush=True)
sys.stdin.read()
"""
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"])
print(child.pid, flush=True)
sys.stdin.read()
"""


def python(code):
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (1, "exited with code 1"),
        (0, "exited with code 0"),
        (-11, "was killed by signal 11 (SIGSEGV)"),
        (-9, "was killed by signal 9 (SIGKILL; often the kernel, when memory runs out)"),
        (-50, "was killed by signal 50 (real-time)"),
    ],
)
def test_an_end_is_told_in_words(code, text):
    assert describe_end(code) == text


def test_a_gentle_signal_is_enough_for_the_willing():
    with python("import sys; sys.stdin.read()") as process:
        steps = [StopStep(signal=signal.SIGTERM, patience_s=20)]
        end_process(psutil.Process(process.pid), steps, "server")
        assert process.wait(5) == -signal.SIGTERM


def test_the_stubborn_are_killed_when_patience_is_over():
    with python(STUBBORN) as process:
        assert process.stdout.readline() == "set\n"
        steps = [StopStep(signal=signal.SIGTERM, patience_s=0.05)]
        end_process(psutil.Process(process.pid), steps, "server")
        assert process.wait(5) == -signal.SIGKILL


def test_children_end_with_their_server():
    with python(PARENT) as process:
        child = psutil.Process(int(process.stdout.readline()))
        end_process(psutil.Process(process.pid), (), "server")
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
        process.wait(5)


def test_a_process_that_is_gone_needs_no_end():
    with python("pass") as process:
        gone = psutil.Process(process.pid)
        process.wait(20)
    end_process(gone, [StopStep(signal=signal.SIGTERM, patience_s=1)], "server")
