"""The oracle: every question answered a second time, with Polars and plain Python.

It reads the dataset's Parquet and shares no text with any engine. What an answer means is settled
in docs/reference/questions.md.
"""

from basetype_benchmark.queries.oracle.oracle import Oracle

__all__ = ["Oracle"]
