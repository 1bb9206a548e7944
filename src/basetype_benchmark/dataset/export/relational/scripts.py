"""The SQL of the relational model, which the loader executes and an export ships."""

from __future__ import annotations

from importlib.resources import files

TABLES = "schema.sql"
CONSTRAINTS = "constraints.sql"
SERIES_NATIVE = "series_native.sql"
SERIES_TIMESCALEDB = "series_timescaledb.sql"
SERIES_INDEX = "series_index.sql"


def read_script(name: str) -> bytes:
    """Give the text of one of the scripts."""
    return (files(__package__) / name).read_bytes()
