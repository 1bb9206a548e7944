"""A proxy before a server that keeps every byte its clients send."""

from __future__ import annotations

import selectors
import socket
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from basetype_benchmark.benchmark.resources import Meter
from basetype_benchmark.infrastructure.ports import LOOPBACK
from basetype_benchmark.infrastructure.service import Endpoint, Service, Setting


class RecordingProxy:
    """A service like the one behind it, but for its address; `sent` is by connection, in order."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._folder = tempfile.TemporaryDirectory(prefix="btb-wire-")  # short, as sockets want it
        self._listener = _listen(service.endpoint, Path(self._folder.name))
        self._sent: list[bytearray] = []
        self._guard = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def sent(self) -> list[bytes]:
        """What was sent so far on each connection; an answer that came says that it is whole."""
        with self._guard:
            return [bytes(part) for part in self._sent]

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                record = bytearray()
                self._sent.append(record)
                pair = threading.Thread(target=self._relay, args=(client, record), daemon=True)
                self._threads.append(pair)
                pair.start()

    def _relay(self, client: socket.socket, record: bytearray) -> None:
        with client, _dial(self._service.endpoint) as server, selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            with suppress(OSError):  # either side may break the connection
                while True:
                    for key, _ in ready.select():
                        source = client if key.data is server else server
                        data = source.recv(1 << 16)
                        if not data:
                            return
                        if source is client:
                            with self._guard:
                                record += data
                        key.data.sendall(data)

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=10)
        self._folder.cleanup()

    @property
    def endpoint(self) -> Endpoint:
        """Where the proxy listens; the rest is the server's."""
        behind = self._service.endpoint
        if behind.host.startswith("/"):
            return replace(behind, host=self._folder.name)
        return replace(behind, port=self._listener.getsockname()[1])

    @property
    def engine(self) -> str:
        return self._service.engine

    @property
    def provider(self) -> str:
        return self._service.provider

    @property
    def version(self) -> str:
        return self._service.version

    @property
    def settings(self) -> Sequence[Setting]:
        return self._service.settings

    @property
    def is_ours(self) -> bool:
        return self._service.is_ours

    @property
    def ram_bytes(self) -> int | None:
        return self._service.ram_bytes

    def store_bytes(self) -> int | None:
        return self._service.store_bytes()

    def open_meter(self) -> Meter:
        return self._service.open_meter()

    def oom_kills(self) -> int | None:
        return self._service.oom_kills()

    def why_not_ready(self) -> str | None:
        return self._service.why_not_ready()

    def why_dead(self) -> str | None:
        return self._service.why_dead()

    def restart(self) -> None:
        self._service.restart()


def _listen(behind: Endpoint, folder: Path) -> socket.socket:
    """Listen as the server does: on loopback, or on a socket of the same name in `folder`."""
    if not behind.host.startswith("/"):
        return socket.create_server((LOOPBACK, 0))
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / _find_socket(behind).name))
    listener.listen()
    return listener


def _dial(endpoint: Endpoint) -> socket.socket:
    if not endpoint.host.startswith("/"):
        return socket.create_connection((endpoint.host, endpoint.port))
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(_find_socket(endpoint)))
    return connection


def _find_socket(endpoint: Endpoint) -> Path:
    (found,) = (path for path in Path(endpoint.host).iterdir() if path.is_socket())
    return found
