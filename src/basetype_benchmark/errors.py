"""Every error the benchmark raises on purpose.

.. code-block:: text

    BenchmarkError                 1
    ├── CheckFailed                1   a check ran and found a failure
    ├── UsageError                 2   an unknown name, a bad option or parameter
    ├── ConfigError                2   a configuration or catalogue file is invalid
    ├── DatasetError               2   a dataset is missing, incomplete or damaged
    ├── HostError                  3   this machine lacks something
    │   ├── ServiceUnavailable     3   a server is not installed, did not start or is in use
    │   ├── PortInUse              3
    │   └── DiskFull               3
    ├── LoadError                  1   loading a dataset into an engine failed
    │   ├── LoadingTimeout         1
    │   ├── LoadingStalled         1
    │   ├── LoadingRefused         1   the engine's own memory limit
    │   └── CountMismatch          1   the engine holds other counts than the manifest
    └── QueryFailed                1   one execution of a query; becomes an outcome
        ├── QueryTimeout           1
        │   └── DeadlinePassed     1   the client gave up; the server may still be at work
        ├── QueryRefused           1   the engine's own memory limit
        └── ServerDied             1   the server went away, while loading or in a query
            └── OutOfMemory        1   the kernel ended it, or a process of it, for lack of memory

The number is the exit code of the command line. A message says what happened with values, the
likely cause, and what to do, in one line.
"""

from __future__ import annotations


class BenchmarkError(Exception):
    """Base of all errors that end a command with one clear line."""

    exit_code = 1


class CheckFailed(BenchmarkError):
    """A run or a check did its work and found a failure."""


class UsageError(BenchmarkError):
    """The command line names something that does not exist or makes no sense."""

    exit_code = 2


class ConfigError(BenchmarkError):
    """A configuration, profile or catalogue file is invalid; lists every mistake."""

    exit_code = 2


class DatasetError(BenchmarkError):
    """A dataset is missing, incomplete or damaged."""

    exit_code = 2


class HostError(BenchmarkError):
    """The machine lacks something that the command needs."""

    exit_code = 3


class ServiceUnavailable(HostError):
    """A server is not installed, did not become ready, or its data directory is in use."""


class PortInUse(HostError):
    """The port a server was told to listen on is taken."""


class DiskFull(HostError):
    """A write failed for lack of space."""


class LoadError(BenchmarkError):
    """Loading a dataset into an engine failed."""


class LoadingTimeout(LoadError):
    """A load phase ran over its deadline."""


class LoadingStalled(LoadError):
    """A load phase made no progress for too long."""


class LoadingRefused(LoadError):
    """The engine refused to take more, by its own memory limit."""


class CountMismatch(LoadError):
    """The engine holds other counts than the manifest states."""


class QueryFailed(BenchmarkError):
    """One execution of a query gave no answer; the runner turns it into an outcome."""


class QueryTimeout(QueryFailed):
    """The query ran over its deadline, on the server's side or ours."""


class DeadlinePassed(QueryTimeout):
    """The server neither answered nor ended the query, which may go on in it."""


class QueryRefused(QueryFailed):
    """The engine refused the query by its own memory limit."""


class ServerDied(QueryFailed):
    """The server went away."""


class OutOfMemory(ServerDied):
    """The kernel ended the server, or the process of it at work, for lack of memory."""


def reason_of(error: BaseException) -> str:
    """Give the first line of what an error of a library says, or its kind if it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
