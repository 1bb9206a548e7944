"""Who carries the tasks out: this process, processes of this machine, or a Dask cluster."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import connection, forkserver, get_context, parent_process, resource_tracker
from typing import Protocol, TypeVar

from basetype_benchmark.errors import HostError
from basetype_benchmark.interrupts import interrupts_deferred

_T = TypeVar("_T")
_R_co = TypeVar("_R_co", covariant=True)
_R = TypeVar("_R")
_ORPHAN_EXIT = 1
_PRELOADED = ["__main__", "basetype_benchmark.dataset.generation.preload"]


class Promise(Protocol[_R_co]):
    """The answer of a task, now or later."""

    def result(self) -> _R_co:
        """Wait for the answer; the task's own errors are raised here."""
        ...


class Executor(Protocol):
    """Where tasks are carried out."""

    @property
    def width(self) -> int:
        """How many tasks it carries out at the same time."""
        ...

    def submit(self, function: Callable[[_T], _R], task: _T) -> Promise[_R]:
        """Hand a task over; those handed over first are begun first, as far as may be."""
        ...


OpenExecutor = Callable[[], AbstractContextManager[Executor]]
"""Opens an executor; leaving the context ends what it started, and forgets tasks not begun."""


class InProcess:
    """Carries every task out here and at once."""

    width = 1

    def submit(self, function: Callable[[_T], _R], task: _T) -> Promise[_R]:
        """Carry the task out."""
        promise: Future[_R] = Future()
        promise.set_result(function(task))
        return promise


class ProcessPool:
    """Carries tasks out in worker processes of this machine."""

    def __init__(self, pool: ProcessPoolExecutor, width: int) -> None:
        """Take a pool of `width` processes."""
        self._pool = pool
        self.width = width

    def submit(self, function: Callable[[_T], _R], task: _T) -> Promise[_R]:
        """Hand the task to the next free process; the first ones begin it."""
        with _interrupts_held_back():
            return self._pool.submit(function, task)


@contextmanager
def in_process() -> Iterator[Executor]:
    """Open the executor that needs no other process."""
    yield InProcess()


def start_workers_early() -> None:
    """Let the process that workers are forked from start now; a pool opened later finds it ready.

    It imports what workers need, which takes a second: time in which this process can do
    something else.
    """
    forkserver.set_forkserver_preload(_PRELOADED)
    with _interrupts_held_back():  # for itself alone: it lets Ctrl-C through, which is held back
        resource_tracker.ensure_running()
    with _interrupts_held_back():
        forkserver.ensure_running()


def process_pool(workers: int) -> OpenExecutor:
    """Say how to open a pool of worker processes.

    Raises (once open):
        HostError: a worker died, for lack of memory most likely.
    """

    @contextmanager
    def opened() -> Iterator[Executor]:
        start_workers_early()
        pool = ProcessPoolExecutor(workers, get_context("forkserver"), initializer=_begin_worker)
        try:
            yield ProcessPool(pool, workers)
        except (BrokenProcessPool, EOFError, ConnectionError) as error:
            raise HostError(
                "a worker process died, for lack of memory most likely; run the same command again "
                f"with fewer than {workers} --workers: what is already written is kept"
            ) from error
        finally:
            with interrupts_deferred():  # until the tasks that run are done
                pool.shutdown(wait=True, cancel_futures=True)

    return opened


def _begin_worker() -> None:
    """Set a worker up: it leaves Ctrl-C and a closed terminal to its parent, and ends when that
    has died.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(_ORPHAN_EXIT)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let Ctrl-C wait while a process begins: one that is half begun would be left to itself.

    What begins inherits that the signals are blocked: what a terminal says is for this process
    alone.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        with interrupts_deferred():  # other threads of this process do not block it
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
