"""Named streams of random numbers: what one draws never shifts what another gives."""

from __future__ import annotations

import hashlib

import numpy as np

_WORD = (1 << 64) - 1


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Open the stream of a seed and a path of names, from its beginning.

    The generator is Philox, keyed by the seed and a digest of the names: the same arguments give
    the same numbers in any process, and other names give unrelated ones.
    """
    key = np.array([seed & _WORD, _name_key(names)], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def single_number(seed: int, *names: str | int) -> int:
    """Give one number of 64 bits for a seed and a path of names, without opening a stream."""
    return _name_key((seed & _WORD, *names))


def _name_key(names: tuple[str | int, ...]) -> int:
    text = "\x1f".join(map(str, names)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
