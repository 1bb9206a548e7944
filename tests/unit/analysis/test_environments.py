"""What differs between two environments, and what that makes of a comparison."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.comparison_pairs import Term, pair_cells
from basetype_benchmark.analysis.environments import Difference, Weight, compare_environments
from basetype_benchmark.analysis.environments_noise import (
    NOT_WATCHED,
    QUIET,
    noise_difference,
)
from basetype_benchmark.analysis.noise import judge_noise
from basetype_benchmark.analysis.summarise import summarise_campaign
from basetype_benchmark.benchmark.campaign import EnvironmentRecord
from basetype_benchmark.benchmark.sentinel import SentinelReading
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.units import MIB
from tests.measured import MadeCell, log_normal, write_measured
from tests.records import CODE, make_environment

CELL = MadeCell(queries={"Q1": log_normal(1)})


@pytest.fixture
def data(tmp_path: Path) -> CampaignData:
    return replace(write_measured(tmp_path, [CELL]), environment=make_environment())


def differences(a: CampaignData, b: CampaignData) -> list[Difference]:
    ours, theirs = Term(data=a), Term(data=b)
    return list(compare_environments(ours, theirs, pair_cells(ours, theirs).pairs))


def only(found: list[Difference]) -> tuple[Weight, str, str, str]:
    (difference,) = found
    return difference.weight, difference.what, difference.a, difference.b


def environment(**host: str | int | None) -> EnvironmentRecord:
    base = make_environment()
    return replace(base, host={**base.host, **host})


def test_nothing_differs_from_itself(data: CampaignData) -> None:
    assert differences(data, data) == []


def test_another_machine_kernel_or_protocol_is_doubtful(data: CampaignData) -> None:
    protocol = Protocol(warmup=3, runs=3, variants=2)
    planned = tuple(replace(part, protocol=protocol) for part in data.campaign.profiles)
    other = replace(
        data,
        environment=environment(kernel="6.8.0"),
        campaign=replace(data.campaign, host_class="another", profiles=planned),
    )
    found = differences(replace(data, environment=environment(kernel="6.1.0")), other)
    assert {d.weight for d in found} == {Weight.DOUBTFUL}
    assert {d.what: (d.a, d.b) for d in found} == {
        "machine": (data.campaign.host_class, "another"),
        "kernel": ("6.1.0", "6.8.0"),
        "protocol: warmup": ("1", "3"),
    }


def test_a_fact_that_one_machine_does_not_tell_is_not_known(data: CampaignData) -> None:
    told = replace(data, environment=environment(kernel="6.8.0"))
    assert only(differences(data, told)) == (Weight.DOUBTFUL, "kernel", "not known", "6.8.0")


def test_free_disk_changes_nothing(data: CampaignData) -> None:
    other = replace(data, environment=environment(disk_free_bytes=7))
    assert differences(data, other) == []


def test_other_code_is_the_subject_and_changes_to_it_a_doubt(data: CampaignData) -> None:
    code = replace(CODE, digest="e" * 16, is_dirty=True)
    found = differences(data, replace(data, campaign=replace(data.campaign, code=code)))
    assert [(d.weight, d.what) for d in found] == [
        (Weight.DOUBTFUL, "changes not committed"),
        (Weight.SUBJECT, "code of btb"),
    ]
    assert (found[0].a, found[0].b) == ("none", "yes: the commit is not what ran")
    assert f"digest {'e' * 16}, commit ccccccc" in found[1].b


def test_equal_code_is_equal_whatever_git_says_of_it(data: CampaignData) -> None:
    code = replace(CODE, commit=None, is_dirty=None)
    assert differences(data, replace(data, campaign=replace(data.campaign, code=code))) == []


def test_version_place_and_settings_of_an_engine_are_the_subject(data: CampaignData) -> None:
    base = make_environment()
    (service,) = base.services
    (setting,) = service.settings
    new = replace(service, version="PostgreSQL 19", settings=(replace(setting, value="2GB"),))
    other = replace(
        data,
        environment=replace(base, services=(new,)),
        campaign=replace(data.campaign, places={"postgresql": "docker image:19"}),
    )
    found = differences(data, other)
    assert {d.weight for d in found} == {Weight.SUBJECT}
    assert {d.what: (d.a, d.b) for d in found} == {
        "where postgresql runs": ("local", "docker image:19"),
        "version of postgresql": (service.version, "PostgreSQL 19"),
        "settings of postgresql": ("shared_buffers 1GB", "shared_buffers 2GB"),
    }


def test_a_setting_of_one_side_is_not_set_on_the_other(data: CampaignData) -> None:
    base = make_environment()
    bare = replace(base, services=(replace(base.services[0], settings=()),))
    found = only(differences(data, replace(data, environment=bare)))
    assert found[2:] == ("shared_buffers 1GB", "shared_buffers not set")


def test_settings_that_differ_at_several_levels_are_told_once(tmp_path: Path) -> None:
    base = make_environment()
    (service,) = base.services
    levels = (64 * MIB, 128 * MIB)
    cells = [MadeCell(queries=CELL.queries, ram_bytes=level) for level in levels]
    sides = []
    for name, values in (("a", ("1", "2")), ("b", ("3", "4"))):
        services = tuple(
            replace(
                service,
                ram_bytes=level,
                settings=tuple(replace(s, value=value) for s in service.settings),
            )
            for level, value in zip(levels, values, strict=True)
        )
        made = write_measured(tmp_path / name, cells)
        sides.append(replace(made, environment=replace(base, services=services)))
    (found,) = differences(*sides)
    assert (found.a, found.b, found.others) == ("shared_buffers 1", "shared_buffers 3", 1)


def test_a_store_found_loaded_is_not_one_that_was_just_loaded(data: CampaignData) -> None:
    (cell,) = data.cells
    reused = replace(cell, loaded_in_cell=cell.cell, caches_dropped=True)
    found = only(differences(data, replace(data, cells=(reused,))))
    assert found == (
        Weight.DOUBTFUL,
        "servers when measured",
        "those that had loaded",
        "started anew, no page cached",
    )


def readings(*cpu_ns: int) -> list[SentinelReading]:
    return [
        SentinelReading(
            at=datetime(2026, 1, 2, 3, 4, second, tzinfo=UTC),
            after_cell=CELL.cell if second else None,
            cpu_ns=taken,
            disk_ns=None,
        )
        for second, taken in enumerate(cpu_ns)
    ]


def test_a_steady_machine_is_no_difference_and_noise_is_one_even_on_both_sides(
    data: CampaignData,
) -> None:
    levels = summarise_campaign(data).levels
    steady = judge_noise(readings(100, 100, 100), [CELL.cell])
    assert noise_difference((steady, steady), (levels, levels)) is None
    drifting = [
        replace(level, drift={CELL.cell: "the same cpu work took +40%"}) for level in levels
    ]
    found = noise_difference((steady, steady), (drifting, drifting))
    assert found is not None
    assert found.weight is Weight.DOUBTFUL
    assert found.a == found.b == "1 of 1 cells in drift (the same cpu work took +40%)"


def test_a_machine_that_nobody_watched_is_told(data: CampaignData) -> None:
    levels = summarise_campaign(data).levels
    steady = judge_noise(readings(100, 100), [CELL.cell])
    found = noise_difference((None, steady), (levels, levels))
    assert found is not None
    assert (found.a, found.b) == (NOT_WATCHED, QUIET)
