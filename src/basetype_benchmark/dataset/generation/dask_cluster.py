"""A Dask cluster as executor, for datasets that outgrow a machine."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit

import numpy as np

from basetype_benchmark import __version__
from basetype_benchmark.dataset.generation.executors import Executor, OpenExecutor, Promise
from basetype_benchmark.errors import HostError, UsageError

if TYPE_CHECKING:
    Client = Any  # Dask has no types

_T = TypeVar("_T")
_R = TypeVar("_R")
_R_co = TypeVar("_R_co", covariant=True)
_PATIENCE_S = 20.0
_RETRIES = 3  # a worker that dies takes its tasks with it; they are repeated elsewhere
_AGAIN = "run the same command again: what is written is kept"


class DaskCluster:
    """Carries tasks out on the workers of a cluster."""

    def __init__(self, client: Client, width: int, patience_s: float) -> None:
        """Take a connected client of `width` worker threads."""
        self._client = client
        self._patience_s = patience_s
        self._submitted = 0
        self.width = width

    def submit(self, function: Callable[[_T], _R], task: _T) -> Promise[_R]:
        """Hand the task to the scheduler; earlier ones come first."""
        self._submitted += 1
        future = self._client.submit(
            function, task, pure=False, retries=_RETRIES, priority=-self._submitted
        )
        return _ClusterPromise(future, self._client, self._patience_s)


class _ClusterPromise(Generic[_R_co]):
    """The answer of a task, as long as the cluster has workers: without, Dask waits for ever."""

    def __init__(self, future: Any, client: Client, patience_s: float) -> None:  # noqa: ANN401
        self._future = future
        self._client = client
        self._patience_s = patience_s

    def result(self) -> _R_co:
        """Wait for the answer; the task's own errors are raised here."""
        while True:
            try:
                answer: _R_co = self._future.result(timeout=self._patience_s)
            except TimeoutError:
                if not self._client.nthreads():
                    raise HostError(
                        "no worker is left in the Dask cluster; see their logs, start some again, "
                        f"and {_AGAIN}"
                    ) from None
            else:
                return answer


def dask_cluster(address: str, *, patience_s: float = _PATIENCE_S) -> OpenExecutor:
    """Say how to reach the cluster whose scheduler listens at an address (``tcp://host:port``).

    `patience_s` is how long the scheduler may take to answer, and the cluster be without workers.

    Raises (once open):
        UsageError: the `cluster` extra is not installed, or that is no address.
        HostError: no scheduler answers or it is lost, it has no worker or loses the last, a worker
            runs other versions than this process, or workers died too often.
    """

    @contextmanager
    def opened() -> Iterator[Executor]:
        _check_address(address)
        distributed = _import_dask()
        with _quiet_dask():
            client = _connect(distributed, address, patience_s)
            try:
                yield DaskCluster(client, _count_threads(client, address), patience_s)
            except distributed.KilledWorker as error:
                raise HostError(
                    f"workers of {address} died one after the other, for lack of memory most "
                    f"likely; see their logs, then {_AGAIN}"
                ) from error
            except (distributed.CancelledError, OSError) as error:
                raise HostError(f"lost the Dask scheduler at {address}; {_AGAIN}") from error
            finally:
                client.close(timeout=patience_s)

    return opened


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        is_address = bool(parts.scheme and parts.hostname and parts.port)
    except ValueError:
        is_address = False
    if not is_address:
        raise UsageError(
            f"{address!r} is no address of a Dask scheduler; give it as tcp://host:port"
        )


def _import_dask() -> Any:  # noqa: ANN401 - Dask has no types
    try:
        return import_module("distributed")  # an extra that few need
    except ImportError as error:
        raise UsageError(
            "--scheduler needs Dask: pip install 'basetype-benchmark[cluster]'"
        ) from error


@contextmanager
def _quiet_dask() -> Iterator[None]:
    """Keep Dask from telling on standard error what is told here in one line."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    loud = [logger for logger in map(logging.getLogger, names) if not logger.disabled]
    for logger in loud:
        logger.disabled = True
    try:
        yield
    finally:
        for logger in loud:
            logger.disabled = False


def _connect(distributed: Any, address: str, patience_s: float) -> Client:  # noqa: ANN401
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions: ours are compared, and must be equal
            client: Client = distributed.Client(address, timeout=patience_s, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise HostError(
            f"no Dask scheduler answers at {address} within {patience_s:g} s; start one with: "
            "dask scheduler, and give its address as tcp://host:port"
        ) from error
    return client


def _count_threads(client: Client, address: str) -> int:
    """Count what the cluster can do at once, having made sure that it can do it at all."""
    threads = int(sum(client.nthreads().values()))
    if not threads:
        raise HostError(
            f"the Dask scheduler at {address} has no workers; start some: dask worker {address}"
        )
    here = _versions_here()
    for worker, versions in client.run(_versions_here, on_error="return").items():
        if versions != here:
            found = "has no" if isinstance(versions, BaseException) else f"runs {versions}, not"
            raise HostError(
                f"the Dask worker {worker} {found} {here}; install the same everywhere, as data "
                "made by different versions may differ"
            )
    return threads


def _versions_here() -> str:
    """Name the versions that decide what is made: the generator, and who draws its numbers."""
    return f"basetype-benchmark {__version__} with NumPy {np.__version__}"
