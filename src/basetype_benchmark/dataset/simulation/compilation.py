"""Loops over arrays compiled to machine code, where NumPy would pass over the arrays many times.

Only what IEEE 754 defines to the last bit may be compiled: sums, products, quotients, roundings,
and `exp` of what is quantised afterwards. `fastmath` stays off, so nothing is reordered or fused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile at the first call, and keep the result beside the module for later processes.

    Where nothing can be kept, for lack of a folder to write to, it is compiled in each process.
    """
    try:
        result: Callable[..., Any] = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # "no locator available": numba refuses to cache
        result = numba.njit(nogil=True)(function)
    return result
