"""What the Docker client raises, told apart by what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from basetype_benchmark.errors import ServiceUnavailable, reason_of

LONGEST_REASON = 300


class DaemonAway(ServiceUnavailable):
    """The daemon does not answer, so nothing is known of what it runs."""


class NotThere(ServiceUnavailable):
    """The daemon has no such container, volume or image."""


class DaemonRefused(ServiceUnavailable):
    """The daemon answered and did not do it; `said` is its own explanation."""

    def __init__(self, message: str, *, status: int, said: str) -> None:
        super().__init__(message)
        self.status = status
        self.said = said


@contextmanager
def daemon_errors(doing: str) -> Iterator[None]:
    """Translate what the client raises in the body; `doing` completes "cannot ...".

    Raises:
        NotThere, DaemonRefused, DaemonAway: as the daemon answered, or did not.
    """
    # Not needed by those who use no containers, and slow to import.
    import requests  # noqa: PLC0415
    import urllib3  # noqa: PLC0415
    from docker.errors import APIError, DockerException  # noqa: PLC0415

    try:
        yield
    except APIError as error:
        said = _explanation(error)
        if error.status_code == 404:
            raise NotThere(f"the Docker daemon cannot {doing}: {said}") from None
        raise DaemonRefused(
            f"the Docker daemon cannot {doing}: {said}", status=error.status_code or 0, said=said
        ) from None
    except (DockerException, requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise DaemonAway(
            f"the Docker daemon does not answer, asked to {doing}: {describe_cause(error)}; "
            "see that it runs: systemctl status docker"
        ) from None


def os_error_in(error: BaseException) -> OSError | None:
    """Find what the operating system said, under the layers of the HTTP client."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        if isinstance(found, OSError) and found.errno is not None:
            return found
        waiting += [found.__cause__, found.__context__, *found.args, getattr(found, "reason", None)]
    return None


def describe_cause(error: BaseException) -> str:
    """Give what the operating system said, else the first line of the client's words."""
    system = os_error_in(error)
    if system is not None and system.strerror:
        return system.strerror.lower()
    return reason_of(error)[:LONGEST_REASON]


def _explanation(error: object) -> str:
    text = getattr(error, "explanation", None) or error
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return " ".join(said.split())[:LONGEST_REASON]
