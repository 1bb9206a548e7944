"""The digest of a dataset's logical content: equal content gives an equal fingerprint.

It covers ids, times and values in canonical order, and nothing of how they were written: not the
Parquet writer, its compression or row groups, the order of dictionary entries, the number of
files a day is cut into, or the number of workers.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import orjson
import pyarrow as pa
from blake3 import blake3

from basetype_benchmark.dataset.graph import Graph

_DIGEST_BYTES = 20
_MINUS_ZERO = np.iinfo(np.int64).min  # its bits


def digest_graph(graph: Graph) -> bytes:
    """Digest nodes and relations, whatever the order of their rows."""
    digest = blake3()
    keys = (["id"], ["rel_type", "src_id", "dst_id", "medium", "properties"])
    for table, key in zip((graph.nodes, graph.edges), keys, strict=True):
        ordered = table.sort_by([(name, "ascending") for name in key])
        for name in ordered.column_names:
            _feed(digest, name.encode())
            _feed(digest, orjson.dumps(ordered.column(name).to_pylist()))
    return digest.digest(_DIGEST_BYTES)


def digest_series(table: pa.Table) -> bytes:
    """Digest the samples of one building and day, in `SERIES_SCHEMA` sorted by (point_id, time).

    Minus zero counts as zero, and every NaN as the same one.
    """
    ids, starts = point_runs(table)
    digest = blake3()
    _feed(digest, orjson.dumps(ids))
    _feed(digest, np.append(starts, table.num_rows).astype("<i8"))
    _feed(digest, _numpy(table.column("time").cast(pa.int64())).astype("<i8", copy=False))
    _feed(digest, _canonical(_numpy(table.column("value"))))
    return digest.digest(_DIGEST_BYTES)


def combine_digests(graph: bytes, parts: Iterable[tuple[str, str, bytes]]) -> str:
    """Make the fingerprint of the digests of graph and parts (building id, ISO day, digest)."""
    digest = blake3()
    _feed(digest, graph)
    for building_id, day, part in sorted(parts):
        _feed(digest, building_id.encode())
        _feed(digest, day.encode())
        _feed(digest, part)
    return digest.digest(_DIGEST_BYTES).hex()


def point_runs(table: pa.Table) -> tuple[list[str], np.ndarray]:
    """Give the point ids of a part in order of appearance, and the row where each one begins.

    In a sorted part every id appears once.
    """
    column = table.column("point_id").unify_dictionaries()
    if table.num_rows == 0:
        return [], np.zeros(0, np.int64)
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in column.chunks])
    starts = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1))
    return column.chunk(0).dictionary.take(pa.array(codes[starts])).to_pylist(), starts


def _canonical(values: np.ndarray) -> np.ndarray:
    undefined = np.isnan(values)
    if undefined.any() or (values.view(np.int64) == _MINUS_ZERO).any():
        values = np.where(undefined, np.nan, values + 0.0)
    return values.astype("<f8", copy=False)


def _numpy(column: pa.ChunkedArray) -> np.ndarray:
    return np.ascontiguousarray(column.to_numpy())


def _feed(digest: blake3, content: bytes | np.ndarray) -> None:
    """Add one field preceded by its length, so that no two contents run together alike."""
    size = content.nbytes if isinstance(content, np.ndarray) else len(content)
    digest.update(size.to_bytes(8, "little"))
    digest.update(content.view(np.uint8).data if isinstance(content, np.ndarray) else content)
