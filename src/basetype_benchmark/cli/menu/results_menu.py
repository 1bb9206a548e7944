"""The menu's entry Results."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from basetype_benchmark.cli.menu.campaign_options import campaign_options, find_campaigns
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.cli.prompts import Option
from basetype_benchmark.workflows.campaigns.status import CampaignStatus

EXPORT_FORMATS = ("csv", "parquet", "json")

Screen = Callable[[Session, Sequence[CampaignStatus]], None]


def open_results_menu(session: Session) -> None:
    """Look at campaigns until the user goes back."""
    chosen: Screen | None = None
    while True:
        campaigns = find_campaigns(session.settings)
        chosen = session.ask.one("Results", result_entries(len(campaigns)), first=chosen)
        if chosen is None:
            return
        chosen(session, campaigns)


def result_entries(count: int) -> list[Option[Screen]]:
    """Give the entries, for so many campaigns."""
    lack = None if count else "nothing was measured yet"
    second = "needs two campaigns" if count == 1 else lack
    entries: list[tuple[str, str, Screen]] = [
        ("List", "all campaigns, and how they stand", list_all),
        ("Show", "what one measured", show),
        ("Cells", "how one stands, cell by cell; follows one that runs", show_cells),
        ("Report", "a page of it that opens offline", report),
        ("Verify", "recompute its figures, without an engine", verify),
        ("Compare", "two campaigns", compare),
        ("Export", "all that was measured, as tables", export),
    ]
    return [
        Option(
            title=title, about=about, value=screen, why_not=second if screen is compare else lack
        )
        for title, about, screen in entries
    ]


def list_all(session: Session, _campaigns: Sequence[CampaignStatus]) -> None:
    """Ask nothing."""
    session.shell.run(("campaigns", "list"))


def show(session: Session, campaigns: Sequence[CampaignStatus]) -> None:
    """Ask which one."""
    _run_on_one(session, campaigns, "Show which campaign?", ("results",))


def show_cells(session: Session, campaigns: Sequence[CampaignStatus]) -> None:
    """Ask which one."""
    _run_on_one(session, campaigns, "The cells of which campaign?", ("campaigns", "show"))


def report(session: Session, campaigns: Sequence[CampaignStatus]) -> None:
    """Ask which one."""
    _run_on_one(session, campaigns, "Report of which campaign?", ("report",))


def verify(session: Session, campaigns: Sequence[CampaignStatus]) -> None:
    """Ask which one."""
    _run_on_one(session, campaigns, "Verify which campaign?", ("verify",))


def compare(session: Session, campaigns: Sequence[CampaignStatus]) -> None:
    """Ask which one is held against which."""
    first = None
    while True:
        first = session.ask.one("Compare which campaign", campaign_options(campaigns), first=first)
        if first is None:
            return
        others = [status for status in campaigns if status.campaign != first]
        second = session.ask.one(f"Compare {first} with", campaign_options(others))
        if second is not None:
            session.shell.run(compare_arguments(first, second))
            return


def compare_arguments(first: str, second: str) -> tuple[str, ...]:
    """Give the command that compares two campaigns."""
    return ("compare", first, second)


def export(session: Session, campaigns: Sequence[CampaignStatus]) -> None:
    """Ask which one, and in which format."""
    name = None
    while True:
        name = session.ask.one("Export which campaign?", campaign_options(campaigns), first=name)
        if name is None:
            return
        formats = [Option(title=format_, value=format_) for format_ in EXPORT_FORMATS]
        chosen = session.ask.one("As which kind of file?", formats)
        if chosen is not None:
            session.shell.run(export_arguments(name, chosen))
            return


def export_arguments(campaign: str, table_format: str) -> tuple[str, ...]:
    """Give the command that writes a campaign's tables."""
    return ("results", campaign, "--format", table_format)


def _run_on_one(
    session: Session, campaigns: Sequence[CampaignStatus], question: str, command: Sequence[str]
) -> None:
    chosen = session.ask.one(question, campaign_options(campaigns))
    if chosen is not None:
        session.shell.run((*command, chosen))
