"""The tables of docs/explanation/fairness.md that are made from the code, so that none goes stale.

A table stands between ``<!-- made from the code: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from basetype_benchmark.config.images import IMAGES
from basetype_benchmark.config.scenarios import SCENARIOS, Scenario, Side
from basetype_benchmark.dataset.export.document import scripts as document
from basetype_benchmark.dataset.export.relational import scripts as relational
from basetype_benchmark.dataset.export.relational.layout import JUNCTIONS, NODE_TABLES
from basetype_benchmark.dataset.model import NodeType
from basetype_benchmark.engines import ENGINES
from basetype_benchmark.infrastructure.service import Setting
from basetype_benchmark.infrastructure.services.arcadedb import ARCADEDB
from basetype_benchmark.infrastructure.services.arcadedb_settings import (
    arcadedb_settings,
    java_options,
)
from basetype_benchmark.infrastructure.services.containers.timescaledb import FORCED
from basetype_benchmark.infrastructure.services.duckdb_settings import duckdb_settings
from basetype_benchmark.infrastructure.services.falkordb_settings import falkordb_settings
from basetype_benchmark.infrastructure.services.memgraph import MEMGRAPH, memgraph_settings
from basetype_benchmark.infrastructure.services.oxigraph import oxigraph_settings
from basetype_benchmark.infrastructure.services.postgres_settings import postgres_settings
from basetype_benchmark.queries.catalog import load_questions
from basetype_benchmark.units import GIB

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "fairness.md"

LIMIT_S = 60
MACHINES = ((GIB, 2), (16 * GIB, 8))
"""What the settings are shown for: bytes of the budget, CPUs."""

SETTINGS: Mapping[str, Callable[[int, int], Sequence[Setting]]] = {
    "postgresql": postgres_settings,
    "oxigraph": lambda _ram, _cpus: oxigraph_settings(LIMIT_S),
    "falkordb": falkordb_settings,
    "arcadedb": lambda ram, _cpus: (*java_options(ram), *arcadedb_settings(ram, LIMIT_S)),
    "memgraph": lambda ram, _cpus: memgraph_settings(ram, LIMIT_S),
    "duckdb": duckdb_settings,
}

_BLOCK = re.compile(r"(<!-- made from the code: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)
_KEY = re.compile(r"ALTER TABLE (\w+)\s+ADD (?:PRIMARY KEY|UNIQUE NULLS NOT DISTINCT) (\(.+\))$")
_INDEX = re.compile(r"CREATE INDEX (?:\w+ )?ON (\w+) (?:USING )?((?:gin )?\(.+\))$")
_CYPHER_INDEX = re.compile(r"CREATE INDEX .*?:(\w+)\b.*$")


def fill(page: str) -> str:
    """Give the page with every table as the code has it now.

    Raises:
        KeyError: it wants a table that there is not.
    """
    tables = make_tables()
    return _BLOCK.sub(lambda found: f"{found[1]}{tables[found[2]]}{found[3]}", page)


def make_tables() -> Mapping[str, str]:
    """Make all tables, by their names."""
    return {
        "scenarios": scenario_table(),
        "overrides": overrides(),
        **{f"settings of {engine}": settings_table(make) for engine, make in SETTINGS.items()},
        "what a container forces on postgresql": forced_table(),
        "images": image_table(),
        "indexes of P1": sql_index_table(_statements_of_p1()),
        "indexes of P2": sql_index_table(_statements_of_p2()),
        "indexes of D1": sql_index_table(_statements_of_d1()),
        "indexes of property graphs": _property_graph_table(),
    }


def scenario_table() -> str:
    """Say which engine keeps what, in which storage model."""
    head = ("scenario", "graph", "series", "hybrid questions are")
    return lines([head, _rule(head), *map(_scenario_row, SCENARIOS.values())])


def settings_table(make: Callable[[int, int], Sequence[Setting]]) -> str:
    """Give every setting with its values on both machines, and its reason."""
    small, large = (make(ram, cpus) for ram, cpus in MACHINES)
    names = (f"{ram // GIB} GiB, {cpus} CPUs" for ram, cpus in MACHINES)
    head = ("setting", *names, "why")
    rows = [
        (f"`{a.name}`", _value(a), _value(b), a.reason) for a, b in zip(small, large, strict=True)
    ]
    return lines([head, _rule(head), *rows])


def forced_table() -> str:
    """Give what a container has other than the local server."""
    head = ("setting", "in a container", "why")
    return lines([head, _rule(head), *((f"`{s.name}`", _value(s), s.reason) for s in FORCED)])


def image_table() -> str:
    """Give the pinned image of every engine, without its digest."""
    head = ("engine", "image")
    rows = ((ENGINES[e].title, f"`{i.partition('@')[0]}`") for e, i in IMAGES.items())
    return lines([head, _rule(head), *rows])


def overrides() -> str:
    """Name the texts that a dialect forced to be other than those of their storage model."""
    files = [
        f"- `{path.parent.name}/{path.name}`\n"
        for question in load_questions().values()
        for path in sorted(question.folder.iterdir())
        if path.name.count(".") > 1
    ]
    return "".join(files) or "There is none.\n"


def sql_index_table(statements: Iterable[str]) -> str:
    """Give the table of the keys and indexes that these statements make."""
    head = ("table", "key", "further indexes")
    return lines([head, _rule(head), *sql_index_rows(statements)])


def sql_index_rows(statements: Iterable[str]) -> list[tuple[str, ...]]:
    """Give by table the keys and indexes that these statements make; others are passed over."""
    keys: dict[str, list[str]] = {}
    indexes: dict[str, list[str]] = {}
    for statement in statements:
        text = " ".join(statement.split())
        for pattern, found in ((_KEY, keys), (_INDEX, indexes)):
            match = pattern.match(text)
            if match is not None:
                found.setdefault(match[1], []).append(f"`{match[2]}`")
    return [
        (f"`{table}`", " ".join(keys.get(table, ["-"])), " ".join(indexes.get(table, ["-"])))
        for table in dict.fromkeys([*keys, *indexes])
    ]


def cypher_index_rows(engine: str, statements: Iterable[str]) -> list[tuple[str, ...]]:
    """Give by form of statement the labels it is sent for."""
    labels: dict[str, list[str]] = {}
    for statement in statements:
        match = _CYPHER_INDEX.match(statement)
        if match is not None:
            form = statement[: match.start(1)] + "Label" + statement[match.end(1) :]
            labels.setdefault(form, []).append(match[1])
    return [(ENGINES[engine].title, f"`{form}`", ", ".join(of)) for form, of in labels.items()]


def split_statements(script: str) -> list[str]:
    """Take a script of SQL apart, without its comments."""
    return [part.strip() for part in re.sub(r"--.*", "", script).split(";") if part.strip()]


def line(cells: Sequence[str]) -> str:
    """Write one row of a table."""
    return f"| {' | '.join(cells)} |"


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Write the rows of a table."""
    return "".join(f"{line(row)}\n" for row in rows)


def _scenario_row(scenario: Scenario) -> tuple[str, ...]:
    models = {"rdf_chunks": "answered by the application", "rdf": "federated"}
    execution = "federated" if scenario.is_federated else "one statement"
    if not scenario.is_federated:
        execution = models.get(scenario.graph.model.value, execution)
    series = "the same store" if scenario.series is None else _side(scenario.series)
    return scenario.id, _side(scenario.graph), series, execution


def _side(side: Side) -> str:
    return f"{ENGINES[side.engine].title}, {side.model.value.replace('_', ' ')}"


def _value(setting: Setting) -> str:
    return f"`{setting.value}`" if setting.value else "(empty)"


def _rule(head: Sequence[str]) -> tuple[str, ...]:
    return tuple("---" for _ in head)


def _statements_of_p1() -> list[str]:
    scripts = (relational.CONSTRAINTS, relational.SERIES_INDEX)
    return [s for name in scripts for s in _read_statements(relational.read_script(name))]


def _statements_of_p2() -> list[str]:
    graph = _read_statements(document.read_script(relational.CONSTRAINTS))
    return [*graph, *_read_statements(relational.read_script(relational.SERIES_INDEX))]


def _read_statements(script: bytes) -> list[str]:
    return split_statements(script.decode())


def _statements_of_d1() -> list[str]:
    keys = {table.table: "id" for table in NODE_TABLES}
    keys |= {
        junction.table: f"{junction.source_column}, {junction.target_column}"
        for junction in JUNCTIONS
        if not junction.has_medium
    }
    return [f"ALTER TABLE {table} ADD PRIMARY KEY ({columns})" for table, columns in keys.items()]


def _property_graph_table() -> str:
    head = ("engine", "statement", "for the labels")
    statements = {
        "falkordb": [f"CREATE INDEX FOR (n:{label}) ON (n.id)" for label in NodeType],
        "arcadedb": [text for label in NodeType for text in ARCADEDB.create_indexes(label)],
        "memgraph": [text for label in NodeType for text in MEMGRAPH.create_indexes(label)],
    }
    rows = (cypher_index_rows(engine, texts) for engine, texts in statements.items())
    return lines([head, _rule(head), *chain.from_iterable(rows)])
