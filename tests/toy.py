"""The toy building of fixtures/sample_data as a dataset, and its answers worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import (
    DAY,
    EDGE_SCHEMA,
    EPOCH,
    NODE_COLUMNS,
    NODE_SCHEMA,
    SERIES_SCHEMA,
    NodeType,
    Relation,
)
from basetype_benchmark.dataset.parts import SITE_PARTITION, SeriesPart
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import write_dataset
from basetype_benchmark.queries.catalog import (
    ColumnType,
    Parameters,
    ParameterType,
    ParameterValue,
    find_question,
)

SAMPLE_DATA = Path(__file__).parent / "fixtures" / "sample_data"
TOY_PROFILE = "toy-2d"
_DAYS = {
    name: EPOCH + number * DAY
    for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}

Row = tuple[Any, ...]
Sample = tuple[str, datetime, float]


@dataclass(frozen=True, kw_only=True)
class ToyAnswer:
    """One question with parameters, and the rows that every engine must give, in contract types."""

    question_id: str
    parameters: Parameters
    rows: list[Row]

    @property
    def label(self) -> str:
        """Readable id for a parametrised test."""
        values = (
            v.strftime("%dT%H:%M") if isinstance(v, datetime) else v
            for v in self.parameters.values()
        )
        return "-".join((self.question_id, *values))


def build_toy(
    folder: Path,
    *,
    profile: str = TOY_PROFILE,
    seed: int = 0,
    days: int = 2,
    change: Callable[[dict[str, Any]], object] = lambda content: None,
) -> Dataset:
    """Write the toy building as a complete dataset in `folder`, under any name.

    `change` is done to what the YAML says before.
    """
    content = _read("toy_building.yaml")
    change(content)
    graph = build_toy_graph(content)
    return write_dataset(
        folder,
        profile=profile,
        seed=seed,
        start=EPOCH,
        end=EPOCH + days * DAY,
        graph=graph,
        series=_parts(s for s in _samples(content) if s[1] < EPOCH + days * DAY),
    )


def build_toy_graph(content: dict[str, Any] | None = None) -> Graph:
    """Give the nodes and relations of the toy building."""
    content = content or _read("toy_building.yaml")
    nodes = _node_rows(content)
    return Graph(
        nodes=pa.Table.from_pylist([nodes[key] for key in sorted(nodes)], schema=NODE_SCHEMA),
        edges=pa.Table.from_pylist(
            sorted(_edge_rows(content), key=lambda e: (e["rel_type"], e["src_id"], e["dst_id"])),
            schema=EDGE_SCHEMA,
        ),
        ghosts=("b01.f02.s01.ghost1",),
    )


def toy_answers(days: int = 2) -> list[ToyAnswer]:
    """All answers worked out by hand for the toy of so many days, in order of the questions."""
    return [
        ToyAnswer(
            question_id=question_id,
            parameters=_parameters(question_id, case.get("parameters", {})),
            rows=[_row(question_id, values) for values in case["rows"]],
        )
        for question_id, cases in _read("toy_answers.yaml").items()
        for case in cases
        if case.get("days", 0) <= days
    ]


def _read(name: str) -> Any:
    return yaml.safe_load((SAMPLE_DATA / name).read_text(encoding="utf-8"))


def _node_rows(content: dict[str, Any]) -> dict[str, dict[str, str | None]]:
    rows: dict[str, dict[str, str | None]] = {}
    for node_id, (name, space_type) in content["spaces"].items():
        rows[node_id] = _node(node_id, NodeType.SPACE, name, space_type=space_type)
    for node_id, (node_type, name, *rest) in content["others"].items():
        column = {"Zone": "zone_kind", "Meter": "end_use"}.get(node_type)
        extra = {column: rest[0]} if column else {}
        rows[node_id] = _node(node_id, NodeType(node_type), name, **extra)
    for node_id, (name, kind, domain, brick, _) in content["equipment"].items():
        extra = {"equipment_type": kind, "domain": domain, "brick_class": brick}
        properties = json.dumps({"manufacturer": 'ACME "quoted"', "serial": len(node_id)})
        rows[node_id] = _node(node_id, NodeType.EQUIPMENT, name, **extra, properties=properties)
    for node_id, values in content["points"].items():
        columns = ("name", "point_type", "quantity", "unit", "role", "signal")
        named = dict(zip(columns, values, strict=True))
        rows[node_id] = _node(node_id, NodeType.POINT, **named)
    _place(rows, content)
    return rows


def _node(node_id: str, node_type: NodeType, name: str, **extra: str) -> dict[str, str | None]:
    row: dict[str, str | None] = dict.fromkeys(NODE_COLUMNS)
    return row | {"id": node_id, "type": node_type.value, "name": name} | extra


def _place(rows: dict[str, dict[str, str | None]], content: dict[str, Any]) -> None:
    """Fill the place columns: a thing is where it is LOCATED_IN, a point where its owner is."""
    space_of = {key: values[4] for key, values in content["equipment"].items()}
    space_of |= {key: value[0] for key, value in content["relations"]["LOCATED_IN"].items()}
    for node_id, row in rows.items():
        owner = _owner(node_id) if row["type"] == NodeType.POINT else node_id
        space = owner if rows[owner]["type"] == NodeType.SPACE else space_of.get(owner)
        if not owner.startswith("site") and row["type"] != NodeType.BUILDING:
            row["building_id"] = "b01"
        if space is not None:
            row["floor_id"] = space.rsplit(".", 1)[0]
            row["space_id"] = space if space != node_id else None


def _owner(point_id: str) -> str:
    return point_id.rsplit(".", 1)[0]


def _edge_rows(content: dict[str, Any]) -> Iterator[dict[str, str | None]]:
    for key, targets in content["relations"].items():
        relation, _, medium = key.partition("/")
        for source, destinations in targets.items():
            for destination in destinations:
                yield _edge(source, destination, Relation(relation), medium or None)
    for equipment_id, values in content["equipment"].items():
        yield _edge(equipment_id, values[4], Relation.LOCATED_IN)
    for point_id in content["points"]:
        yield _edge(_owner(point_id), point_id, Relation.HAS_POINT)


def _edge(
    source: str, destination: str, relation: Relation, medium: str | None = None
) -> dict[str, str | None]:
    return {
        "src_id": source,
        "dst_id": destination,
        "rel_type": relation.value,
        "medium": medium,
        "properties": None,
    }


def _samples(content: dict[str, Any]) -> Iterator[Sample]:
    for point_id, days in content["samples"].items():
        for day, notation in days.items():
            pairs = _listed(notation) if isinstance(notation, str) else _repeated(**notation)
            for offset, value in pairs:
                yield point_id, _DAYS[day] + offset, value


def _listed(notation: str) -> Iterator[tuple[timedelta, float]]:
    for item in notation.split():
        clock, _, value = item.partition("=")
        hours, minutes, *seconds = map(float, clock.split(":"))
        yield timedelta(hours=hours, minutes=minutes, seconds=sum(seconds)), float(value)


def _repeated(every_s: int, values: list[float], repeat: int) -> Iterator[tuple[timedelta, float]]:
    for index, value in enumerate(values * repeat):
        yield timedelta(seconds=index * every_s), float(value)


def _parts(samples: Iterator[Sample]) -> Iterator[SeriesPart]:
    parts: dict[tuple[str, date], list[Sample]] = {}
    for point_id, time, value in sorted(samples):
        building = SITE_PARTITION if point_id.startswith("site.") else "b01"
        parts.setdefault((building, time.date()), []).append((point_id, time, value))
    for (building, day), rows in sorted(parts.items()):
        table = pa.table(
            {
                "time": pa.array([row[1] for row in rows], SERIES_SCHEMA.field("time").type),
                "point_id": pa.array([row[0] for row in rows]),
                "value": pa.array([row[2] for row in rows], pa.float64()),
            }
        )
        yield SeriesPart(building_id=building, day=day, table=table.cast(SERIES_SCHEMA))


def _parameters(question_id: str, values: dict[str, Any]) -> Parameters:
    declared = {p.name: p.type for p in find_question(question_id).parameters}
    return {name: _parameter(declared[name], value) for name, value in values.items()}


def _parameter(kind: ParameterType, value: Any) -> ParameterValue:
    return _instant(value) if kind is ParameterType.TIMESTAMP else str(value)


def _row(question_id: str, values: list[Any]) -> Row:
    columns = find_question(question_id).columns
    return tuple(_value(c.type, v) for c, v in zip(columns, values, strict=True))


def _value(kind: ColumnType, value: Any) -> Any:
    if value is None:
        return None
    convert: dict[ColumnType, Callable[[Any], Any]] = {
        ColumnType.TEXT: str,
        ColumnType.INTEGER: int,
        ColumnType.FLOAT: float,
        ColumnType.TIMESTAMP: _instant,
        ColumnType.DATE: lambda day: day,
    }
    return convert[kind](value)


def _instant(value: str | date) -> datetime:
    """Read ``2024-01-01`` or ``2024-01-01 09:00`` as UTC."""
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
