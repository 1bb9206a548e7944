"""One execution of a query, as the engine answered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Legs:
    """Where the time of a federated execution went."""

    graph_ns: int
    """The graph store answers."""
    transfer_ns: int
    """Its rows are handed over to the SQL store."""
    series_ns: int
    """The SQL store answers."""


@dataclass(frozen=True, kw_only=True)
class ClientWork:
    """What an execution took whose store hands out chunks for the client to decode."""

    fetch_ns: int
    """From the first text sent to the last row decoded by the driver."""
    decode_ns: int
    """The texts of the chunks are read as samples and cut to the window."""
    aggregate_ns: int
    """The samples become the rows of the answer."""
    received_bytes: int
    """Bodies of the store's answers, attributes included."""
    chunks: int
    """Chunks received."""
    decoded_samples: int
    """Samples in them, before the cut to the window."""


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
