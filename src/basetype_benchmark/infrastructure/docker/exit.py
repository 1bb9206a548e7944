"""How a container ended, in words."""

from __future__ import annotations

import signal

from basetype_benchmark.errors import DiskFull, HostError, ServiceUnavailable
from basetype_benchmark.infrastructure.docker_manager import ContainerState
from basetype_benchmark.units import format_bytes

_BY_SIGNAL = 128  # what a shell and Docker add to the number of the signal that ended a process


def describe_exit(state: ContainerState, ram_bytes: int | None) -> str:
    """Say how a container that does not run has ended: ``exited with code 1``."""
    code = state.exit_code
    if state.is_oom_killed and code == _BY_SIGNAL + signal.SIGKILL:
        limit = "" if ram_bytes is None else f" of {format_bytes(ram_bytes)}"
        return f"ran out of memory{limit} and was killed by the kernel (exit code {code})"
    if code > _BY_SIGNAL and (name := _signal_name(code - _BY_SIGNAL)):
        return f"was ended by {name} (exit code {code})"
    return f"exited with code {code}" + (f": {state.error}" if state.error else "")


def start_error(death: str) -> HostError:
    """Word that a server ended before it was ready."""
    if "No space left on device" in death:
        return DiskFull(f"{death}; free some space on the disk of the Docker daemon")
    return ServiceUnavailable(death)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return ""
