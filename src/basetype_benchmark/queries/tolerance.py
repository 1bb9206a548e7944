"""When two floats are the same answer."""

from __future__ import annotations

import math

RELATIVE_TOLERANCE = 1e-6
ABSOLUTE_TOLERANCE = 1e-9


def floats_agree(left: float, right: float) -> bool:
    """Whether two floats are within 1e-6 relative or 1e-9 absolute; NaN agrees with nothing."""
    return math.isclose(left, right, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)
