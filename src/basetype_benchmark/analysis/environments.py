"""What differs between the environments of two measurements, and what that does to a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from basetype_benchmark.analysis.comparison_pairs import CellGroup, CellPair, Term
from basetype_benchmark.analysis.environments_services import differing_services
from basetype_benchmark.benchmark.fingerprint import CodeVersion
from basetype_benchmark.config.protocol import Protocol
from basetype_benchmark.config.ram import format_limits

NOT_KNOWN = "not known"

_HOST_FACTS = {
    "kernel": "kernel",
    "distribution": "operating system",
    "python": "Python of the harness",
    "cpu_governor": "CPU governor",
    "swap_bytes": "swap, bytes",
    "cgroup_version": "cgroup version",
    "filesystem": "file system",
}
"""The facts of `EnvironmentRecord.host` that can change a figure and are not in the host class."""


class Weight(StrEnum):
    """What a difference does to a comparison, gravest first.

    `VOID`: no ratio means anything. `DOUBTFUL`: a ratio may come of this, and not of what was to
    be compared. `SUBJECT`: this is what is compared.
    """

    VOID = "void"
    DOUBTFUL = "doubtful"
    SUBJECT = "subject"


WEIGHTS = {
    Weight.VOID: "no ratio means anything, and none is given",
    Weight.DOUBTFUL: "a ratio may come of this, and not of what was to be compared",
    Weight.SUBJECT: "this is what is compared",
}
"""The weights in words."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is not the same on both sides, in words.

    `others` is how many pairs of cells differ in it in other words, as settings do by RAM level.
    """

    weight: Weight
    what: str
    a: str
    b: str
    others: int = 0


def compare_environments(a: Term, b: Term, pairs: Sequence[CellPair]) -> tuple[Difference, ...]:
    """Say what differs under these pairs of cells, gravest first; nothing that is equal."""
    found = [
        *_data(pairs),
        *_machines(a, b),
        *_manner(a, b, pairs),
        *_code(a.data.campaign.code, b.data.campaign.code),
        *_subjects(pairs),
        *_services(a, b, pairs),
    ]
    return gravest_first(tuple(_merge(found)))


def gravest_first(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """Put them in the order in which they are told."""
    return tuple(sorted(differences, key=lambda d: tuple(Weight).index(d.weight)))


def is_void(pair: CellPair) -> bool:
    """Whether the two were not measured on the same data."""
    return _dataset(pair.a) != _dataset(pair.b)


def _merge(found: Sequence[Difference]) -> Iterator[Difference]:
    """Tell everything once."""
    by_subject: dict[str, list[Difference]] = {}
    for difference in dict.fromkeys(found):
        by_subject.setdefault(difference.what, []).append(difference)
    for alike in by_subject.values():
        yield replace(alike[0], others=len(alike) - 1)


def _differ(weight: Weight, what: str, a: str, b: str) -> Iterator[Difference]:
    """Give a difference where there is one."""
    if a != b:
        yield Difference(weight=weight, what=what, a=a, b=b)


def _data(pairs: Sequence[CellPair]) -> Iterator[Difference]:
    for pair in pairs:
        what = f"dataset of {pair.profile}"
        yield from _differ(Weight.VOID, what, _dataset(pair.a), _dataset(pair.b))


def _dataset(group: CellGroup) -> str:
    result = group[0].result
    return f"seed {result.dataset_seed}, fingerprint {result.dataset_fingerprint}"


def _machines(a: Term, b: Term) -> Iterator[Difference]:
    yield from _differ(
        Weight.DOUBTFUL, "machine", a.data.campaign.host_class, b.data.campaign.host_class
    )
    for key, what in _HOST_FACTS.items():
        yield from _differ(Weight.DOUBTFUL, what, _host_fact(a, key), _host_fact(b, key))


def _host_fact(side: Term, key: str) -> str:
    environment = side.data.environment
    value = None if environment is None else environment.host.get(key)
    return NOT_KNOWN if value is None else str(value)


def _manner(a: Term, b: Term, pairs: Sequence[CellPair]) -> Iterator[Difference]:
    """How the measuring was done."""
    for pair in pairs:
        ours, theirs = _protocol(a, pair.profile), _protocol(b, pair.profile)
        for name in (field.name for field in fields(Protocol)):
            what = f"protocol: {name}"
            yield from _differ(Weight.DOUBTFUL, what, _number(ours, name), _number(theirs, name))
        yield from _differ(Weight.DOUBTFUL, "repetitions", str(len(pair.a)), str(len(pair.b)))
        yield from _differ(
            Weight.DOUBTFUL, "servers when measured", _start_of(pair.a), _start_of(pair.b)
        )
    yield from _differ(
        Weight.DOUBTFUL,
        "queries",
        ", ".join(a.data.campaign.queries),
        ", ".join(b.data.campaign.queries),
    )


def _protocol(side: Term, profile: str) -> Protocol | None:
    planned = side.data.campaign.profiles
    return next((part.protocol for part in planned if part.profile == profile), None)


def _number(protocol: Protocol | None, name: str) -> str:
    return NOT_KNOWN if protocol is None else f"{getattr(protocol, name):g}"


def _start_of(group: CellGroup) -> str:
    """In a gradient the servers are started anew, with no page of their files in memory."""
    if group[0].loaded_in_cell is None:
        return "those that had loaded"
    cold = {None: "", True: ", no page cached", False: ", some pages cached"}
    return f"started anew{cold[group[0].caches_dropped]}"


def _code(a: CodeVersion, b: CodeVersion) -> Iterator[Difference]:
    """A commit does not say what ran where it was changed; equal digests are equal code."""
    if a.digest == b.digest:
        return
    yield Difference(weight=Weight.SUBJECT, what="code of btb", a=_describe(a), b=_describe(b))
    if a.is_dirty or b.is_dirty:
        yield Difference(
            weight=Weight.DOUBTFUL, what="changes not committed", a=_changes(a), b=_changes(b)
        )


def _describe(code: CodeVersion) -> str:
    commit = "" if code.commit is None else f", commit {code.commit[:7]}"
    return f"{code.package}, digest {code.digest}{commit}"


def _changes(code: CodeVersion) -> str:
    return {None: NOT_KNOWN, True: "yes: the commit is not what ran", False: "none"}[code.is_dirty]


def _subjects(pairs: Sequence[CellPair]) -> Iterator[Difference]:
    for pair in pairs:
        yield from _differ(Weight.SUBJECT, "scenario", *pair.scenarios)
        a, b = pair.rams
        if a != b:
            ours, theirs = format_limits((a, b))
            yield Difference(weight=Weight.SUBJECT, what="RAM level", a=ours, b=theirs)


def _services(a: Term, b: Term, pairs: Sequence[CellPair]) -> Iterator[Difference]:
    for pair in pairs:
        for what, ours, theirs in differing_services(a, b, pair.a, pair.b):
            yield from _differ(Weight.SUBJECT, what, ours, theirs)
