from basetype_benchmark.config.profiles import load_scales
from basetype_benchmark.config.protocol import protocol_for


def test_a_scale_of_the_users_own_is_measured_like_small() -> None:
    assert protocol_for("my-campus") == protocol_for("small")


def test_every_scale_is_warmed_up_and_measured_several_times() -> None:
    for scale in load_scales():
        protocol = protocol_for(scale)
        assert protocol.warmup >= 1
        assert min(protocol.runs, protocol.variants) >= 2
        assert protocol.timeout_s > 0


def test_tiny_is_measured_less_than_small() -> None:
    tiny, small = protocol_for("tiny"), protocol_for("small")
    assert tiny.runs * tiny.variants < small.runs * small.variants
