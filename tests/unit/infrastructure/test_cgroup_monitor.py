"""Readings from files as the kernel's documentation shows them."""

import shutil
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.benchmark.resources import COUNTERS, NOTHING_READ, Reading
from basetype_benchmark.infrastructure.cgroups import v1 as cgroup_v1
from basetype_benchmark.infrastructure.cgroups import v2 as cgroup_v2
from basetype_benchmark.infrastructure.cgroups.kernel_files import (
    KernelFile,
    parse_number,
    parse_table,
)
from basetype_benchmark.infrastructure.cgroups.v1 import divide_cpu_time
from basetype_benchmark.infrastructure.cgroups.v2 import CgroupV2Meter, parse_pressure
from tests.unit.infrastructure.cgroup_trees import IN_THE_ROOT, CgroupTree

MIB = 1024 * 1024
EVERYTHING = Reading(
    memory_bytes=700 * MIB,
    memory_peak_bytes=764 * MIB,
    anonymous_bytes=300 * MIB,  # 200 and 100 of shared memory
    file_bytes=300 * MIB,  # 400 less those 100
    kernel_bytes=5 * MIB,
    cpu_user_ns=7_500_000_000,
    cpu_system_ns=2_500_000_000,
    read_bytes=MIB + 2048,
    written_bytes=4096,
    oom_kills=3,
)
GROUPS = {
    "v1": "memory/docker/4f1d",
    "v2": "system.slice/docker-4f1d.scope",
}


@pytest.fixture
def v1(tmp_path):
    return CgroupTree("v1", tmp_path)


@pytest.fixture
def v2(tmp_path):
    return CgroupTree("v2", tmp_path)


def test_version_1_is_read_whole(v1):
    meter = v1.open_meter()
    assert meter.source == "cgroup v1"
    assert meter.read() == EVERYTHING


def test_version_2_is_read_whole(v2, tmp_path):
    for device, lies_on in {"253:0": ["sdb"], "8:16": []}.items():
        for name in ["slaves", *(f"slaves/{disk}" for disk in lies_on)]:
            (tmp_path / "block" / device / name).mkdir(parents=True)
    meter = CgroupV2Meter(v2.root / GROUPS["v2"], block_devices=tmp_path / "block")
    assert meter.source == "cgroup v2"
    reading = meter.read()
    assert reading.memory_pressure_ns == 184_203_000
    assert {f: getattr(reading, f) for f in vars_of(EVERYTHING)} == vars_of(EVERYTHING)


def vars_of(reading: Reading) -> dict[str, int]:
    names = (*COUNTERS, "memory_bytes", "anonymous_bytes", "file_bytes", "kernel_bytes")
    found = {name: getattr(reading, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def test_version_2_is_found_through_the_process(v2):
    meter = v2.open_meter()
    assert (meter.source, meter.read().memory_bytes) == ("cgroup v2", 700 * MIB)


@pytest.mark.parametrize("version", GROUPS)
def test_counters_come_with_the_memory_held_alone(version, tmp_path):
    meter = CgroupTree(version, tmp_path).open_meter()
    everything, counters = meter.read(), meter.read_counters()
    assert counters.memory_bytes == everything.memory_bytes
    assert counters.memory_peak_bytes is counters.anonymous_bytes is counters.file_bytes is None
    assert [getattr(counters, c) for c in COUNTERS] == [getattr(everything, c) for c in COUNTERS]


@pytest.mark.parametrize(
    ("version", "file", "missing"),
    [
        ("v1", "memory.stat", ["anonymous_bytes", "file_bytes"]),
        ("v1", "memory.max_usage_in_bytes", ["memory_peak_bytes"]),
        ("v1", "memory.oom_control", ["oom_kills"]),
        ("v1", "memory.kmem.usage_in_bytes", ["kernel_bytes"]),
        ("v2", "memory.stat", ["anonymous_bytes", "file_bytes", "kernel_bytes"]),
        ("v2", "memory.peak", ["memory_peak_bytes"]),
        ("v2", "memory.events", ["oom_kills"]),
        ("v2", "memory.pressure", ["memory_pressure_ns"]),
        ("v2", "cpu.stat", ["cpu_user_ns", "cpu_system_ns"]),
        ("v2", "io.stat", ["read_bytes", "written_bytes"]),
    ],
)
def test_what_a_kernel_has_no_file_for_is_none(version, file, missing, tmp_path):
    tree = CgroupTree(version, tmp_path)
    before = tree.open_meter().read()
    (tree.root / GROUPS[version] / file).unlink()
    after = tree.open_meter().read()
    lost = [f.name for f in fields(Reading) if getattr(before, f.name) != getattr(after, f.name)]
    assert lost == missing
    assert [getattr(after, name) for name in missing] == [None] * len(missing)


def test_version_1_that_counts_no_io_gives_none(v1):
    (v1.root / "blkio/docker/4f1d/blkio.throttle.io_service_bytes_recursive").write_text(
        "Total 0\n"
    )
    reading = v1.open_meter().read()
    assert (reading.read_bytes, reading.written_bytes) == (None, None)


def test_io_that_is_not_counted_recursively_is_read_flat(v1):
    folder = v1.root / "blkio/docker/4f1d"
    (folder / "blkio.throttle.io_service_bytes_recursive").rename(
        folder / "blkio.throttle.io_service_bytes"
    )
    assert v1.open_meter().read().read_bytes == MIB + 2048


def test_version_2_without_io_yet_has_read_zero(v2):
    (v2.root / GROUPS["v2"] / "io.stat").write_text("")
    reading = v2.open_meter().read()
    assert (reading.read_bytes, reading.written_bytes) == (0, 0)


def test_version_1_without_exact_cpu_time_gives_that_of_the_ticks(v1):
    folder = v1.root / "cpu,cpuacct/docker/4f1d"
    for name in ("cpuacct.usage", "cpuacct.usage_user", "cpuacct.usage_sys"):
        (folder / name).unlink()
    reading = v1.open_meter().read()
    assert (reading.cpu_user_ns, reading.cpu_system_ns) == (7_500_000_000, 2_500_000_000)


def test_the_pressure_of_the_whole_machine_is_not_the_groups(v1):
    assert v1.open_meter().read().memory_pressure_ns is None


@pytest.mark.parametrize("version", GROUPS)
def test_a_process_in_the_root_has_no_meter(version, tmp_path):
    assert CgroupTree(version, tmp_path).open_meter(IN_THE_ROOT) is None


@pytest.mark.parametrize("version", GROUPS)
def test_a_process_that_is_not_there_has_no_meter(version, tmp_path):
    assert CgroupTree(version, tmp_path).open_meter(4444) is None


@pytest.mark.parametrize("version", GROUPS)
def test_a_group_outside_of_the_namespace_has_no_meter(version, tmp_path):
    tree = CgroupTree(version, tmp_path)
    tree.put_into(4242, "9:memory:/../docker/4f1d\n0::/../docker/4f1d\n")
    assert tree.open_meter() is None


def test_the_root_that_a_container_sees_is_its_own_group(v2):
    """With a namespace of its own, a container's processes are in ``/``."""
    group = v2.root / GROUPS["v2"]
    shutil.copytree(group, v2.root, dirs_exist_ok=True)
    assert v2.open_meter(IN_THE_ROOT).read().memory_bytes == 700 * MIB


def test_a_container_without_a_namespace_sees_its_group_as_a_mount(v1):
    v1.mount("36 31 0:32 /docker/4f1d @ROOT@/own ro - cgroup cgroup rw,memory\n")
    (v1.root / GROUPS["v1"]).rename(v1.root / "own")
    assert v1.open_meter().read().memory_bytes == 700 * MIB


def test_a_hybrid_host_with_its_memory_in_version_2_is_read_there(v2):
    v2.put_into(
        4242, "3:cpu,cpuacct:/user\n1:name=systemd:/user\n0::/system.slice/docker-4f1d.scope"
    )
    assert v2.open_meter().source == "cgroup v2"


def test_a_mount_point_with_a_space_is_found(v2, tmp_path):
    spaced = tmp_path / "with space"
    v2.root.rename(spaced)
    v2.mount(f"31 25 0:26 / {str(spaced).replace(' ', chr(92) + '040')} rw - cgroup2 none rw\n")
    v2.root = spaced
    assert v2.open_meter().read().memory_bytes == 700 * MIB


@pytest.mark.parametrize("version", GROUPS)
def test_mounts_elsewhere_are_not_looked_at(version, tmp_path):
    tree = CgroupTree(version, tmp_path)
    tree.root = tmp_path / "elsewhere"
    assert tree.open_meter() is None


@pytest.mark.parametrize("version", GROUPS)
def test_a_closed_meter_reads_nothing(version, tmp_path):
    meter = CgroupTree(version, tmp_path).open_meter()
    meter.close()
    meter.close()
    assert meter.read() == NOTHING_READ
    assert not meter.reset_peak()


def test_a_peak_that_is_not_there_cannot_be_reset(v2):
    (v2.root / GROUPS["v2"] / "memory.peak").unlink()
    assert not v2.open_meter().reset_peak()


def test_a_peak_that_is_read_only_is_read_and_not_reset(tmp_path):
    # As before Linux 6.12: the kernel refuses to open it for writing. A file of the kernel's that
    # is read-only for root too stands in for it.
    peak = KernelFile(Path("/proc/self/limits"), is_writable=True)
    assert not peak.write(b"reset")
    assert peak.read().startswith(b"Limit")
    peak.close()


def test_a_peak_is_reset_and_read_through_one_descriptor(v2):
    meter = v2.open_meter()
    path = v2.root / GROUPS["v2"] / "memory.peak"
    path.rename(path.with_name("kept open"))
    path.write_text("1")
    assert meter.reset_peak()
    assert meter.read().memory_peak_bytes is None  # the word that we wrote, not the new file's 1
    assert path.with_name("kept open").read_text().startswith("reset")


numbers = st.integers(min_value=0, max_value=2**63 - 1)
devices = st.from_regex(r"[0-9]{1,3}:[0-9]{1,4}", fullmatch=True)


@given(st.dictionaries(st.from_regex(rb"[a-z_]{1,20}", fullmatch=True), numbers))
def test_every_table_is_read_back(table):
    text = b"".join(b"%s %d\n" % item for item in table.items())
    assert parse_table(text) == table


@given(numbers)
def test_every_number_is_read_back(number):
    assert parse_number(b"%d\n" % number) == number


@given(st.dictionaries(devices, st.tuples(numbers, numbers), min_size=1))
def test_io_of_all_devices_is_added_up(used):
    expected = (sum(r for r, _ in used.values()), sum(w for _, w in used.values()))
    flat = "".join(
        f"{d} Read {r}\n{d} Write {w}\n{d} Total {r + w}\n" for d, (r, w) in used.items()
    )
    assert cgroup_v1.parse_io(f"{flat}Total {sum(expected)}\n".encode()) == expected
    keyed = "".join(f"{d} rbytes={r} wbytes={w} rios=1 wios=1\n" for d, (r, w) in used.items())
    assert cgroup_v2.parse_io(keyed.encode()) == expected


@given(st.none() | st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_text_breaks_a_parser(text):
    for parse in (
        parse_number,
        parse_table,
        parse_pressure,
        cgroup_v1.parse_io,
        cgroup_v2.parse_io,
    ):
        parse(text)


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1))
def test_divided_cpu_time_adds_up_and_never_falls(steps):
    total = user_ticks = system_ticks = 0
    last = (0, 0)
    for more, user, system in steps:
        total, user_ticks, system_ticks = total + more, user_ticks + user, system_ticks + system
        now = divide_cpu_time(total, user_ticks, system_ticks, last)
        assert sum(now) == total
        assert now[0] >= last[0]
        assert now[1] >= last[1]
        last = now
