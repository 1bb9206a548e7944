"""What earlier campaigns of a home have measured on this machine, read lightly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import orjson

from basetype_benchmark.benchmark.journal import JOURNAL_FILE
from basetype_benchmark.benchmark.monitoring.resource_use import (
    HARNESS,
    LOAD_PHASE,
    WARMUP_PHASE,
    is_server,
)
from basetype_benchmark.benchmark.outcome import CellOutcome, Outcome
from basetype_benchmark.benchmark.results_io import CAMPAIGN_FILE, CELLS_DIR
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.host import describe_host_class, read_host_facts
from basetype_benchmark.units import NS_PER_S

MOST_CAMPAIGNS = 40
MOST_PER_SCENARIO = 8

_Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class MeasuredCell:
    """One cell that was completed. None: it was not measured in it.

    `elements` are nodes and relations. `query_s` is the mean of an execution by query, `few_sets`
    how many parameter sets a query had of which the data has fewer than were asked for; `cold_s`
    what warming up took longer than as many measured executions. `idle_s` is what the cell took
    beside its result: starting and stopping servers. `servers_bytes` and `harness_bytes` are what
    they held at most without the page cache.
    """

    profile: str
    scenario: str
    ram_bytes: int | None
    elements: int
    samples: int
    load_s: float | None
    disk_bytes: int | None
    query_s: Mapping[str, float]
    few_sets: Mapping[str, int]
    cold_s: float
    idle_s: float | None
    servers_bytes: int | None
    harness_bytes: int | None


def read_measured(
    settings: Settings,
    scenarios: Collection[str] | None,
    *,
    most_per_scenario: int = MOST_PER_SCENARIO,
) -> list[MeasuredCell]:
    """Read the newest completed cells of these scenarios, or of all; not more than are told.

    Only what was measured on a machine like this one counts, and what cannot be read does not.
    """
    host_class = describe_host_class(read_host_facts(settings.home))
    found: dict[str, list[MeasuredCell]] = defaultdict(list)
    for folder in _newest(settings.results_dir):
        places = [
            place
            for place in sorted((folder / CELLS_DIR).glob("*.json"))
            if scenarios is None or _scenario_of(place) in scenarios
        ]
        if all(len(found[_scenario_of(place)]) >= most_per_scenario for place in places):
            continue
        campaign = _Campaign.read(folder, host_class)
        if campaign is None:
            continue
        for place in places:
            cells = found[_scenario_of(place)]
            measured = campaign.measured(place) if len(cells) < most_per_scenario else None
            if measured is not None:
                cells.append(measured)
    return [cell for cells in found.values() for cell in cells]


def _newest(results_dir: Path) -> list[Path]:
    """List campaigns by name, which begins with when they began, the newest first."""
    if not results_dir.is_dir():
        return []
    folders = (path for path in results_dir.iterdir() if (path / CAMPAIGN_FILE).is_file())
    return sorted(folders, key=lambda path: path.name, reverse=True)[:MOST_CAMPAIGNS]


def _scenario_of(place: Path) -> str:
    """Read the scenario off the name of a cell's file, ``tiny-2d.P1.0.5g.r1.json``."""
    parts = place.name.split(".")
    return parts[1] if len(parts) > 2 else ""


def _read(path: Path) -> _Document | None:
    try:
        document = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return document if isinstance(document, dict) else None


def _read_times(journal: Path) -> dict[str, float]:
    """Give how long cells took from begin to end, in seconds, by the clock of the wall."""
    begun: dict[str, datetime] = {}
    took: dict[str, float] = {}
    try:
        lines = journal.read_bytes().splitlines()
    except OSError:
        return took
    for line in lines:
        try:
            entry = orjson.loads(line)
            cell, event = entry["cell"], entry["event"]
            at = datetime.fromisoformat(entry["at"])
        except (orjson.JSONDecodeError, KeyError, ValueError):
            continue
        if event == "cell_started":
            begun[cell] = at
        elif event == "cell_finished" and cell in begun:
            took[cell] = (at - begun[cell]).total_seconds()
    return took


class _Campaign:
    """One campaign while its cells are read.

    A cell that found its stores loaded does not say what is in them: that is known from the one
    that loaded them, which comes before it by name.
    """

    def __init__(self, protocols: Mapping[str, _Document], took_s: Mapping[str, float]) -> None:
        self._protocols = protocols
        self._took_s = took_s
        self._stored: dict[str, tuple[int, int]] = {}

    @classmethod
    def read(cls, folder: Path, host_class: str) -> Self | None:
        """Read its plan and journal; None when it is of another machine or version."""
        document = _read(folder / CAMPAIGN_FILE)
        if document is None or document.get("host_class") != host_class:
            return None
        protocols = {p["profile"]: p["protocol"] for p in document["profiles"]}
        return cls(protocols, _read_times(folder / JOURNAL_FILE))

    def measured(self, place: Path) -> MeasuredCell | None:
        """Read one cell; None when it was not completed, or cannot be read."""
        cell = _read(place)
        result = None if cell is None else cell["result"]
        if cell is None or result is None or result["outcome"] != CellOutcome.COMPLETED:
            return None
        profile, load = result["profile"], result["load"]
        protocol = self._protocols[profile]
        stores = [] if load is None else load["stores"]
        if stores:
            self._stored[profile] = _stored(stores)
        if profile not in self._stored:
            return None
        elements, samples = self._stored[profile]
        sizes = [store["size_bytes"] for store in stores]
        phases = (result["resources"] or {}).get("phases", ())
        query_s = _means(result["queries"])
        return MeasuredCell(
            profile=profile,
            scenario=result["scenario"],
            ram_bytes=cell["ram_bytes"],
            elements=elements,
            samples=samples,
            load_s=load["elapsed_ns"] / NS_PER_S if _has(phases, LOAD_PHASE) and load else None,
            disk_bytes=sum(sizes) if sizes and None not in sizes else None,
            query_s=query_s,
            few_sets={
                query["query"]: len(query["variants"])
                for query in result["queries"]
                if 0 < len(query["variants"]) < protocol["variants"]
            },
            cold_s=_cold_s(result["queries"], query_s, phases, protocol["warmup"]),
            idle_s=self._idle_s(place.stem, result["elapsed_ns"] / NS_PER_S),
            servers_bytes=_held(phases, is_server),
            harness_bytes=_held(phases, lambda source: source == HARNESS),
        )

    def _idle_s(self, cell: str, elapsed_s: float) -> float | None:
        took_s = self._took_s.get(cell)
        return None if took_s is None or took_s < elapsed_s else took_s - elapsed_s


def _stored(stores: Collection[_Document]) -> tuple[int, int]:
    """Give the nodes and relations, and the samples, of all stores together."""
    return (
        max((store["nodes"] or 0) + (store["edges"] or 0) for store in stores),
        max(store["samples"] or 0 for store in stores),
    )


def _has(phases: Collection[_Document], name: str) -> bool:
    return any(phase["phase"] == name for phase in phases)


def _cold_s(
    queries: Collection[_Document],
    query_s: Mapping[str, float],
    phases: Collection[_Document],
    warmup: int,
) -> float:
    round_s = sum(query_s.get(q["query"], 0) * len(q["variants"]) for q in queries)
    warm_up_ns: int = sum(p["elapsed_ns"] for p in phases if p["phase"] == WARMUP_PHASE)
    return max(0.0, warm_up_ns / NS_PER_S - warmup * round_s)


def _means(queries: Collection[_Document]) -> dict[str, float]:
    return {
        q["query"]: q["latency"]["mean_ns"] / NS_PER_S
        for q in queries
        if q["outcome"] == Outcome.OK and q["latency"] is not None
    }


def _held(phases: Collection[_Document], counts: Callable[[str], bool]) -> int | None:
    """Give the most that sources held together in a phase; None where nothing tells."""
    held = [
        sum(_without_cache(source) for source in phase["sources"] if counts(source["source"]))
        for phase in phases
    ]
    return max(held, default=0) or None


def _without_cache(source: _Document) -> int:
    anonymous, kernel = source["anonymous_peak_bytes"], source["kernel_peak_bytes"]
    return source["memory_peak_bytes"] or 0 if anonymous is None else anonymous + (kernel or 0)
