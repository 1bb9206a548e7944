import pytest
from hypothesis import given
from hypothesis import strategies as st

from basetype_benchmark.infrastructure.services.postgres_settings import postgres_settings
from basetype_benchmark.units import GIB, MIB


def megabytes(settings, name):
    value = next(setting.value for setting in settings if setting.name == name)
    assert value.endswith("MB")
    return int(value.removesuffix("MB"))


@pytest.mark.parametrize(
    ("ram_bytes", "cpu_count"),
    [(GIB // 4, 1), (GIB, 2), (8 * GIB, 8), (256 * GIB, 64)],
    ids=["256mib-1cpu", "1gib-2cpu", "8gib-8cpu", "256gib-64cpu"],
)
def test_settings_are_as_published(ram_bytes, cpu_count, request, golden):
    lines = [
        f"{s.name} = {s.value}  # {s.reason}\n" for s in postgres_settings(ram_bytes, cpu_count)
    ]
    golden(f"postgres_settings/{request.node.callspec.id}.conf", "".join(lines))


@given(st.integers(min_value=250_000_000, max_value=1024 * GIB), st.integers(1, 256))
def test_the_server_fits_in_its_budget(ram_bytes, cpu_count):
    settings = postgres_settings(ram_bytes, cpu_count)
    workers = next(int(s.value) for s in settings if s.name == "max_parallel_workers_per_gather")
    statement = 2 * 4 * (1 + workers) * megabytes(settings, "work_mem")
    buffers = megabytes(settings, "shared_buffers")
    rest = megabytes(settings, "maintenance_work_mem")
    assert (buffers + statement + rest) * MIB <= ram_bytes * 0.66


@given(st.integers(min_value=1, max_value=64 * GIB), st.integers(1, 64))
def test_more_memory_never_means_less_of_anything(ram_bytes, cpu_count):
    less, more = (postgres_settings(ram, cpu_count) for ram in (ram_bytes, 2 * ram_bytes))
    for name in ("shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem"):
        assert megabytes(less, name) <= megabytes(more, name)


def test_commits_are_durable_and_every_setting_has_one_reason():
    settings = postgres_settings(GIB, 2)
    values = {setting.name: setting.value for setting in settings}
    assert len(values) == len(settings)
    assert (values["fsync"], values["synchronous_commit"]) == ("on", "on")
    assert all(setting.reason for setting in settings)
