"""The SQL of the document model, which the loader executes and an export ships."""

from __future__ import annotations

from importlib.resources import files


def read_script(name: str) -> bytes:
    """Give the text of one of the scripts; their names are those of the relational model."""
    return (files(__package__) / name).read_bytes()
