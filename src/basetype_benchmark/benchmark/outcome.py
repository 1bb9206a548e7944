"""How an execution or a cell ended. A failure is data: never a 0, never a missing row."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How one query execution, or a query as a whole, ended."""

    OK = "ok"
    """Answered rightly."""
    WRONG_ANSWER = "wrong_answer"
    """The answer differs from the oracle's. Its times are kept and never ranked."""
    TIMEOUT = "timeout"
    """Not answered within the deadline."""
    OOM = "oom"
    """The kernel ended a process of the server for lack of memory."""
    REFUSED = "refused"
    """The engine's own memory limit."""
    ERROR = "error"
    """Any other failure."""
    UNSUPPORTED = "unsupported"
    """The scenario cannot express the query; the reason is given."""
    SKIPPED = "skipped"
    """Not executed: an earlier failure of the variant or of the cell."""


class CellOutcome(StrEnum):
    """How a cell (profile, scenario, RAM level, repetition) ended."""

    COMPLETED = "completed"
    """Every planned run took place; what came of each is told by query."""
    OOM_LOAD = "oom_load"
    """The kernel's memory limit, at the start of a server or while loading."""
    OOM_QUERY = "oom_query"
    """The kernel's memory limit in a query, after which the scenario answered again."""
    OOM_RECOVERY = "oom_recovery"
    """The kernel's memory limit while coming back after a death."""
    LOAD_REFUSED = "load_refused"
    """The engine's own memory limit, while loading."""
    LOAD_TIMEOUT = "load_timeout"
    """A phase of the load ran over its deadline."""
    LOAD_STALLED = "load_stalled"
    """A phase of the load made no progress for too long."""
    CONTAINER_FAILED = "container_failed"
    """A server did not start, or went away and did not come back; container or not."""
    ERROR = "error"
    """Anything else: wrong counts, a full disk, a mistake."""
