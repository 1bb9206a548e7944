import pytest

from basetype_benchmark.infrastructure.services.server_account import (
    CAP_DAC_OVERRIDE,
    CAP_DAC_READ_SEARCH,
    CAP_SETPCAP,
    launcher_arguments,
    usable_capabilities,
)

PLAIN = ("/bin/setpriv", "--reuid=101", "--regid=104", "--clear-groups")


def status(permitted, effective, bounding):
    return (
        f"Name:\tpython\nCapInh:\t0000000000000000\nCapPrm:\t{permitted:016x}\n"
        f"CapEff:\t{effective:016x}\nCapBnd:\t{bounding:016x}\nCapAmb:\t0000000000000000\n"
    )


@pytest.mark.parametrize(
    ("capabilities", "name"),
    [
        ({CAP_SETPCAP, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE}, "dac_read_search"),
        ({CAP_SETPCAP, CAP_DAC_OVERRIDE}, "dac_override"),
    ],
)
def test_the_least_capability_that_reads_closed_directories_is_kept(capabilities, name):
    assert launcher_arguments("/bin/setpriv", 101, 104, frozenset(capabilities)) == (
        *PLAIN,
        f"--inh-caps=+{name}",
        f"--ambient-caps=+{name}",
        "--securebits=+no_setuid_fixup",
        "--",
    )


@pytest.mark.parametrize("capabilities", [{CAP_SETPCAP}, {CAP_DAC_READ_SEARCH}, set()])
def test_without_the_means_nothing_is_kept(capabilities):
    arguments = launcher_arguments("/bin/setpriv", 101, 104, frozenset(capabilities))
    assert arguments == (*PLAIN, "--")


def test_a_capability_counts_only_when_held_and_allowed():
    assert usable_capabilities(status(0b1111, 0b0111, 0b1110)) == {1, 2}


def test_docker_roots_capabilities_are_read():
    mask = 0x00000000A80425FB
    usable = usable_capabilities(status(mask, mask, mask))
    assert {CAP_DAC_OVERRIDE, CAP_SETPCAP} <= usable
    assert CAP_DAC_READ_SEARCH not in usable


def test_a_kernel_that_tells_nothing_gives_none():
    assert usable_capabilities("Name:\tpython\n") == frozenset()
