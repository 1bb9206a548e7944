"""Finds the text of a question for a storage model, or for an engine whose dialect forces one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from basetype_benchmark.config.scenarios import StorageModel
from basetype_benchmark.queries.catalog import Kind, Question

_SUFFIX = {
    StorageModel.RELATIONAL: "sql",
    StorageModel.DOCUMENT: "sql",
    StorageModel.SERIES: "sql",
    StorageModel.PROPERTY_GRAPH: "cypher",
    StorageModel.PROPERTY_GRAPH_CHUNKS: "cypher",
    StorageModel.RDF: "rq",
    StorageModel.RDF_CHUNKS: "rq",
}


def find_text(question: Question, model: StorageModel, engine: str) -> Path | None:
    """Give the file with the text: the engine's override if there is one; None if there is none.

    A question about the graph alone has one text, whether the store keeps the series too or not.
    """
    if question.kind is Kind.GRAPH:
        model = model.of_graph
    suffix = _SUFFIX[model]
    for name in (f"{model.value}.{engine}.{suffix}", f"{model.value}.{suffix}"):
        path = question.folder / name
        if path.is_file():
            return path
    return None


@cache
def read_text(path: Path) -> str:
    """Read a query text once."""
    return path.read_text(encoding="utf-8")
