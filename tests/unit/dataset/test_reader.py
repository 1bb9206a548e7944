"""Nodes read as dictionaries are the nodes, and a damaged file is refused in that form too."""

import pyarrow as pa
import pytest

from basetype_benchmark.dataset.model import NODE_SCHEMA
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.errors import DatasetError


def test_coded_nodes_are_the_nodes(tiny: Dataset) -> None:
    coded = tiny.nodes(coded=True)
    assert coded.cast(NODE_SCHEMA) == tiny.nodes()
    is_coded = {field.name: pa.types.is_dictionary(field.type) for field in coded.schema}
    assert is_coded == {name: name not in ("id", "name") for name in NODE_SCHEMA.names}


def test_a_damaged_file_is_named(tiny_copy: Dataset) -> None:
    path = tiny_copy.folder / "nodes.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"nodes\.parquet cannot be read"):
        tiny_copy.nodes(coded=True)
