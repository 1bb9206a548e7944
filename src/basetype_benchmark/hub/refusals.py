"""What the client of the Hub raises, as one of our errors in one line, never with the token.

The client raises many things: its own errors of HTTP, those of the library below, operating system
errors, and some of them wrapped in others where it works in threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huggingface_hub import errors, get_token

# The one of httpx in version 1 of the client, of httpx2 in version 2.
from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]

from basetype_benchmark.atomic_files import FULL_DISK_ERRNOS
from basetype_benchmark.errors import BenchmarkError, DatasetError, DiskFull, HostError, UsageError

LOG_IN = "log in with: hf auth login, or set HF_TOKEN"
AGAIN = "run the same command again, it goes on where this ended"

CLIENT_ERRORS = (HTTPError, OSError, ValueError, RuntimeError)
"""All that the client raises where something outside of it is wrong."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked for, and where."""

    host: str
    repository: str
    revision: str | None = None

    @property
    def place(self) -> str:
        """For messages."""
        return f"{self.repository} on {self.host}"


def translate(error: BaseException, request: Request) -> BenchmarkError:
    """Say what an error of the client means for who asked."""
    root = _root_of(error)
    for kind, explain in _EXPLANATIONS.items():
        if isinstance(root, kind):
            return explain(root, request)
    if isinstance(root, OSError) and root.errno in FULL_DISK_ERRNOS:
        return DiskFull(f"the disk is full; free some space, then {AGAIN}")
    return HostError(f"the transfer with {request.place} failed: {_reason(root)}; {AGAIN}")


def tells_token(error: BaseException | None) -> bool:
    """Whether a stack trace of an error would show the token, which a server may have repeated."""
    token = get_token()
    while token and error is not None:
        if token in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _explain_revision(_error: Any, request: Request) -> BenchmarkError:  # noqa: ANN401
    return UsageError(f"{request.place} has no revision {request.revision!r}; take another one")


def _explain_gate(_error: Any, request: Request) -> BenchmarkError:  # noqa: ANN401
    return HostError(f"{request.place} is not open to everybody: ask for access on its page")


def _explain_absence(_error: Any, request: Request) -> BenchmarkError:  # noqa: ANN401
    who = "your token may not see it" if get_token() else f"you are not logged in ({LOG_IN})"
    return UsageError(f"there is no dataset {request.place}, or it is private and {who}")


def _explain_lack(_error: Any, request: Request) -> BenchmarkError:  # noqa: ANN401
    return DatasetError(f"{request.place} lacks a file that it lists; publish it again")


def _explain_offline(_error: Any, request: Request) -> BenchmarkError:  # noqa: ANN401
    return HostError(f"{request.host} may not be asked: HF_HUB_OFFLINE is set; unset it")


def _explain_status(error: Any, request: Request) -> BenchmarkError:  # noqa: ANN401
    status = error.response.status_code
    said = f" ({_first_line(error.server_message)})" if error.server_message else ""
    if status == 401 and get_token() is None:
        return _explain_absence(error, request)
    if status == 401:
        return HostError(f"{request.host} does not accept the token{said}; {LOG_IN}")
    if status == 403:
        return HostError(
            f"your token may not do this with {request.place}{said}; take one with the right to, "
            "or give a repository of your own with --repo OWNER/NAME"
        )
    return HostError(f"{request.host} answered {status}{said}; wait a little, then {AGAIN}")


def _explain_transport(error: Any, request: Request) -> BenchmarkError:  # noqa: ANN401
    return HostError(
        f"{request.host} cannot be reached: {_reason(error)}; see that the network is there, "
        f"then {AGAIN}"
    )


# The first that fits counts, so an error stands before those it derives from.
_EXPLANATIONS: Mapping[type[BaseException], Callable[[Any, Request], BenchmarkError]] = {
    errors.RevisionNotFoundError: _explain_revision,
    errors.GatedRepoError: _explain_gate,
    errors.RepositoryNotFoundError: _explain_absence,
    errors.RemoteEntryNotFoundError: _explain_lack,
    errors.OfflineModeIsEnabled: _explain_offline,
    errors.HfHubHTTPError: _explain_status,
    HTTPError: _explain_transport,
}


def _root_of(error: BaseException) -> BaseException:
    """What the client has wrapped where it works in threads, or first looks for a copy on disk."""
    while isinstance(error, RuntimeError | errors.LocalEntryNotFoundError) and error.__cause__:
        error = error.__cause__
    return error


def _reason(error: BaseException) -> str:
    return _first_line(str(error)) or type(error).__name__


def _first_line(text: str) -> str:
    """Without the token: a server may repeat what it was sent."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "").rstrip(".")
    token = get_token()
    return line.replace(token, "***") if token else line
