"""A table of nodes as `Dataset.nodes(coded=True)` reads it."""

import pyarrow as pa


def coded(nodes: pa.Table) -> pa.Table:
    """Give all columns but id and name as dictionaries."""
    columns = {
        name: column if name in ("id", "name") else column.dictionary_encode()
        for name, column in zip(nodes.column_names, nodes.columns, strict=True)
    }
    return pa.table(columns)
