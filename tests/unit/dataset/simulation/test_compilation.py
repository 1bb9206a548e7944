"""Compiled loops give to the last bit what the same Python gives."""

import subprocess
import sys

import numpy as np

from basetype_benchmark.dataset.simulation import assembly, change_of_value, zones
from basetype_benchmark.dataset.simulation.arrays import STEPS

RNG = np.random.default_rng(7)


def spaces_of(count: int) -> tuple[np.ndarray, ...]:
    """Arguments of the balance of `count` spaces, but for what it fills."""
    area = RNG.uniform(10, 200, count)
    walls = np.array([(i, i + 1) for i in range(count - 1)], dtype=np.int64)
    on = np.repeat((np.arange(STEPS) > 70)[:, None], count, axis=1).astype(np.float64)
    return (
        110_000 * area,
        0.8 * area,
        3 * area,
        0.002 * area,
        90 * area,
        110 * area,
        walls,
        np.full(len(walls), 14.0),
        RNG.uniform(-5, 10, STEPS),
        RNG.uniform(0.002, 0.006, STEPS),
        RNG.integers(0, 8, (STEPS, count)).astype(np.float64),
        RNG.uniform(0, 2000, (STEPS, count)),
        on,
        np.where(on > 0, 21.5, 18.0),
        np.where(on > 0, 22.5, 28.0),
    )


def test_balance_of_spaces():
    arguments = spaces_of(6)
    results = []
    for function in (zones.step_through, zones._run):
        states, actions = np.zeros((3, STEPS + 1, 6)), np.zeros((3, STEPS, 6))
        states[:, 0] = [[20.0] * 6, [450.0] * 6, [0.006] * 6]
        function(*arguments, states, actions)
        results.append((states, actions))
    (plain_states, plain_actions), (states, actions) = results
    # exp() is NumPy's in one and the C library's in the other: the last bit may differ
    np.testing.assert_allclose(states, plain_states, rtol=1e-12)
    np.testing.assert_allclose(actions, plain_actions, rtol=1e-9, atol=1e-12)
    assert np.ptp(states[0]) > 2
    assert actions[0].max() > 0.1


def test_reports_on_change_of_value():
    values = RNG.normal(20, 1, (5, 288)).astype(np.float32).cumsum(axis=1)
    resolution, count = np.array([0.1, 0.5, 1.0, 0.01, 0.05]), 5
    results = []
    for function in (change_of_value.follow, change_of_value._run):
        counts = np.zeros(count, dtype=np.int64)
        time_ms, value = np.zeros(values.size, dtype=np.int64), np.zeros(values.size)
        with np.errstate(over="ignore"):  # the mixing of bits wraps around on purpose
            done = function(
                values,
                (1 / resolution).astype(np.float32),
                *change_of_value.decimal_writing(resolution),
                np.array([3, 1, 2, 5, 1]),
                np.full(count, 12),
                300_000,
                np.arange(count) * 1000,
                np.full(count, 36_000_000),
                np.full(count, 40_000_000),
                np.uint64(99),
                counts,
                time_ms,
                value,
            )
        results.append((done, counts, time_ms, value))
    assert results[0][0] == results[1][0] > 500
    for plain, compiled in zip(results[0][1:], results[1][1:], strict=True):
        np.testing.assert_array_equal(plain, compiled)


def test_samples_in_order_of_their_points():
    samples = assembly.Samples(
        point=np.array([2, 0]),
        counts=np.array([2, 1]),
        time_ms=np.array([5, 6, 7]),
        value=np.array([1.0, -0.0, 3.0]),
    )
    other = assembly.Samples(
        point=np.array([1]), counts=np.array([1]), time_ms=np.array([9]), value=np.array([4.0])
    )
    point, time_ms, value = assembly.in_order([samples, other], points=4, midnight_ms=100)
    assert point.tolist() == [0, 1, 2, 2]
    assert time_ms.tolist() == [107, 109, 105, 106]
    assert value.tolist() == [3.0, 4.0, 1.0, 0.0]
    assert not np.signbit(value).any()


def test_what_is_preloaded_is_what_generation_calls(tmp_path):
    """Another type of argument would be compiled again, in every worker."""
    program = (
        "import sys, pathlib\n"
        "from basetype_benchmark.config.profiles import find_profile\n"
        "from basetype_benchmark.dataset.generation import generate_dataset, preload\n"
        "from basetype_benchmark.dataset.simulation import assembly, change_of_value, zones\n"
        "loops = [assembly._place, zones._run, change_of_value._run]\n"
        "before = [len(loop.signatures) for loop in loops]\n"
        "generate_dataset(find_profile('tiny-2d'), 42, pathlib.Path(sys.argv[1]), workers=1)\n"
        "print(before, [len(loop.signatures) for loop in loops])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "tiny")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[1, 1, 1] [1, 1, 1]"
