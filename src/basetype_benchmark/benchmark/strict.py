"""How pydantic reads the records: an unknown field is a mistake, and every field says its meaning.

The text below a field is its description in the JSON Schemas and in the reference. What can be null
says when, in a last sentence that begins with ``None:``.
"""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, TypeAdapter

STRICT: ConfigDict = ConfigDict(extra="forbid")


def describe_record(kind: type) -> dict[str, Any]:
    """Give the JSON Schema of a record, with the texts below its fields.

    The texts are looked for here alone: the source of every record is parsed for that, which would
    take half a second of each command.
    """
    STRICT["use_attribute_docstrings"] = True
    try:
        return TypeAdapter(kind).json_schema(mode="serialization")
    finally:
        del STRICT["use_attribute_docstrings"]
