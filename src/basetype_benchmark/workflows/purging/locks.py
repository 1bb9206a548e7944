"""Who holds a thing that could be removed, and holding it while it is removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.local.data_lock import DataLock, is_locked
from basetype_benchmark.workflows.campaigns.lock_files import LOCK_FILE, MEASURING_LOCK


def why_in_use(lock_file: Path, by: str = "") -> str | None:
    """Say that a process holds a lock, `by` being what it does; None: nobody does."""
    if not is_locked(lock_file):
        return None
    try:
        holder = lock_file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        holder = ""
    return " ".join(word for word in ("in use by", by, f"process {holder or '?'}") if word)


def why_measuring(settings: Settings) -> str | None:
    """Say that a campaign runs in the home: it needs its stores between cells, too."""
    return why_in_use(settings.engines_dir / MEASURING_LOCK, "the campaign of")


def why_running(campaign: Path) -> str | None:
    """Say that a campaign runs."""
    return why_in_use(campaign / LOCK_FILE)


@contextmanager
def held(*lock_files: Path) -> Iterator[None]:
    """Hold locks while the context is open, so that no harness can begin on what is removed.

    One whose file is not there was never held, and is left out.

    Raises:
        ServiceUnavailable: a process holds one.
    """
    with ExitStack() as stack:
        for lock_file in lock_files:
            if lock_file.is_file():
                what = f"what {lock_file.name} stands for"
                stack.enter_context(DataLock(what=what, lock_file=lock_file))
        yield
