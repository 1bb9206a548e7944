"""Whether the journal tells the same of the cells as their results."""

from __future__ import annotations

from basetype_benchmark.analysis.verify.bundle import Bundle
from basetype_benchmark.analysis.verify.tally import Check, Tally
from basetype_benchmark.benchmark.journal import JOURNAL_FILE, Event, JournalEntry
from basetype_benchmark.benchmark.sentinel import SENTINEL_FILE


def check_journal(bundle: Bundle) -> Check:
    """Compare the last end of each cell that the journal tells of with the result."""
    tally = Tally("journal", "the journal tells the same ends of the cells as their results")
    ends: dict[str, tuple[int, JournalEntry]] = {}
    planned = {cell.cell for cell in bundle.campaign.cells}
    for index, entry in enumerate(bundle.journal.entries):
        if entry.cell is not None:
            is_known = entry.cell in planned
            tally.demand(is_known, JOURNAL_FILE, f"{index}.cell", f"{entry.cell} is not planned")
        if entry.event is Event.CELL_FINISHED and entry.cell is not None:
            ends[entry.cell] = (index, entry)
    for index, reading in enumerate(bundle.sentinel):
        is_known = reading.after_cell is None or reading.after_cell in planned
        problem = f"{reading.after_cell} is not planned"
        tally.demand(is_known, SENTINEL_FILE, f"{index}.after_cell", problem)
    for cell, record in bundle.cells.items():
        if cell not in ends:
            # A crash between the two leaves a result that the journal does not tell of.
            tally.leave_out(f"{cell}: the journal does not tell of its end")
            continue
        index, entry = ends[cell]
        result, source = record.result, f"in its result, {cell}"
        tally.compare(
            JOURNAL_FILE, f"{index}.elapsed_ns", entry.elapsed_ns, result.elapsed_ns, source
        )
        tally.compare(JOURNAL_FILE, f"{index}.detail", entry.detail, result.outcome.value, source)
    if bundle.checksums is not None:
        events = [entry.event for entry in bundle.journal.entries]
        is_last = bool(events) and events[-1] is Event.COMPLETED
        tally.demand(is_last, JOURNAL_FILE, "", "does not end with the campaign completed")
    return tally.result()
