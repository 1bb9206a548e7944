"""The menu's entry Doctor."""

from __future__ import annotations

from basetype_benchmark.cli.menu.session import Session


def open_doctor(session: Session) -> None:
    """Run the command; it asks nothing."""
    session.shell.run(("doctor",))
