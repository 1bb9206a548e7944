"""A Docker daemon of a test's own, which can be stopped, killed and configured badly.

It shares nothing with the one of the machine: files, bridge and addresses are its own, and it
writes no packet filter rules, which would remove those of the other. Ports are published by its
proxy alone. It must have a bridge: one that is told to have none removes the other's.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import docker
from docker.errors import DockerException

from basetype_benchmark.infrastructure.docker.daemon import probe_socket
from basetype_benchmark.infrastructure.ports import pick_free_port
from basetype_benchmark.infrastructure.waiting import wait_until

NETWORKS = 512
"""How many of 256 addresses there are in 198.18.0.0/15."""


class SecondDaemon:
    """Starts and stops ``dockerd`` on files under `folder`; `address` is that of its `bridge`."""

    def __init__(
        self,
        folder: Path,
        bridge: str,
        address: str,
        options: Sequence[str],
        launcher: Sequence[str],
    ) -> None:
        self._folder = folder
        self._bridge = bridge
        self._options = options
        self._launcher = launcher
        self._process: subprocess.Popen[bytes] | None = None
        self.socket_url = f"unix://{folder}/docker.sock"
        self.tcp_url = f"tcp://{address}:{pick_free_port()}"

    def start(self) -> None:
        """Start it and wait for its answer; nothing when it runs."""
        if self._process is not None:
            return
        command = [
            *self._launcher,
            "dockerd",
            f"--data-root={self._folder}/data",
            f"--exec-root={self._folder}/exec",
            f"--pidfile={self._folder}/docker.pid",
            f"--host={self.socket_url}",
            f"--host={self.tcp_url}",
            f"--bridge={self._bridge}",
            "--tls=false",
            "--iptables=false",
            "--ip-masq=false",
            "--ip-forward=false",
            *self._options,
        ]
        with Path(self._folder, "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        wait_until("a second daemon", self._why_not_ready, deadline_s=60, poll_s=0.1)

    def stop(self) -> None:
        """Stop it in order, and with it its containers."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)
            self._process = None

    def client(self) -> docker.DockerClient:
        """Connect to its socket."""
        return docker.DockerClient(base_url=self.socket_url, timeout=30)

    def _why_not_ready(self) -> str | None:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(Path(self._folder, "log").read_text()[-2000:])
        try:
            probe_socket(self.socket_url)
        except OSError as error:
            return str(error)
        try:
            self.client().close()
        except (DockerException, OSError) as error:
            return str(error)
        return None


@contextmanager
def second_daemon(*options: str, launcher: Sequence[str] = ()) -> Iterator[SecondDaemon]:
    """Give a running daemon with further options, begun by a command that becomes it.

    Nothing of it is left afterwards.
    """
    # Its sockets lie under it, whose paths may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="btb-dockerd-"))
    bridge = f"btbt{secrets.token_hex(3)}"
    address = unused_address()
    with ExitStack() as stack:
        stack.callback(_remove, folder)
        _ip("link", "add", bridge, "type", "bridge")
        stack.callback(_ip, "link", "delete", bridge)
        _ip("address", "add", f"{address}/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        daemon = SecondDaemon(folder, bridge, address, options, launcher)
        stack.callback(daemon.stop)
        daemon.start()
        yield daemon


def unused_address() -> str:
    """Give one of a network that nobody here has, of those that are kept free for tests.

    Processes that ask at the same time begin at different ones.
    """
    done = subprocess.run(
        ["ip", "-oneline", "-4", "address"], check=True, capture_output=True, text=True
    )
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = os.getpid() + worker * NETWORKS // 8
    for number in range(first, first + NETWORKS):
        second, third = divmod(number % NETWORKS, 256)
        if f" 198.{18 + second}.{third}." not in done.stdout:
            return f"198.{18 + second}.{third}.1"
    raise AssertionError("all networks for tests are taken")


def copy_image(source: docker.DockerClient, daemon: SecondDaemon, reference: str) -> None:
    """Give it an image that another daemon has."""
    client = daemon.client()
    try:
        archive = b"".join(source.images.get(reference).save(named=True))
        client.images.load(archive)
    finally:
        client.close()


def _remove(folder: Path) -> None:
    if os.path.ismount(folder / "data"):  # it mounts that on itself, and a failed start leaves it
        subprocess.run(["umount", folder / "data"], check=True)
    shutil.rmtree(folder)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
