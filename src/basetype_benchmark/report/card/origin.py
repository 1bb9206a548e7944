"""Reads out of a card what it was written for and by: what is needed to write it anew."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REPOSITORY = re.compile(r"^hf download (\S+) --repo-type dataset", re.MULTILINE)
_WRITER = re.compile(r"^This card was written by .*, digest `([0-9a-f]+)`", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class CardOrigin:
    """The repository that a card is for, and the digest of the code that wrote it."""

    repository: str
    code_digest: str


def read_origin(text: str) -> CardOrigin | None:
    """Find both in the text of a card; None where it does not say so."""
    repository, writer = _REPOSITORY.search(text), _WRITER.search(text)
    if repository is None or writer is None:
        return None
    return CardOrigin(repository=repository[1], code_digest=writer[1])
