"""BaseType Benchmark: which storage a building's digital twin needs, and how much RAM."""

from importlib.metadata import version

__version__ = version("basetype-benchmark")
