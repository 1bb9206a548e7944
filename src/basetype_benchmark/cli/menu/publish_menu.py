"""The menu's entry Publish: first what would be sent, then, if wanted, sending it."""

from __future__ import annotations

from collections.abc import Sequence

from basetype_benchmark.cli.menu.dataset_options import held_options
from basetype_benchmark.cli.menu.held import HeldDataset, find_held
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.cli.prompts import Option

DRY_RUN = "--dry-run"


def open_publish_menu(session: Session) -> None:
    """Ask what to share, until it was sent or the user goes back."""
    held = find_held(session.settings)
    while True:
        dataset = session.ask.one("Publish, on the Hugging Face Hub", held_options(held))
        if dataset is None or _send(session, publish_dataset_arguments(dataset)):
            return


def publish_dataset_arguments(dataset: HeldDataset) -> tuple[str, ...]:
    """Give the command that sends a dataset."""
    return ("publish", "dataset", *dataset.arguments)


def _send(session: Session, arguments: Sequence[str]) -> bool:
    """Show what would be sent, ask, and send it; False where the user went back."""
    could_send = session.shell.run((*arguments, DRY_RUN)) == 0
    options = [
        Option(title="Send it", value=True, why_not=None if could_send else "see above"),
        Option(title="Leave it", value=False),
    ]
    if not session.ask.one("Send this to the Hub?", options, first=False):
        return False
    session.shell.run(arguments)
    return True
