"""The distributions that intervals are made of, from SciPy; its import waits for the first use.

It takes half a second, which most commands can do without.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

CONFIDENCE = 0.95

_Floats = npt.NDArray[np.float64]


def student_reach(degrees_of_freedom: float) -> float:
    """Give how many standard errors a 95 % interval reaches to each side, by Student."""
    from scipy import special  # noqa: PLC0415 - see above

    return float(special.stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2))


def normal_cdf(z: _Floats) -> _Floats:
    """Give the chance that a standard normal variable is below each `z`."""
    from scipy import special  # noqa: PLC0415 - see above

    chances: _Floats = special.ndtr(z)
    return chances
