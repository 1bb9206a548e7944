"""Where things lie: the one place that reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from basetype_benchmark.config.dataset_names import dataset_name
from basetype_benchmark.errors import UsageError

HOME_VARIABLE = "BTB_HOME"
NOTIFY_VARIABLE = "BTB_NOTIFY"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The home under which every command writes."""

    home: Path

    @property
    def datasets_dir(self) -> Path:
        """Generated datasets."""
        return self.home / "datasets"

    @property
    def profiles_dir(self) -> Path:
        """Profile files of the user's own."""
        return self.home / "profiles"

    @property
    def results_dir(self) -> Path:
        """One folder per campaign."""
        return self.home / "results"

    @property
    def engines_dir(self) -> Path:
        """Data of the servers that run as child processes."""
        return self.home / "engines"

    def dataset_dir(self, profile: str, seed: int) -> Path:
        """Folder of one dataset, whether it exists or not."""
        return self.datasets_dir / dataset_name(profile, seed)


def resolve_settings(home: str | Path | None = None) -> Settings:
    """Take the home from the argument, else from ``BTB_HOME``, else ``./btb-home``.

    Raises:
        UsageError: it is empty, a file, or below the home of a user that does not exist.
    """
    chosen = os.environ.get(HOME_VARIABLE) or "btb-home" if home is None else home
    if not chosen:
        raise UsageError("--home is empty; give a folder, or leave it out for ./btb-home")
    try:
        folder = Path(chosen).expanduser().resolve()
    except RuntimeError:  # pathlib's word for an unknown user, and for links that go round
        raise UsageError(
            f"the home {chosen!r} leads nowhere: an unknown user, or links in a circle; "
            "give another one with --home"
        ) from None
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"the home {folder} is no folder; give another one with --home")
    return Settings(home=folder)


def resolve_notify(command: str | None = None) -> str | None:
    """Take the command to run at the end of a campaign from the argument, else ``BTB_NOTIFY``.

    None: there is none, or it is empty.
    """
    chosen = os.environ.get(NOTIFY_VARIABLE) if command is None else command
    return chosen or None
