"""One execution of a query, as the engine answered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Legs:
    """Where the time of a federated execution went, in nanoseconds."""

    graph_ns: int
    transfer_ns: int
    series_ns: int


@dataclass(frozen=True, kw_only=True)
class ClientWork:
    """What an execution took whose store hands out chunks for the client to decode and aggregate.

    `fetch_ns` runs from the first text sent to the last row decoded by the driver, `decode_ns` to
    the texts of the chunks read as samples and cut to the window, `aggregate_ns` to the rows of the
    answer. `received_bytes` are the bodies of the store's answers; `decoded_samples` is counted
    before the cut.
    """

    fetch_ns: int
    decode_ns: int
    aggregate_ns: int
    received_bytes: int
    chunks: int
    decoded_samples: int


@dataclass(frozen=True, kw_only=True)
class Execution:
    """Rows as the driver decoded them; `columns` names their positions.

    Values are Python natives (str, int, float, bool, datetime, date, None) or, from SPARQL, the
    natives that the literal's datatype stands for. `legs` where two engines answered together,
    `client` where the client did a part of the work, `received_bytes` where the driver counts them.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    legs: Legs | None = None
    client: ClientWork | None = None
    received_bytes: int | None = None
