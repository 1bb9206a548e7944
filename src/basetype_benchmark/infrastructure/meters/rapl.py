"""Energy of the processor packages, as their own counters tell (RAPL)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from basetype_benchmark.benchmark.monitoring.energy import NoEnergyMeter
from basetype_benchmark.infrastructure.cgroups.kernel_files import KernelFile, parse_number

POWERCAP = Path("/sys/class/powercap")
# Whole zones alone: ``intel-rapl:0:1`` is a part of one. AMD's are called the same.
_ZONE = re.compile(r"intel-rapl:\d+")


class RaplMeter:
    """Adds up the counters of all packages; each wraps around within minutes to hours.

    It says what a whole processor took, not what one server did, and in a virtual machine most
    often nothing.
    """

    def __init__(self, packages: Sequence[Package]) -> None:
        self._packages = packages

    def read_uj(self) -> int | None:
        """Give microjoules since it was opened; None when a package does not tell."""
        totals = [package.read_uj() for package in self._packages]
        known = [total for total in totals if total is not None]
        return sum(known) if len(known) == len(totals) else None

    def close(self) -> None:
        """Give back the descriptors."""
        for package in self._packages:
            package.close()


class Package:
    """One counter, followed over its wraps."""

    def __init__(self, zone: Path) -> None:
        self._file = KernelFile(zone / "energy_uj")
        range_file = KernelFile(zone / "max_energy_range_uj")
        self._range_uj = parse_number(range_file.read())
        range_file.close()
        self._last_uj = parse_number(self._file.read())
        self._total_uj = 0

    @property
    def is_readable(self) -> bool:
        """Whether it tells at all: most kernels let root alone read it."""
        return self._last_uj is not None and self._range_uj is not None

    def read_uj(self) -> int | None:
        """Give microjoules since it was opened."""
        now_uj = parse_number(self._file.read())
        if now_uj is None or self._last_uj is None or self._range_uj is None:
            return None
        wrapped_uj = self._range_uj if now_uj < self._last_uj else 0
        self._total_uj += now_uj - self._last_uj + wrapped_uj
        self._last_uj = now_uj
        return self._total_uj

    def close(self) -> None:
        """Give back the descriptor."""
        self._file.close()


def open_energy_meter(powercap: Path = POWERCAP) -> RaplMeter | NoEnergyMeter:
    """Open the counters of all packages; the caller closes them."""
    packages = [Package(zone) for zone in sorted(powercap.glob("*")) if _is_package(zone)]
    if packages and all(package.is_readable for package in packages):
        return RaplMeter(packages)
    for package in packages:
        package.close()
    return NoEnergyMeter()


def _is_package(zone: Path) -> bool:
    if _ZONE.fullmatch(zone.name) is None:
        return False
    try:
        return (zone / "name").read_text(encoding="ascii", errors="replace").startswith("package")
    except OSError:
        return False
