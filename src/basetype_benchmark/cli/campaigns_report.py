"""The tables of ``btb campaigns``, and the same as documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from rich.text import Text

from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    data_console,
    print_note,
    print_table,
    print_warning,
)
from basetype_benchmark.cli.status_view import (
    describe_cell,
    draw_campaign,
    format_seconds,
    format_state,
    format_took,
)
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.campaigns.status import CampaignStatus, State
from basetype_benchmark.workflows.campaigns.status_reader import UnreadableCampaign

_NUMBERS = ("done", "failed", "left", "time", "size")
_RESUMABLE = (State.PAUSED, State.STOPPED, State.FAILED, State.INTERRUPTED, State.PLANNED)


def print_campaigns(campaigns: Sequence[CampaignStatus | UnreadableCampaign]) -> None:
    """Print a line for each campaign, and what is wrong with the folders that are none."""
    readable = [status for status in campaigns if isinstance(status, CampaignStatus)]
    if readable:
        print_table(
            ["campaign", "mode", "profiles", "state", "begun", *_NUMBERS],
            [_row(status) for status in readable],
            numeric=_NUMBERS,
        )
    for status in readable:
        if status.state in _RESUMABLE:
            print_note(_what_next(status))
    for folder in campaigns:
        if isinstance(folder, UnreadableCampaign):
            print_warning(f"{folder.campaign} is no campaign that can be read: {folder.problem}")


def print_status(status: CampaignStatus) -> None:
    """Print a campaign and all its cells."""
    console = data_console()
    console.print(draw_campaign(status, width=min(console.width, 100)))
    console.print(
        Text(
            f"begun {format_begin(status.created_at)}, profiles {', '.join(status.profiles)}, "
            f"{_size(status)} in {status.folder}"
        ),
        soft_wrap=True,
    )
    console.print()
    if status.cells:
        print_table(
            ["cell", "time", "outcome"],
            [[cell.cell, format_took(cell), describe_cell(cell)] for cell in status.cells],
            numeric=("time",),
        )
    if status.torn_lines:
        print_warning(f"{status.torn_lines} lines of its journal are torn and were passed over")
    if status.state in _RESUMABLE:
        print_note(_what_next(status))


def campaign_document(campaign: CampaignStatus | UnreadableCampaign) -> dict[str, object]:
    """Give a campaign as a document: its fields, and what is worked out of them."""
    document = asdict(campaign)
    if isinstance(campaign, UnreadableCampaign):
        return {**document, "state": "unreadable"}
    return {
        **document,
        "done": campaign.done,
        "failed": campaign.failed,
        "left": campaign.left,
        "left_s": campaign.left_s,
        "cell_left_s": campaign.cell_left_s,
    }


def format_begin(created_at: datetime) -> str:
    """Write when a campaign was begun, by the clock of who reads it."""
    return f"{created_at.astimezone():%Y-%m-%d %H:%M}"


def _row(status: CampaignStatus) -> list[str | Text]:
    state = format_state(status.state)
    if status.pid is not None:
        state.append(f" ({status.pid})")
    return [
        status.campaign,
        status.mode.value,
        ", ".join(status.profiles),
        state,
        format_begin(status.created_at),
        str(status.done),
        str(status.failed),
        f"{status.left}+" if _grows(status) else str(status.left),
        format_seconds(status.spent_s),
        _size(status),
    ]


def _grows(status: CampaignStatus) -> bool:
    """Whether more cells may be planned."""
    return status.is_open and status.state is not State.COMPLETE


def _size(status: CampaignStatus) -> str:
    return NOT_MEASURED if status.size_bytes is None else format_bytes(status.size_bytes)


def _what_next(status: CampaignStatus) -> str:
    why = "" if status.reason is None else f": {status.reason}"
    return f"{status.campaign} {_PAST[status.state]}{why}; go on with: btb resume {status.campaign}"


_PAST = {
    State.PAUSED: "was paused",
    State.STOPPED: "was stopped",
    State.FAILED: "failed",
    State.INTERRUPTED: "was interrupted: its process was killed, or the machine went down",
    State.PLANNED: "was not begun",
}
