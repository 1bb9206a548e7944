"""Homes with small buildings under the names of bigger ones, and a machine to choose on."""

from pathlib import Path

from basetype_benchmark.cli.menu.ground import Ground
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.config.profiles import load_scales
from basetype_benchmark.config.scenarios import SCENARIOS
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.units import GIB
from tests.toy import build_toy
from tests.unit.cli.menu.scripted import NotingShell, ScriptedAsk

NO_MEMGRAPH = "Memgraph is not installed: no command memgraph; take --provider docker"
DAYS = {"2d": 2, "1w": 7, "1m": 30}


def hold(home: Path, *profiles: str, seed: int = 42) -> Settings:
    """Put datasets of these names into a home; only their manifests are true to the name."""
    settings = Settings(home=home)
    for profile in profiles:
        days = DAYS[profile.rpartition("-")[2]]
        build_toy(settings.dataset_dir(profile, seed), profile=profile, seed=seed, days=days)
    return settings


def make_ground(*, why_no_limits: str | None = None) -> Ground:
    """Give a machine with 4 GiB and without Memgraph."""
    return Ground(
        lacks={name: NO_MEMGRAPH if name.startswith("M") else None for name in SCENARIOS},
        why_no_limits=why_no_limits,
        host_bytes=4 * GIB,
        scales=load_scales(),
    )


def open_session(settings: Settings, *answers: object, codes: tuple[int, ...] = ()) -> Session:
    """Give a session with a user who answers so."""
    return Session(ask=ScriptedAsk(*answers), shell=NotingShell(*codes), settings=settings)


def commands_of(session: Session) -> list[tuple[str, ...]]:
    """Give what was run in a session of `open_session`."""
    assert isinstance(session.shell, NotingShell)
    return session.shell.commands


def ask_of(session: Session) -> ScriptedAsk:
    """Give the user of a session of `open_session`."""
    assert isinstance(session.ask, ScriptedAsk)
    return session.ask
