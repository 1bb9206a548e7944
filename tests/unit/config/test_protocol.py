from itertools import pairwise

import pytest

from basetype_benchmark.config.profiles import load_scales, shipped_like
from basetype_benchmark.config.protocol import Protocol, protocol_for


@pytest.mark.parametrize(
    ("scale", "protocol"),
    [
        ("tiny", Protocol(warmup=1, runs=3, variants=2, timeout_s=60)),
        ("small", Protocol(warmup=3, runs=10, variants=3, timeout_s=60)),
        ("medium", Protocol(warmup=3, runs=30, variants=5, timeout_s=60)),
        ("large", Protocol(warmup=3, runs=100, variants=10, timeout_s=300)),
        ("xlarge", Protocol(warmup=3, runs=100, variants=10, timeout_s=300)),
    ],
)
def test_every_scale_that_ships_has_a_protocol_of_its_own(scale: str, protocol: Protocol) -> None:
    assert protocol_for(scale) == protocol


def test_no_scale_that_ships_is_without_protocol_or_measured_less_than_a_smaller_one() -> None:
    executions = [protocol_for(s).runs * protocol_for(s).variants for s in load_scales()]
    assert all(fewer <= more for fewer, more in pairwise(executions))


def test_a_scale_that_does_not_ship_has_none() -> None:
    with pytest.raises(KeyError):
        protocol_for("my-campus")


def test_for_another_scale_the_biggest_stands_that_has_no_more_spaces() -> None:
    for smaller, bigger in pairwise(load_scales().values()):
        assert shipped_like(smaller.spaces) == smaller
        assert shipped_like(bigger.spaces - 1) == smaller
    assert shipped_like(1).name == "tiny"
    assert shipped_like(10**6).name == "xlarge"
