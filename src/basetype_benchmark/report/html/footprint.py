"""What each way of storing took of its machine: CPU time, memory over time, I/O, energy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from basetype_benchmark.analysis.campaign_data import CampaignData
from basetype_benchmark.analysis.footprint import Footprint, energy_note, footprint_rows
from basetype_benchmark.analysis.footprint_amounts import (
    AMOUNTS,
    ENERGY,
    NOTES,
    PARTIAL_NOTE,
    mark_of,
)
from basetype_benchmark.analysis.footprint_options import find_options
from basetype_benchmark.report.html.model import Column, Folded, Notes, Part, Section, Table, Value
from basetype_benchmark.report.html.wording import number_value, plural, ram_value

_NO_METER = "no meter"


def footprint_section(data: CampaignData) -> Section | None:
    """Show what the servers took, first with as much RAM as each needs; None: nobody watched."""
    rows = footprint_rows(data)
    if not rows:
        return None
    needed = {(o.profile, o.scenario, o.ram_bytes) for o in find_options(data)}
    chosen = [row for row in rows if (row.profile, row.scenario, row.ram_bytes) in needed]
    parts: list[Part] = []
    if chosen and len(chosen) < len(rows):
        parts.append(
            _table("footprint", "With the least RAM that works, and at the plateau", chosen)
        )
        every = _table("footprint-all", "What all servers of each cell took", rows)
        parts.append(Folded(title=f"Every cell: {plural(len(rows), 'row')}", part=every))
    else:
        parts.append(_table("footprint", "What all servers of each cell took", rows))
    notes = [*NOTES, energy_note(rows)]
    if any(not row.is_whole for row in rows):
        notes.append(PARTIAL_NOTE)
    parts.append(Notes(key="footprint-notes", items=tuple(notes)))
    return Section(
        key="footprint-section",
        title="Footprint",
        lead=("What all servers of a scenario together took of the machine, cell by cell.",),
        parts=tuple(parts),
    )


def _table(key: str, caption: str, rows: Sequence[Footprint]) -> Table:
    return Table(
        key=key,
        caption=f"{caption}; n = 1 for each row, a cell and a phase",
        columns=(
            Column(name="scenario"),
            Column(name="dataset"),
            Column(name="RAM", is_number=True),
            Column(name="repetition", is_number=True),
            Column(name="phase"),
            *(Column(name=name, is_number=True) for name in AMOUNTS),
        ),
        rows=tuple(map(_row, rows)),
        choices=("scenario", "dataset", "RAM", "phase"),
    )


def _row(row: Footprint) -> tuple[Value, ...]:
    return (
        Value(text=row.scenario),
        Value(text=row.profile),
        ram_value(row.ram_bytes),
        Value(text=str(row.repetition)),
        Value(text=row.phase),
        *(_amount(row, name) for name in AMOUNTS),
    )


def _amount(row: Footprint, name: str) -> Value:
    value = number_value(AMOUNTS[name](row), _NO_METER if name == ENERGY else "–")
    return replace(value, text=f"{mark_of(row, name)}{value.text}") if value.text else value
