"""What the processor packages of the host take: who can tell."""

from __future__ import annotations

from typing import Protocol


class EnergyMeter(Protocol):
    """Counts energy since it was opened. It must be read often: what it reads wraps around."""

    def read_uj(self) -> int | None:
        """Give microjoules since it was opened; None where the host does not tell. Never raises."""
        ...

    def close(self) -> None:
        """Give back descriptors; also twice."""
        ...


class NoEnergyMeter:
    """An `EnergyMeter` where the host does not tell."""

    def read_uj(self) -> int | None:
        """Read nothing."""
        return None

    def close(self) -> None:
        """Nothing is open."""
