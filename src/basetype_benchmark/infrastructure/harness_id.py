"""Which process made a container: told so that another can say whether it still lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from basetype_benchmark.infrastructure.local.process_record import CLOCK_TOLERANCE_S

_MACHINE_ID = Path("/etc/machine-id")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PID_NAMESPACE = Path("/proc/self/ns/pid")


class Life(StrEnum):
    """What can be told of a harness from here."""

    ALIVE = "alive"
    ENDED = "ended"
    UNKNOWN = "unknown"  # of another machine, or of a container whose processes we do not see


@dataclass(frozen=True, kw_only=True)
class HarnessId:
    """A process, unlike any other of any machine at any time."""

    machine: str
    boot: str
    pid_namespace: str
    pid: int
    create_time: float  # seconds since the epoch, as psutil gives it

    def __str__(self) -> str:
        place = f"{self.machine} {self.boot} {self.pid_namespace}"
        return f"{place} {self.pid} {self.create_time:.2f}"

    def life(self) -> Life:
        """Say whether that process lives."""
        here = this_harness()
        if self.machine != here.machine:
            return Life.UNKNOWN
        if self.boot != here.boot:
            return Life.ENDED
        if self.pid_namespace != here.pid_namespace:
            return Life.UNKNOWN
        return Life.ALIVE if _lives(self.pid, self.create_time) else Life.ENDED

    def is_this(self) -> bool:
        """Whether it is the process that asks."""
        return self.pid == os.getpid() and self.life() is Life.ALIVE


def this_harness() -> HarnessId:
    """Identify the process that asks."""
    return HarnessId(
        machine=machine_id(),
        boot=_read(_BOOT_ID) or "-",
        pid_namespace=_namespace(),
        pid=os.getpid(),
        create_time=psutil.Process().create_time(),
    )


def parse_harness_id(text: str) -> HarnessId | None:
    """Read what `str` wrote; None for anything else."""
    try:
        machine, boot, namespace, pid, create_time = text.split()
        return HarnessId(
            machine=machine,
            boot=boot,
            pid_namespace=namespace,
            pid=int(pid),
            create_time=float(create_time),
        )
    except ValueError:
        return None


def machine_id() -> str:
    """Name this machine: by the id of its installation, else by its name."""
    return _read(_MACHINE_ID) or socket.gethostname()


def _lives(pid: int, create_time: float) -> bool:
    try:
        process = psutil.Process(pid)
        age_fits = abs(process.create_time() - create_time) <= CLOCK_TOLERANCE_S
        return age_fits and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _namespace() -> str:
    try:
        return _PID_NAMESPACE.readlink().name
    except OSError:
        return "-"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
