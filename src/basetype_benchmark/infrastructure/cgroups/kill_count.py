"""How many processes of a group the kernel ended for lack of memory."""

from __future__ import annotations

from pathlib import Path

from basetype_benchmark.infrastructure.cgroups.kernel_files import KernelFile, parse_table


class KillCount:
    """The line ``oom_kill`` of a group's file; after the group's removal, the last one seen.

    The file stays open until `close`.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = KernelFile(file)
        self._last: int | None = None

    def read(self) -> int | None:
        """Read it; None where the kernel does not count them."""
        now = parse_table(self._file.read()).get(b"oom_kill")
        self._last = self._last if now is None else now
        return self._last

    def close(self) -> None:
        """Give back the descriptor; also twice."""
        self._file.close()
