"""What can be chosen about campaigns, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from basetype_benchmark.cli.prompts import Option, align
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.campaigns.status import CampaignStatus, State
from basetype_benchmark.workflows.campaigns.status_reader import list_campaigns


def find_campaigns(settings: Settings) -> list[CampaignStatus]:
    """Give the campaigns that can be read, newest first."""
    found = list_campaigns(settings)
    return [status for status in found if isinstance(status, CampaignStatus)]


def find_resumable(settings: Settings) -> list[CampaignStatus]:
    """Give those that no process runs and that were not carried through, newest first."""
    return [status for status in find_campaigns(settings) if is_resumable(status)]


def is_resumable(status: CampaignStatus) -> bool:
    """Whether ``btb resume`` can go on with it."""
    return status.state not in (State.RUNNING, State.COMPLETE)


def resume_options(campaigns: Sequence[CampaignStatus]) -> list[Option[str]]:
    """One line for each: what is left, its mode, when it began."""
    return _options(campaigns, lambda status: (describe_left(status), status.mode))


def campaign_options(campaigns: Sequence[CampaignStatus]) -> list[Option[str]]:
    """One line for each: how it stands, when it began."""
    return _options(campaigns, lambda status: (describe_state(status),))


def describe_left(status: CampaignStatus) -> str:
    """Say how much of a campaign is left; a gradient decides that as it goes."""
    if status.is_open:
        return f"{_cells(len(status.cells) - status.left)} done, more to come"
    return f"{status.left} of {_cells(len(status.cells))} left"


def describe_state(status: CampaignStatus) -> str:
    """Say how a campaign stands."""
    failed = f", {status.failed} failed" if status.failed else ""
    return f"{status.state}, {status.done} of {len(status.cells)} done{failed}"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _options(
    campaigns: Sequence[CampaignStatus], describe: Callable[[CampaignStatus], tuple[str, ...]]
) -> list[Option[str]]:
    """Put the moment of its begin after what is said; the year stands in the name."""
    abouts = align(
        [
            (*describe(status), f"{status.created_at.astimezone():%m-%d %H:%M}")
            for status in campaigns
        ]
    )
    return [
        Option(title=status.campaign, about=about, value=status.campaign)
        for status, about in zip(campaigns, abouts, strict=True)
    ]
