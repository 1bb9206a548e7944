"""Ports of the loopback interface."""

from __future__ import annotations

import errno
import socket

from basetype_benchmark.errors import PortInUse, ServiceUnavailable, UsageError

LOOPBACK = "127.0.0.1"


def pick_free_port() -> int:
    """Give a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free_port(port: int, title: str) -> None:
    """Make sure that a server can listen on `port`.

    Raises:
        UsageError: it is not a port.
        PortInUse: somebody else does.
        ServiceUnavailable: the port is not ours to take, for instance below 1024.
    """
    if not 0 < port < 65536:
        raise UsageError(f"{port} is not a port for {title}; choose one from 1024 to 65535")
    with socket.socket() as probe:
        # As servers do: a port whose last connections linger in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise port_in_use(port, title) from None
            raise ServiceUnavailable(
                f"{title} cannot listen on {LOOPBACK}:{port}: {error.strerror}; "
                "choose another port above 1023"
            ) from None


def port_in_use(port: int, title: str) -> PortInUse:
    """Word the error for a port that is taken."""
    return PortInUse(
        f"{title} cannot listen on {LOOPBACK}:{port}: another process does; "
        f"end it (`ss -ltnp 'sport = :{port}'` shows it) or choose another port"
    )
