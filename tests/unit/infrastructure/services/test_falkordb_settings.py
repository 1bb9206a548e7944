import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.infrastructure.services.falkordb_settings import falkordb_settings
from basetype_benchmark.units import GIB, MIB


def limits(ram_bytes: int) -> tuple[int, int]:
    """Bytes of the graph, and of one query."""
    values = {s.name: s.value for s in falkordb_settings(ram_bytes, 2)}
    assert values["maxmemory"].endswith("mb")
    return int(values["maxmemory"].removesuffix("mb")) * MIB, int(values["QUERY_MEM_CAPACITY"])


@pytest.mark.parametrize(
    ("ram_bytes", "cpu_count"),
    [(GIB // 4, 1), (GIB, 2), (8 * GIB, 8), (256 * GIB, 64)],
    ids=["256mib-1cpu", "1gib-2cpu", "8gib-8cpu", "256gib-64cpu"],
)
def test_settings_are_as_published(ram_bytes, cpu_count, request, golden):
    lines = [
        f"{s.name} = {s.value}  # {s.reason}\n" for s in falkordb_settings(ram_bytes, cpu_count)
    ]
    golden(f"falkordb_settings/{request.node.callspec.id}.conf", "".join(lines))


@given(st.integers(min_value=64 * MIB, max_value=1024 * GIB))
def test_the_server_fits_in_its_budget(ram_bytes):
    assert sum(limits(ram_bytes)) <= ram_bytes


@given(st.integers(min_value=1, max_value=512 * GIB))
def test_more_memory_never_means_less_of_anything(ram_bytes):
    less, more = limits(ram_bytes), limits(2 * ram_bytes)
    assert less[0] <= more[0]
    assert less[1] <= more[1]


def test_every_setting_is_given_once_with_its_reason():
    settings = falkordb_settings(GIB, 2)
    assert len({setting.name for setting in settings}) == len(settings)
    assert all(setting.reason for setting in settings)
    assert all(s.name.islower() or s.name.isupper() for s in settings)
