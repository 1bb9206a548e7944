from dataclasses import replace
from pathlib import Path

from basetype_benchmark.benchmark.campaign import ServiceRecord
from basetype_benchmark.units import GIB
from basetype_benchmark.workflows.campaigns.environment import describe_environment

SERVICE = ServiceRecord(
    scenario="P1", engine="postgresql", provider="docker", version="PostgreSQL 18", settings=()
)


def test_each_server_is_told_once_for_each_limit(tmp_path: Path) -> None:
    limited = replace(SERVICE, ram_bytes=GIB, cold_start=True)
    newer = replace(SERVICE, version="PostgreSQL 18.1")
    found = describe_environment([SERVICE, limited, newer, limited], tmp_path).services
    assert found == (newer, limited)


def test_one_start_that_was_not_cold_is_told_of_them_all(tmp_path: Path) -> None:
    cold = replace(SERVICE, ram_bytes=GIB, cold_start=True)
    warm = replace(cold, cold_start=False)
    for order in ([cold, warm], [warm, cold], [warm, cold, cold]):
        assert describe_environment(order, tmp_path).services == (warm,)
