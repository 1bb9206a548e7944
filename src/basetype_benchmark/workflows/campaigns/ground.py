"""What a campaign stands on: the code, the machine and the servers that its results hold for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.benchmark.campaign import CampaignRecord
from basetype_benchmark.benchmark.fingerprint import CodeVersion, code_version
from basetype_benchmark.config.scenarios import Scenario
from basetype_benchmark.errors import CheckFailed
from basetype_benchmark.infrastructure.host import describe_host_class, read_host_facts
from basetype_benchmark.workflows.placement import ServiceChoice, describe_places


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every fingerprint of a campaign has in it. `places` says where each engine runs."""

    code: CodeVersion
    host_class: str
    places: Mapping[str, str]


def survey(scenarios: Sequence[Scenario], choice: ServiceChoice, home: Path) -> Ground:
    """Find out what a campaign would stand on here and now."""
    places: dict[str, str] = {}
    for scenario in scenarios:
        places |= describe_places(scenario, choice)
    return Ground(
        code=code_version(),
        host_class=describe_host_class(read_host_facts(home)),
        places=places,
    )


def require_same_ground(record: CampaignRecord, now: Ground) -> None:
    """See that what is measured now compares with what a campaign has measured before.

    Raises:
        CheckFailed: it does not; says what differs.
    """
    differences = list(_differences(record, now))
    if differences:
        raise CheckFailed(
            f"{record.campaign} cannot go on here: {'; '.join(differences)}; its results would not "
            f"compare. Bring back what it was begun with, or measure all of it again: btb resume "
            f"{record.campaign} --redo"
        )


def _differences(record: CampaignRecord, now: Ground) -> Iterator[str]:
    if record.code.digest != now.code.digest:
        yield f"the code is {_describe(now.code)} and was {_describe(record.code)}"
    if record.host_class != now.host_class:
        yield f"the machine is {now.host_class} and was {record.host_class}"
    for engine, place in record.places.items():
        if now.places.get(engine) != place:
            yield f"{engine} runs {now.places.get(engine, 'nowhere')} and ran {place}"


def _describe(code: CodeVersion) -> str:
    commit = "" if code.commit is None else f" ({code.commit[:7]})"
    return f"{code.digest}{commit}"
