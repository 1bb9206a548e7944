"""Writes the graph of a dataset in Brick's terms, as one Turtle file."""

from __future__ import annotations

from collections import Counter

from basetype_benchmark.dataset.export.brick.model import read_model
from basetype_benchmark.dataset.export.brick.turtle import stream_turtle
from basetype_benchmark.dataset.export.folder import ExportFolder
from basetype_benchmark.dataset.export.manifest import ExportCounts
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.progress import Task

MODEL_NAME = "model.ttl"


def export_brick(dataset: Dataset, folder: ExportFolder, task: Task) -> ExportCounts:
    """Write the graph; gives what was written. The series stays where it is, and is referred to.

    Raises:
        DatasetError: a file cannot be read, or a unit or quantity is unknown.
        DiskFull: there is no space left.
    """
    model = read_model(dataset)
    with folder.open_data(MODEL_NAME) as file:
        for block in stream_turtle(model):
            file.write(block.text, block.nodes)
    return ExportCounts(
        nodes=Counter(model.nodes["type"]), edges=Counter(model.relations["rel_type"])
    )
