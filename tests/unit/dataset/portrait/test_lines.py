"""Lines: broken where nothing came, thinned to what can be seen."""

import numpy as np

from basetype_benchmark.dataset.portrait.lines import broken_at_silence, thinned


def test_thinning_keeps_what_stands_out():
    x = np.arange(100_000.0)
    y = np.zeros(100_000)
    y[777], y[55_555], y[90_000] = 5.0, -3.0, np.nan
    thin_x, thin_y = thinned(x, y, most=1000)
    assert len(thin_x) < 1100
    assert {777.0, 55_555.0, 90_000.0} <= set(thin_x.tolist())
    assert (np.diff(thin_x) > 0).all()
    assert (np.nanmin(thin_y), np.nanmax(thin_y)) == (-3.0, 5.0)


def test_silence_breaks_a_line_once():
    x, y = broken_at_silence(np.array([0.0, 60.0, 900.0, 960.0]), np.ones(4), 120.0)
    assert np.isnan(y).tolist() == [False, False, True, False, False]
    assert x.tolist() == [0.0, 60.0, 60.0, 900.0, 960.0]
