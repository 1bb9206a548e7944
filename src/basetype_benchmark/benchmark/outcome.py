"""How an execution or a cell ended. A failure is data: never a 0, never a missing row."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How one query execution, or a query as a whole, ended."""

    OK = "ok"
    WRONG_ANSWER = "wrong_answer"
    TIMEOUT = "timeout"
    OOM = "oom"
    REFUSED = "refused"
    ERROR = "error"
    UNSUPPORTED = "unsupported"
    SKIPPED = "skipped"


class CellOutcome(StrEnum):
    """How a cell (profile, scenario, RAM level, repetition) ended.

    ``oom_*`` is the kernel's limit: in the load, in a query after which the scenario answered
    again, or in coming back. ``load_refused`` is the engine's own limit.
    """

    COMPLETED = "completed"
    OOM_LOAD = "oom_load"
    OOM_QUERY = "oom_query"
    OOM_RECOVERY = "oom_recovery"
    LOAD_REFUSED = "load_refused"
    LOAD_TIMEOUT = "load_timeout"
    LOAD_STALLED = "load_stalled"
    CONTAINER_FAILED = "container_failed"
    ERROR = "error"
