import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.infrastructure.meters.proc_formats import (
    TICK_NS,
    CpuTimes,
    ProcessStat,
    parse_cpu_times,
    parse_numbers,
    parse_process_stat,
    parse_resident_pages,
    parse_sizes,
)

STAT = (
    b"4711 (a (b) c) S 4700 4711 4600 34816 4711 4194304 120 0 3 0 250 75 10 20 20 0 4 0 123456 "
    b"10485760 300 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n"
)
CPU = (
    b"cpu  1000 20 300 40000 50 6 7 80 9 0\n"
    b"cpu0 600 10 200 20000 25 3 4 40 5 0\n"
    b"intr 12345 0 0\nctxt 1\n"
)
MEMINFO = (
    b"MemTotal:       24567890 kB\nMemFree:         1234567 kB\nHugePages_Total:       0\n"
    b"Active(anon):      99 kB\n"
)
IO = b"rchar: 6976\nwchar: 12\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n"


def test_a_process_is_read_whatever_its_name() -> None:
    expected = ProcessStat(session=4600, cpu_user_ns=250 * TICK_NS, cpu_system_ns=75 * TICK_NS)
    assert parse_process_stat(STAT) == expected


def test_a_tick_is_that_of_this_machine() -> None:
    assert TICK_NS * os.sysconf("SC_CLK_TCK") == 1_000_000_000


def test_cpu_time_of_the_machine_holds_interrupts_and_not_what_others_took() -> None:
    expected = CpuTimes(user_ns=1020 * TICK_NS, system_ns=313 * TICK_NS)
    assert parse_cpu_times(CPU) == expected


def test_resident_pages_are_split_into_anonymous_and_file() -> None:
    assert parse_resident_pages(b"763 403 363 5 0 120 0\n") == (40, 363)


def test_sizes_are_in_bytes_and_counts_are_no_sizes() -> None:
    assert parse_sizes(MEMINFO) == {
        b"MemTotal": 24567890 * 1024,
        b"MemFree": 1234567 * 1024,
        b"Active(anon)": 99 * 1024,
    }


def test_numbers_are_read_by_name() -> None:
    assert parse_numbers(IO)[b"read_bytes"] == 4096
    assert parse_numbers(IO)[b"write_bytes"] == 8192


@pytest.mark.parametrize("text", [None, b"", b"cpu  1 2 3\n", b"nothing of that kind\n"])
def test_what_is_not_there_is_none(text: bytes | None) -> None:
    assert parse_process_stat(text) is None
    assert parse_cpu_times(text) is None
    assert parse_sizes(text) == {}
    assert parse_resident_pages(b"" if text else text) is None


@given(st.text(st.characters(codec="latin-1", exclude_characters="\0\n"), max_size=15))
def test_no_name_of_a_process_misleads(name: str) -> None:
    text = b"1 (" + name.encode("latin-1") + b") S 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
    stat = parse_process_stat(text)
    assert stat is not None
    assert (stat.session, stat.cpu_user_ns) == (4, 12 * TICK_NS)
