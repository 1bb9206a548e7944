"""How pydantic reads the records: an unknown field is a mistake."""

from __future__ import annotations

from pydantic import ConfigDict

STRICT: ConfigDict = ConfigDict(extra="forbid")
