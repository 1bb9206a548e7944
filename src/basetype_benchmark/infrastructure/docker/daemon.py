"""The Docker daemon: found and fit for the benchmark, or the reason why there is none.

Supported are the classic daemon of this machine, rootless ones and Docker Desktop, each through
its socket, and remote ones through ``tcp://``. Refused, each with its reason: ``ssh://`` addresses,
daemons for Windows containers, Podman's service, and daemons older than 20.10.
"""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.errors import (
    DaemonAway,
    NotThere,
    daemon_errors,
    describe_cause,
    os_error_in,
)
from basetype_benchmark.infrastructure.ports import LOOPBACK
from basetype_benchmark.infrastructure.waiting import WaitTimeout, wait_until

if TYPE_CHECKING:
    import docker

ANSWER_DEADLINE_S = 10
WORK_DEADLINE_S = 120  # starting and removing containers on a loaded machine
INSTALL_COMMAND = "pip install 'basetype-benchmark[docker]'"
START_COMMAND = "systemctl start docker"
OLDEST_API = (1, 41)  # Docker 20.10: the first with statistics of one moment
_NOBODY_LISTENS = frozenset({errno.ENOENT, errno.ECONNREFUSED, errno.ECONNRESET, errno.EPIPE})


@dataclass(frozen=True, kw_only=True)
class DaemonFacts:
    """What a daemon says of itself, as far as it matters to us.

    `address` is where the ports of its containers are published, and where we reach them: the
    loopback interface, else the remote host's. `cgroup_version` is 1 or 2.
    """

    address: str
    is_remote: bool
    is_rootless: bool
    cgroup_version: int
    limits_memory: bool
    limits_swap: bool
    swap_bytes: int | None  # of the daemon's machine; None: it is another one


def connect_daemon() -> docker.DockerClient:
    """Connect to the daemon of ``DOCKER_HOST``, else of Docker's current context.

    Raises:
        DaemonAway: nobody listens there: it can be back in a moment.
        ServiceUnavailable: none answers for another reason, or the client is not installed.
    """
    try:
        import docker  # noqa: PLC0415 - slow to import, and an extra
        from docker.errors import DockerException  # noqa: PLC0415
    except ImportError:
        raise ServiceUnavailable(
            f"the Docker client for Python is not installed; {INSTALL_COMMAND}"
        ) from None
    url = find_daemon_url()
    if url.startswith("ssh://"):
        raise ServiceUnavailable(_WHY_NO_SSH.format(url=url))
    try:
        probe_socket(url)
        client = docker.from_env(timeout=ANSWER_DEADLINE_S)
        client.ping()
    except DockerException as error:
        raise _absence(url, error) from None
    except OSError as error:  # what the HTTP client raises is one of these
        raise _absence(url, error) from None
    client.api.timeout = WORK_DEADLINE_S
    return client


def await_daemon(patience_s: float) -> docker.DockerClient:
    """Connect as soon as a daemon that is just being restarted is back.

    Raises:
        DaemonAway: it was not within `patience_s`.
        ServiceUnavailable: it is not for us, which waiting does not mend.
    """
    connected: list[docker.DockerClient] = []
    away: list[DaemonAway] = []

    def why_not() -> str | None:
        try:
            connected.append(connect_daemon())
        except DaemonAway as error:
            away.append(error)
            return str(error)
        return None

    try:
        wait_until("the Docker daemon", why_not, deadline_s=patience_s, poll_s=0.1)
    except WaitTimeout:
        raise away[-1] from None
    return connected[0]


def find_daemon_url() -> str:
    """Give the address that the client will take, for instance ``unix:///var/run/docker.sock``."""
    from docker.context import ContextAPI  # noqa: PLC0415
    from docker.errors import DockerException  # noqa: PLC0415
    from docker.utils import kwargs_from_env  # noqa: PLC0415

    with suppress(DockerException):
        if url := kwargs_from_env().get("base_url"):
            return str(url)
        context = ContextAPI.get_current_context()
        if context is not None and context.Host:
            return str(context.Host)
    return "unix:///var/run/docker.sock"


def probe_socket(url: str) -> None:
    """Connect to a daemon's socket and leave; nothing for other addresses.

    The client would say less of why it cannot, and leave its own socket open.

    Raises:
        OSError: nobody listens, or it is not ours to use.
    """
    if url.startswith("unix:"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(ANSWER_DEADLINE_S)
            probe.connect(urlsplit(url).path)


def describe_absence(url: str, error: BaseException) -> str:
    """Say why no daemon answers at `url`, and what mends it."""
    system = os_error_in(error)
    code = None if system is None else system.errno
    if not url.startswith("unix:"):
        return (
            f"no Docker daemon answers at {url}: {describe_cause(error)}; see that it runs there, "
            "or take this machine's: unset DOCKER_HOST"
        )
    path = urlsplit(url).path
    if code == errno.ENOENT:
        return (
            f"no Docker daemon answers: there is no socket {path}; start it: {START_COMMAND} "
            "(or install it: apt-get install docker.io)"
        )
    if code == errno.EACCES:
        return (
            f"the Docker daemon's socket {path} is not ours to use: permission denied; "
            'join its group and log in anew: sudo usermod -aG docker "$USER"'
        )
    return f"no Docker daemon answers at {path}: {describe_cause(error)}; start it: {START_COMMAND}"


def _absence(url: str, error: BaseException) -> ServiceUnavailable:
    system = os_error_in(error)
    is_away = system is not None and system.errno in _NOBODY_LISTENS
    return (DaemonAway if is_away else ServiceUnavailable)(describe_absence(url, error))


def read_facts(client: docker.DockerClient) -> DaemonFacts:
    """Ask a daemon what it can do.

    Raises:
        ServiceUnavailable: it is of a kind that we do not support.
    """
    with daemon_errors("describe itself"):
        info, version = client.info(), client.version()
    if reason := why_unsupported(info, version):
        raise ServiceUnavailable(reason)
    address = _address(client.api.base_url)
    is_remote = address != LOOPBACK
    return DaemonFacts(
        address=address,
        is_remote=is_remote,
        is_rootless=any("rootless" in option for option in info.get("SecurityOptions") or []),
        cgroup_version=2 if str(info.get("CgroupVersion")) == "2" else 1,
        limits_memory=bool(info.get("MemoryLimit")),
        limits_swap=bool(info.get("SwapLimit")),
        swap_bytes=None if is_remote else psutil.swap_memory().total,
    )


def why_unsupported(info: dict[str, object], version: dict[str, object]) -> str | None:
    """Say why a daemon that describes itself so is not for us; None when it is."""
    components = version.get("Components")
    names = [c.get("Name", "") for c in components] if isinstance(components, list) else []
    if any("podman" in name.lower() for name in names):
        return (
            "what answers is Podman, which tells neither of memory in detail nor of containers "
            "that run out of it; take a Docker daemon: apt-get install docker.io"
        )
    if info.get("OSType") != "linux":
        return f"the Docker daemon runs {info.get('OSType')} containers; switch it to Linux ones"
    api = str(version.get("ApiVersion", "0"))
    if tuple(int(part) for part in api.split(".")) < OLDEST_API:
        return (
            f"the Docker daemon is too old (API {api}); install Docker 20.10 or newer, which has "
            f"API {'.'.join(map(str, OLDEST_API))}"
        )
    return None


def why_no_limit(facts: DaemonFacts) -> str | None:
    """Say why the daemon cannot hold a container to a RAM limit; None when it can."""
    if not facts.limits_memory:
        if facts.is_rootless:
            return (
                "the rootless Docker daemon cannot limit memory: its user has no memory "
                "controller; it needs control groups of version 2 and "
                "`Delegate=cpu cpuset io memory pids` in user@.service of systemd, or take the "
                "classic daemon: unset DOCKER_HOST"
            )
        return (
            "the Docker daemon cannot limit memory: its kernel has no memory controller; "
            "boot it with cgroup_enable=memory"
        )
    if not facts.limits_swap and facts.swap_bytes != 0:
        return (
            "the Docker daemon cannot keep containers from swapping, so a RAM limit would mean "
            "nothing; switch swap off (swapoff -a) or boot with swapaccount=1"
        )
    return None


def find_image(client: docker.DockerClient, reference: str) -> str | None:
    """Give the id of an image that the daemon has; None when it would have to be pulled.

    Raises:
        ServiceUnavailable: the daemon does not tell.
    """
    try:
        with daemon_errors(f"look for the image {reference}"):
            return str(client.images.get(reference).id)
    except NotThere:
        return None


def _address(base_url: str) -> str:
    """Give where published ports are reached, by the client's base URL.

    For sockets that is ``http+docker://localhost``.
    """
    host = urlsplit(base_url).hostname or ""
    if host in ("", "localhost", "localunixsocket", "127.0.0.1", "::1"):
        return LOOPBACK
    try:
        return socket.gethostbyname(host)
    except OSError as error:
        raise ServiceUnavailable(
            f"the Docker daemon's host {host} has no IPv4 address, where its containers' ports "
            f"would be reached: {describe_cause(error)}; name it by one in DOCKER_HOST"
        ) from None


_WHY_NO_SSH = (
    "the Docker daemon at {url} is reached by SSH, over which neither its events can be followed "
    "nor its containers' ports be reached; run btb on that machine, or let the daemon listen on "
    "tcp:// with TLS and set DOCKER_HOST to it"
)
