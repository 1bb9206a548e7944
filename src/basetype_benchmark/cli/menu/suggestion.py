"""What to do next: the first line of the menu, right also for somebody who is new here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from basetype_benchmark.cli.menu.campaign_options import (
    describe_left,
    find_campaigns,
    is_resumable,
)
from basetype_benchmark.cli.menu.held import HeldDataset, find_held
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.workflows.campaigns.status import CampaignStatus

FIRST_PROFILE = "tiny-2d"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What is suggested, in words, and what does it."""

    title: str
    follow: Callable[[Session], object]


def suggest(settings: Settings) -> Suggestion:
    """Look into the home and suggest what leads on from there."""
    return choose_suggestion(find_held(settings), find_campaigns(settings))


def choose_suggestion(
    held: Sequence[HeldDataset], campaigns: Sequence[CampaignStatus]
) -> Suggestion:
    """A campaign that was cut short goes first, then a dataset, a first run, its result."""
    resumable = next((status for status in campaigns if is_resumable(status)), None)
    if resumable is not None:
        name = resumable.campaign
        return _command(f"resume {name}, {describe_left(resumable)}", "resume", name)
    if not held:
        title = f"generate {FIRST_PROFILE}, a small building to begin with"
        return _command(title, "dataset", "generate", FIRST_PROFILE)
    if not campaigns:
        return Suggestion(
            title=f"measure {held[0].name}, every scenario once",
            follow=lambda session: _run_quick(session, held[0]),
        )
    newest = campaigns[0].campaign
    return _command(f"show what {newest} measured", "results", newest)


def _command(title: str, *arguments: str) -> Suggestion:
    return Suggestion(title=title, follow=lambda session: session.shell.run(arguments))


def _run_quick(session: Session, dataset: HeldDataset) -> None:
    """Show the plan first, as always; what that needs is imported when it is wanted."""
    import_module("basetype_benchmark.cli.menu.benchmark_menu").run_quick(session, dataset)
