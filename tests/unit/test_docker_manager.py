"""What the Docker layer makes of what a daemon says, in either version of control groups."""

import errno
import json
import os
from pathlib import Path

import pytest

from basetype_benchmark.benchmark.resources import NOTHING_READ, Reading
from basetype_benchmark.infrastructure.docker.daemon import (
    DaemonFacts,
    describe_absence,
    why_no_limit,
    why_unsupported,
)
from basetype_benchmark.infrastructure.docker.errors import describe_cause, os_error_in
from basetype_benchmark.infrastructure.docker.exit import describe_exit
from basetype_benchmark.infrastructure.docker.images import describe_missing
from basetype_benchmark.infrastructure.docker.labels import store_name
from basetype_benchmark.infrastructure.docker.meter import ContinuingMeter
from basetype_benchmark.infrastructure.docker.stats import (
    ContainerStats,
    parse_stats,
    to_reading,
)
from basetype_benchmark.infrastructure.docker_manager import ContainerState
from basetype_benchmark.infrastructure.harness_id import (
    HarnessId,
    Life,
    parse_harness_id,
    this_harness,
)
from basetype_benchmark.units import MIB

STATS = Path(__file__).parents[1] / "golden" / "docker_stats"


def stats_of(name: str, version: int) -> ContainerStats:
    return parse_stats(json.loads((STATS / name).read_text()), cgroup_version=version)


def test_statistics_of_version_1_as_docker_20_10_gave_them():
    stats = stats_of("cgroup_v1.json", 1)
    assert stats.cpu_percent == pytest.approx(103874 / 1990000000 * 2 * 100)
    assert stats == ContainerStats(
        memory_usage_bytes=9408512,
        memory_working_bytes=9408512 - 344064,
        memory_peak_bytes=9949184,
        memory_limit_bytes=268435456,
        anonymous_bytes=5595136,
        file_bytes=2887680,
        cpu_percent=stats.cpu_percent,
        cpu_user_ns=10000000,
        cpu_system_ns=20000000,
        block_read_bytes=None,  # a kernel that does not count them: not measured, not zero
        block_write_bytes=None,
        network_rx_bytes=736,
        network_tx_bytes=0,
    )


def test_statistics_of_version_2_have_other_keys_and_no_peak():
    stats = stats_of("cgroup_v2.json", 2)
    assert stats == ContainerStats(
        memory_usage_bytes=52428800,
        memory_working_bytes=52428800 - 10485760,
        memory_peak_bytes=None,
        memory_limit_bytes=536870912,
        anonymous_bytes=31461376,
        file_bytes=16773120,
        cpu_percent=50.0,
        cpu_user_ns=350000000,
        cpu_system_ns=180000000,
        block_read_bytes=4100096,
        block_write_bytes=8192,
        network_rx_bytes=1736,
        network_tx_bytes=640,
    )


def test_operations_count_whatever_their_case():
    blocks = [{"op": "Read", "value": 5}, {"op": "read", "value": 7}, {"op": "Total", "value": 12}]
    document = {"blkio_stats": {"io_service_bytes_recursive": blocks}}
    stats = parse_stats(document, cgroup_version=1)
    assert (stats.block_read_bytes, stats.block_write_bytes) == (12, None)


@pytest.mark.parametrize("version", [1, 2])
def test_a_dead_container_was_not_measured(version):
    document = {
        "memory_stats": {},
        "cpu_stats": {"cpu_usage": {"usage_in_usermode": 0, "usage_in_kernelmode": 0}},
        "blkio_stats": {"io_service_bytes_recursive": None},
    }
    assert parse_stats(document, cgroup_version=version) == ContainerStats()
    assert to_reading(parse_stats(document, cgroup_version=version)) == NOTHING_READ


def state(exit_code: int, *, is_oom_killed: bool = False, error: str = "") -> ContainerState:
    return ContainerState(
        id="c",
        is_running=False,
        pid=0,
        exit_code=exit_code,
        is_oom_killed=is_oom_killed,
        error=error,
    )


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (state(1), "exited with code 1"),
        (state(0), "exited with code 0"),
        (state(127, error="no such file"), "exited with code 127: no such file"),
        (state(143), "was ended by SIGTERM (exit code 143)"),
        (state(137), "was ended by SIGKILL (exit code 137)"),
        (state(255), "exited with code 255"),
        (
            state(137, is_oom_killed=True),
            "ran out of memory of 64 MiB and was killed by the kernel (exit code 137)",
        ),
        # A child was killed, and the server gave up of itself.
        (state(1, is_oom_killed=True), "exited with code 1"),
    ],
)
def test_an_exit_is_told_in_words(ended, words):
    assert describe_exit(ended, 64 * MIB) == words


def test_the_reason_of_the_operating_system_is_found_under_the_clients_layers():
    inner = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
    outer = RuntimeError("Max retries exceeded", ValueError(inner))
    assert os_error_in(outer) is inner
    assert describe_cause(outer) == "connection refused"
    assert describe_cause(RuntimeError("first line\nsecond")) == "first line"


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("unix:///run/d.sock", errno.ENOENT, "there is no socket /run/d.sock; start it: systemctl"),
        ("unix:///run/d.sock", errno.EACCES, "permission denied; join its group and log in anew"),
        ("unix:///run/d.sock", errno.ECONNREFUSED, "at /run/d.sock: connection refused; start it"),
        ("tcp://h:2375", errno.ECONNREFUSED, "at tcp://h:2375: connection refused; see that it"),
    ],
)
def test_why_no_daemon_answers_comes_with_what_mends_it(url, code, words):
    assert words in describe_absence(url, OSError(code, os.strerror(code)))


def facts(**changed: object) -> DaemonFacts:
    usual = {
        "address": "127.0.0.1",
        "is_remote": False,
        "is_rootless": False,
        "cgroup_version": 2,
        "limits_memory": True,
        "limits_swap": True,
        "swap_bytes": MIB,
    }
    return DaemonFacts(**{**usual, **changed})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, None),
        ({"limits_swap": False, "swap_bytes": 0}, None),
        ({"limits_memory": False}, "cgroup_enable=memory"),
        ({"limits_memory": False, "is_rootless": True}, "Delegate=cpu cpuset io memory pids"),
        ({"limits_swap": False}, "swapoff -a"),
        ({"limits_swap": False, "swap_bytes": None, "is_remote": True}, "swapaccount=1"),
    ],
)
def test_a_limit_that_cannot_be_held_is_refused_with_the_reason(changed, words):
    reason = why_no_limit(facts(**changed))
    assert reason is None if words is None else words in str(reason)


@pytest.mark.parametrize(
    ("info", "version", "words"),
    [
        ({"OSType": "linux"}, {"ApiVersion": "1.41"}, None),
        ({"OSType": "linux"}, {"ApiVersion": "1.52", "Components": [{"Name": "Engine"}]}, None),
        ({"OSType": "linux"}, {"ApiVersion": "1.40"}, "too old (API 1.40)"),
        ({"OSType": "windows"}, {"ApiVersion": "1.41"}, "windows containers"),
        (
            {"OSType": "linux"},
            {"ApiVersion": "1.41", "Components": [{"Name": "Podman Engine"}]},
            "Podman",
        ),
    ],
)
def test_a_daemon_of_another_kind_is_refused(info, version, words):
    reason = why_unsupported(info, version)
    assert reason is None if words is None else words in str(reason)


def test_a_missing_image_is_one_line_with_both_ways_out():
    assert describe_missing("a/b:1", "oxigraph", "no\n  network") == (
        "the image a/b:1 is not on this machine and cannot be pulled: no network; get it where "
        "there is a network: docker pull a/b:1, or take another one: --image oxigraph=IMAGE"
    )


def test_a_store_has_a_name_of_its_own_that_docker_takes():
    name = store_name("oxigraph", Path("/home/a/engines/O1/oxigraph"))
    assert name.startswith("btb-oxigraph-")
    assert name == store_name("oxigraph", Path("/home/a/engines/O1/oxigraph"))
    assert name != store_name("oxigraph", Path("/home/a/engines/O2/oxigraph"))
    assert name.replace("-", "").isalnum()


def test_a_harness_is_known_again_and_never_taken_for_another():
    here = this_harness()
    assert parse_harness_id(str(here)).life() is Life.ALIVE
    assert parse_harness_id("what is this") is None
    assert altered(here, create_time=here.create_time - 60).life() is Life.ENDED
    assert altered(here, boot="another").life() is Life.ENDED
    assert altered(here, machine="another").life() is Life.UNKNOWN
    assert altered(here, pid_namespace="another").life() is Life.UNKNOWN


def altered(harness: HarnessId, **changed: object) -> HarnessId:
    fields = ("machine", "boot", "pid_namespace", "pid", "create_time")
    return HarnessId(**{**{name: getattr(harness, name) for name in fields}, **changed})


class ScriptedMeter:
    """A `Meter` that reads what it was told."""

    source = "script"

    def __init__(self, *readings: Reading) -> None:
        self._readings = iter(readings)
        self._last = NOTHING_READ

    def read(self) -> Reading:
        self._last = next(self._readings, self._last)
        return self._last

    read_counters = read

    def reset_peak(self) -> bool:
        return True

    def close(self) -> None:
        self._last = NOTHING_READ


def test_counters_go_on_over_a_restart_and_what_is_missing_stays_so():
    first = Reading(memory_bytes=9, memory_peak_bytes=50, cpu_user_ns=100, oom_kills=1)
    second = Reading(memory_bytes=5, memory_peak_bytes=7, cpu_user_ns=3, oom_kills=0)
    meters = iter([ScriptedMeter(first), ScriptedMeter(second)])
    kills = iter([1, 2])
    meter = ContinuingMeter(lambda: next(meters), lambda: next(kills))
    assert meter.read() == first
    meter.leave()
    meter.follow()
    assert meter.read() == Reading(
        memory_bytes=5, memory_peak_bytes=50, cpu_user_ns=103, oom_kills=2
    )
    assert meter.reset_peak()
    assert meter.read().memory_peak_bytes == 7
    assert meter.read().read_bytes is None


def test_while_no_container_runs_nothing_is_read():
    alive = Reading(memory_bytes=9, cpu_user_ns=100)
    meter = ContinuingMeter(lambda: ScriptedMeter(alive, alive, NOTHING_READ), lambda: 0)
    assert meter.read() == alive
    assert meter.read() == NOTHING_READ
