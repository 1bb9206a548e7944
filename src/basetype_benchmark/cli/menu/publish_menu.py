"""The menu's entry Publish: first what would be sent, then, if wanted, sending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from basetype_benchmark.cli.menu.campaign_options import campaign_options, find_campaigns
from basetype_benchmark.cli.menu.dataset_options import held_options
from basetype_benchmark.cli.menu.held import HeldDataset, find_held
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.cli.menu.walk import Step, walk
from basetype_benchmark.cli.prompts import Option
from basetype_benchmark.config.hub import check_repository, default_repository
from basetype_benchmark.errors import UsageError
from basetype_benchmark.workflows.campaigns.status import CampaignStatus, State

DRY_RUN = "--dry-run"


@dataclass(frozen=True, kw_only=True)
class PublishWish:
    """What is to be sent, a dataset or a campaign, and where to; empty: not asked yet."""

    dataset: HeldDataset | None = None
    campaign: str = ""
    repository: str = ""
    is_private: bool = False


def publish_arguments(wish: PublishWish) -> tuple[str, ...]:
    """Give the command that sends it."""
    what = (
        ("results", wish.campaign) if wish.dataset is None else ("dataset", *wish.dataset.arguments)
    )
    where = () if wish.repository == _default(wish) else ("--repo", wish.repository)
    return ("publish", *what, *where, *(("--private",) if wish.is_private else ()))


def open_publish_menu(session: Session) -> None:
    """Ask what to share, until it was sent or the user goes back."""
    held, campaigns = find_held(session.settings), find_campaigns(session.settings)
    finished = [status for status in campaigns if status.state is State.COMPLETE]
    screens = _Screens(session=session, held=held, campaigns=finished)
    first = None
    while True:
        first = session.ask.one("Publish, on the Hugging Face Hub", screens.kinds(), first=first)
        if first is None or screens.send(first):
            return


@dataclass(frozen=True, kw_only=True)
class _Screens:
    session: Session
    held: Sequence[HeldDataset]
    campaigns: Sequence[CampaignStatus]

    def kinds(self) -> list[Option[str]]:
        no_dataset = None if self.held else "there is no dataset yet"
        no_result = None if self.campaigns else "no campaign is complete yet"
        return [
            Option(
                title="Dataset",
                about="so that others can run it",
                value="dataset",
                why_not=no_dataset,
            ),
            Option(title="Results", about="of a campaign", value="results", why_not=no_result),
        ]

    def send(self, kind: str) -> bool:
        """Ask on, show what would be sent, and send it; False where the user went back."""
        steps = [
            Step(name="what", ask=self.dataset if kind == "dataset" else self.campaign),
            Step(name="repository", ask=self.repository),
            Step(name="readers", ask=self.readers),
            Step(name="check", ask=self.check),
        ]
        final = walk(steps, PublishWish())
        if final is None:
            return False
        self.session.shell.run(publish_arguments(final))
        return True

    def dataset(self, wish: PublishWish) -> PublishWish | None:
        chosen = self.session.ask.one(
            "Publish which dataset?", held_options(self.held), first=wish.dataset
        )
        if chosen is None:
            return None
        return PublishWish(
            dataset=chosen, repository=default_repository(chosen.profile, chosen.seed)
        )

    def campaign(self, wish: PublishWish) -> PublishWish | None:
        chosen = self.session.ask.one(
            "Publish which campaign?", campaign_options(self.campaigns), first=wish.campaign
        )
        return None if chosen is None else PublishWish(campaign=chosen)

    def repository(self, wish: PublishWish) -> PublishWish | None:
        name = self.session.ask.text(
            "Repository, as OWNER/NAME", now=wish.repository, why_not=_why_no_repository
        )
        return None if name is None else replace(wish, repository=name)

    def readers(self, wish: PublishWish) -> PublishWish | None:
        options = [
            Option(title="Everybody", value=False),
            Option(title="Only you", about="a private repository", value=True),
        ]
        is_private = self.session.ask.one("Who may see it?", options, first=wish.is_private)
        return None if is_private is None else replace(wish, is_private=is_private)

    def check(self, wish: PublishWish) -> PublishWish | None:
        could_send = self.session.shell.run((*publish_arguments(wish), DRY_RUN)) == 0
        send = Option(title="Send it", value=True, why_not=None if could_send else "see above")
        answer = self.session.ask.one("Nothing was sent yet", [send], back="Leave it")
        return None if answer is None else wish


def _default(wish: PublishWish) -> str | None:
    """The repository that the command takes where none is given; results have none."""
    dataset = wish.dataset
    return None if dataset is None else default_repository(dataset.profile, dataset.seed)


def _why_no_repository(text: str) -> str | None:
    try:
        check_repository(text)
    except UsageError:
        return "write OWNER/NAME"
    return None
