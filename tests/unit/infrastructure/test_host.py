from pathlib import Path

import pytest

from basetype_benchmark.infrastructure.host import (
    detect_cgroup_version,
    parse_cpu_model,
    parse_distribution,
    parse_filesystem,
    read_host_facts,
)

MOUNTS = """\
overlay / overlay rw,relatime 0 0
/dev/sda1 /home ext4 rw 0 0
/dev/sdb1 /home/with\\040space xfs rw 0 0
tmpfs /home/user/tmp tmpfs rw 0 0
/dev/sdc1 /home/user/tmp btrfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
            "Debian GNU/Linux 12 (bookworm)",
        ),
        ("PRETTY_NAME=Alpine\n", "Alpine"),
        ("NAME=x\n", None),
        ('PRETTY_NAME=""\n', None),
        (None, None),
    ],
)
def test_the_distribution_is_read(text, name):
    assert parse_distribution(text) == name


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("processor\t: 0\nmodel name\t: AMD EPYC 7B13\nmodel\t\t: 1\n", "AMD EPYC 7B13"),
        ("processor : 0\nModel\t\t: Raspberry Pi 4\n", "Raspberry Pi 4"),
        ("processor : 0\nBogoMIPS : 50\n", None),
        (None, None),
    ],
)
def test_the_cpu_model_is_read(text, model):
    assert parse_cpu_model(text) == model


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib", "overlay"),
        ("/home/user", "ext4"),
        ("/home/with space/x", "xfs"),
        ("/home/user/tmp/x", "btrfs"),
        ("/homes", "overlay"),
    ],
)
def test_the_file_system_is_that_of_the_deepest_mount(path, kind):
    assert parse_filesystem(MOUNTS, Path(path)) == kind


def test_unknown_mounts_have_no_file_system():
    assert parse_filesystem(None, Path("/")) is None


def test_cgroup_versions_are_told_apart(tmp_path):
    assert detect_cgroup_version(tmp_path) is None
    (tmp_path / "cgroup.controllers").write_text("cpu io\n")
    assert detect_cgroup_version(tmp_path) is None
    (tmp_path / "cgroup.controllers").write_text("cpu io memory pids\n")
    assert detect_cgroup_version(tmp_path) == 2
    (tmp_path / "memory").mkdir()
    assert detect_cgroup_version(tmp_path) == 1


def test_a_machine_that_tells_nothing_gives_none_not_zero(tmp_path):
    facts = read_host_facts(tmp_path, root=tmp_path)
    assert facts.distribution is None
    assert facts.cpu_model is None
    assert facts.cpu_governor is None
    assert facts.cgroup_version is None
    assert facts.filesystem is None
    assert facts.can_drop_page_cache is False


def test_this_machine_has_memory_cpus_and_disk_even_for_a_path_to_come():
    facts = read_host_facts(Path.cwd() / "not" / "yet" / "there")
    assert facts.memory_bytes > 0
    assert 1 <= facts.cpu_usable_count <= facts.cpu_count
    assert facts.disk_free_bytes > 0
    assert facts.python.startswith("CPython 3.")


def test_the_governor_is_read(tmp_path):
    folder = tmp_path / "sys/devices/system/cpu/cpu0/cpufreq"
    folder.mkdir(parents=True)
    (folder / "scaling_governor").write_text("performance\n")
    assert read_host_facts(tmp_path, root=tmp_path).cpu_governor == "performance"
