"""Numbers that nothing measures and no computer counts to, in files of strangers."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 1 << 63


def find_beyond(document: object, path: str = "") -> str | None:
    """Give the path of a number in a JSON document that 64 bits do not hold; None: there is none.

    What is computed from one would end in an error, not in a finding.
    """
    parts: Iterable[tuple[object, object]]
    if isinstance(document, dict):
        parts = document.items()
    elif isinstance(document, list):
        parts = enumerate(document)
    else:
        return path if isinstance(document, int | float) and not abs(document) < _MOST else None
    found = (find_beyond(part, f"{path}.{name}".lstrip(".")) for name, part in parts)
    return next((where for where in found if where is not None), None)
