"""How pydantic reads the records: an unknown field is a mistake, and every field says its meaning.

The text below a field is its description in the JSON Schemas and in the reference. What can be null
says when, in a last sentence that begins with ``None:``.
"""

from __future__ import annotations

from pydantic import ConfigDict

STRICT: ConfigDict = ConfigDict(extra="forbid", use_attribute_docstrings=True)
