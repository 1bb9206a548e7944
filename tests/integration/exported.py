"""Datasets that the tests of exports load into servers."""

from pathlib import Path

import pyarrow as pa

from basetype_benchmark.config.profiles import find_profile
from basetype_benchmark.dataset.generation import generate_dataset
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.model import DAY, EDGE_SCHEMA, EPOCH, NODE_SCHEMA, NodeType
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.dataset.writer import write_dataset

ODD_TEXTS = (
    "",
    "a\nb",
    "a\r\nb",
    'say "x"',
    '"',
    "\\",
    "\\.",
    "\\N",
    "a,b;c\td",
    "NULL",
    "<é> {'}",
    "\U0001f600 \u2028",
)


def build_tiny(parent: Path) -> Dataset:
    """The profile tiny-2d, made by one process."""
    return generate_dataset(find_profile("tiny-2d"), 42, parent / "tiny-2d_seed42", workers=1)


def build_odd(parent: Path) -> Dataset:
    """Spaces with names, ids and properties that break careless quoting; no samples."""
    rows = [
        {
            "id": f"space {number}: {text}",
            "type": NodeType.SPACE.value,
            "name": text,
            "properties": None if number % 2 else '{"note": "\\"\\\\ \\n é"}',
        }
        for number, text in enumerate(ODD_TEXTS)
    ]
    nodes = pa.Table.from_pylist(sorted(rows, key=lambda row: row["id"] or ""), schema=NODE_SCHEMA)
    return write_dataset(
        parent / "odd",
        profile="odd-2d",
        seed=0,
        start=EPOCH,
        end=EPOCH + 2 * DAY,
        graph=Graph(nodes=nodes, edges=EDGE_SCHEMA.empty_table(), ghosts=()),
        series=(),
    )
