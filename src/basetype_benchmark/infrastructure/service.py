"""What a running server is to the rest: an endpoint, a readiness, a version, an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from basetype_benchmark.benchmark.resources import Meter

CLIENT_GRACE_S = 2.0
"""How much longer than a server's own time limit every client waits before it gives up.

The same for all engines. It is there for the server to end the statement itself, which keeps the
connection; it gives no query more time.
"""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a server is reached. `host` is a name, an address, or a folder with a Unix socket."""

    host: str
    port: int
    database: str = ""
    user: str = ""
    password: str | None = None


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting that differs from the server's default, and why."""

    name: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ServerStart:
    """How a server of ours is to be started.

    `data_dir` is its folder, created when missing; a container has a volume named after it.
    `timeout_s` is the per-query limit, for servers that must be told at their start. With
    `is_fresh` it begins with a new, empty store. `ram_bytes` is the limit that the kernel holds it
    to, and the budget its settings are computed from; None: no limit.
    """

    data_dir: Path
    timeout_s: float
    is_fresh: bool = False
    ram_bytes: int | None = None


class Service(Protocol):
    """A server that runs while the context is open.

    Entering starts it and returns when it answers a real query; leaving stops it, whatever
    happened in between.
    """

    @property
    def engine(self) -> str:
        """Id in the engine table: ``postgresql``, ``oxigraph``."""
        ...

    @property
    def provider(self) -> str:
        """``local``, ``docker`` or ``external``."""
        ...

    @property
    def endpoint(self) -> Endpoint:
        """Where it is reached; only while it runs."""
        ...

    @property
    def version(self) -> str:
        """What the server says it is: ``PostgreSQL 18.6 (no TimescaleDB)``."""
        ...

    @property
    def settings(self) -> Sequence[Setting]:
        """The settings as applied; empty for an external server."""
        ...

    @property
    def is_ours(self) -> bool:
        """Whether we started it, so that nobody else writes to it and we may restart it."""
        ...

    @property
    def ram_bytes(self) -> int | None:
        """The limit that the kernel holds it to; None: there is none, or it is not ours."""
        ...

    def store_bytes(self) -> int | None:
        """Add up what its store takes on disk; None for a server that is not ours."""
        ...

    def open_meter(self) -> Meter:
        """Give what reads the server's use of the machine; the caller closes it.

        Its counters go on over a restart.
        """
        ...

    def oom_kills(self) -> int | None:
        """Count its processes that the kernel ended for lack of memory since it was entered.

        It never falls, over restarts neither. None where nothing tells.
        """
        ...

    def why_not_ready(self) -> str | None:
        """Give the reason why a real query fails now; None when the server answers."""
        ...

    def why_dead(self) -> str | None:
        """Say how the process ended (exit code or signal, last log line); None while it runs."""
        ...

    def restart(self) -> None:
        """Stop the server at once and start it on the same data: the end of a stuck query."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
