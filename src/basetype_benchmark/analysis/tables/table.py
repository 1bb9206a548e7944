"""A table of results, and what its columns mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from basetype_benchmark.benchmark.results_io import load_schema
from basetype_benchmark.benchmark.strict import describe_record

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column; `meaning` says what is in it, and after ``None:`` when it is empty."""

    name: str
    dtype: type[pl.DataType] | pl.DataType
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; `row` says what one row is. Its content is read or made when it is asked for."""

    name: str
    row: str
    columns: tuple[Column, ...]
    read: Callable[[], pl.DataFrame]

    @property
    def schema(self) -> pl.Schema:
        """Names and types of the columns."""
        return schema_of(self.columns)


def make_table(
    name: str, row: str, columns: tuple[Column, ...], rows: Callable[[], Iterable[Row]]
) -> Table:
    """Make a table out of rows; what a row does not name is null."""
    schema = schema_of(columns)
    return Table(
        name=name,
        row=row,
        columns=columns,
        read=lambda: pl.DataFrame(
            [{column: values.get(column) for column in schema} for values in rows()],
            schema=schema,
            orient="row",
        ),
    )


def schema_of(columns: Iterable[Column]) -> pl.Schema:
    """Give names and types of columns."""
    return pl.Schema({column.name: column.dtype for column in columns})


def columns_of(kind: type, names: Mapping[str, type[pl.DataType]]) -> tuple[Column, ...]:
    """Describe columns that are fields of a record, in its own words."""
    texts = texts_of(kind)
    return tuple(
        Column(name=name, dtype=dtype, meaning=texts[name]) for name, dtype in names.items()
    )


@cache
def texts_of(kind: type) -> Mapping[str, str]:
    """Say what the fields of a record mean, as its schema does.

    A record without a schema of its own is a part of that of a cell.
    """
    known = load_schema("cell")["$defs"].get(kind.__name__) or describe_record(kind)
    return {
        name: " ".join(field["description"].split())
        for name, field in known["properties"].items()
        if "description" in field
    }


CELL = Column(name="cell", dtype=pl.String, meaning="Id of the cell.")
PROFILE = Column(name="profile", dtype=pl.String, meaning="Scale and duration of the dataset.")
SCENARIO = Column(name="scenario", dtype=pl.String, meaning="Id of the scenario.")
RAM = Column(
    name="ram_bytes",
    dtype=pl.Int64,
    meaning="Limit of all servers together. None: there was no limit.",
)
QUERY = Column(name="query", dtype=pl.String, meaning="Id of the query.")
ENGINE = Column(name="engine", dtype=pl.String, meaning="Id of the engine.")
LEVEL = (PROFILE, SCENARIO, RAM)
"""What a level is known by; its cells are repetitions of each other."""
