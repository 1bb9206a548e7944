"""The stores of local servers: a folder per scenario and engine, with its files beside it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.infrastructure.local.local_manager import DISCARDED, LocalManager
from basetype_benchmark.infrastructure.safe_removal import remove
from basetype_benchmark.workflows.campaigns.lock_files import MEASURING_LOCK
from basetype_benchmark.workflows.purging.folder import look_through, removable
from basetype_benchmark.workflows.purging.items import Found, Kind
from basetype_benchmark.workflows.purging.locks import held, why_in_use, why_measuring

LOADED_FILE = "loaded.txt"
"""Says in a scenario's folder what its stores hold; it goes before they go."""

_LOCK = ".lock"
_RECORD = ".server.json"


def engine_ids() -> frozenset[str]:
    """Give the ids of all engines that a scenario has."""
    sides = (side for s in SCENARIOS.values() for side in (s.graph, s.series) if side is not None)
    return frozenset(side.engine for side in sides)


def find_stores(settings: Settings) -> Iterator[Found]:
    """List the stores of local servers, and what else stands beside them."""
    folder, home = settings.engines_dir, settings.home
    scenarios = [] if folder.is_symlink() else [folder / scenario for scenario in SCENARIOS]
    known = {path for path in scenarios if path.is_dir() and not path.is_symlink()}
    yield from look_through(
        folder,
        home,
        lambda _path: None,
        strange="the folder of a scenario",
        passes_over=lambda path: path in known or path.name == MEASURING_LOCK,
    )
    for path in sorted(known):
        yield from look_through(
            path,
            home,
            partial(_look_at, settings),
            strange="a store of btb",
            passes_over=_stands_beside,
        )


def _look_at(settings: Settings, path: Path) -> Found | None:
    engine = path.name.partition(".")[0]
    lock = path.with_name(engine + _LOCK)
    if engine not in engine_ids() or not lock.is_file():
        return None
    is_store = path.name == engine
    return removable(
        path,
        settings.home,
        Kind.STORE if is_store else Kind.REMAINS,
        name=f"{path.parent.name}/{path.name}",
        remark=None if is_store else _describe_beside(path),
        why_kept=lambda: why_measuring(settings) or why_in_use(lock),
        remove_it=partial(_remove_between_campaigns, path, lock, settings),
        aliases=frozenset({path.parent.name, f"{path.parent.name}/{engine}"}),
    )


def _describe_beside(path: Path) -> str:
    is_store = f".{DISCARDED}" in path.name
    return "of a store thrown away before a load" if is_store else "of a server without a store"


def _stands_beside(path: Path) -> bool:
    """Whether it is a file that goes with a store that is there, or outlives it."""
    engine, _, rest = path.name.partition(".")
    if path.name == LOADED_FILE or (engine in engine_ids() and path.suffix == _LOCK):
        return True
    is_beside = engine in engine_ids() and rest and not rest.startswith(DISCARDED)
    return bool(is_beside) and path.with_name(engine).exists()


def _remove_between_campaigns(path: Path, lock: Path, settings: Settings) -> None:
    with held(settings.engines_dir / MEASURING_LOCK):
        if path.name == lock.stem:
            remove_store(path, settings)
            return
        with held(lock):
            remove(path, settings.home)


def remove_store(path: Path, settings: Settings) -> None:
    """Remove the store of a local server and its logs; a server left running on it is killed.

    Its lock stays, as locks do: see `DataLock`.

    Raises:
        HostError: it is in use, or cannot be removed.
    """
    record = path.with_name(path.name + _RECORD)
    if record.exists():
        with LocalManager(title=path.name, data_dir=path, stop_steps=()):
            pass  # entering ends what the record tells of
    with held(path.with_name(path.name + _LOCK)):
        path.with_name(LOADED_FILE).unlink(missing_ok=True)
        remove(path, settings.home)
        for beside in path.parent.glob(f"{path.name}.*"):
            if beside.suffix != _LOCK:
                remove(beside, settings.home)
