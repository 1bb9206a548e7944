"""Columns of ids and texts as columns of RDF terms; cells that need no escape are not touched."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from basetype_benchmark.dataset.export import rdf


def encode_ids(ids: pl.Series) -> pl.Series:
    """Percent-encode ids, see `rdf.encode_id`."""
    return _rewrite(ids, rdf.UNSAFE_IN_IRI, rdf.encode_id)


def write_iris(ids: pl.Series, base: str) -> pl.Series:
    """Write ids as IRIs below `base`, in angle brackets; a null stays one."""
    return pl.select(pl.concat_str(pl.lit(f"<{base}"), encode_ids(ids), pl.lit(">"))).to_series()


def write_literals(texts: pl.Series) -> pl.Series:
    """Write texts as string literals; a null stays one."""
    escaped = _rewrite(texts, rdf.UNSAFE_IN_LITERAL, rdf.escape_text)
    return pl.select(pl.concat_str(pl.lit('"'), escaped, pl.lit('"'))).to_series()


def _rewrite(texts: pl.Series, pattern: str, function: Callable[[str], str]) -> pl.Series:
    matching = texts.filter(texts.str.contains(pattern)).unique()
    return texts.replace({text: function(text) for text in matching}) if len(matching) else texts
