"""The menu's entry Dataset."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from basetype_benchmark.cli.menu.dataset_options import (
    duration_options,
    held_options,
    part_options,
    scale_options,
)
from basetype_benchmark.cli.menu.held import HeldDataset, find_held
from basetype_benchmark.cli.menu.session import Session
from basetype_benchmark.cli.prompts import Option
from basetype_benchmark.config.dataset_names import dataset_name, parse_dataset_name, seed_option
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.listing import list_datasets
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.profiles import load_profiles

Screen = Callable[[Session], bool]
"""Asks and runs; gives whether a command was run, and the menu begins anew."""


def open_dataset_menu(session: Session) -> None:
    """Make, check, cut, list and remove datasets, until the user goes back or has made one."""
    while True:
        held = find_held(session.settings)
        chosen = session.ask.one("Dataset", dataset_entries(held))
        if chosen is None:
            return
        if chosen(session) and chosen in (generate, extract):
            return


def dataset_entries(held: Sequence[HeldDataset]) -> list[Option[Screen]]:
    """Give the entries; without a dataset, only making one makes sense."""
    lack = None if held else "there is no dataset yet"
    return [
        Option(
            title="Generate", about="make one: a simulated building and its history", value=generate
        ),
        Option(title="Verify", about="read one again and check it", value=verify, why_not=lack),
        Option(title="Extract", about="cut a smaller one out of it", value=extract, why_not=lack),
        Option(title="List", about="those that are there", value=list_all),
        Option(title="Remove", about="those not needed any more", value=remove, why_not=lack),
    ]


def generate(session: Session) -> bool:
    """Ask for a scale and a duration."""
    scales = scale_options(load_profiles(session.settings).scales)
    scale = None
    while True:
        scale = session.ask.one("Which scale?", scales, first=scale)
        if scale is None:
            return False
        options = duration_options(
            scale,
            find_held(session.settings),
            find_begun(session.settings),
            _free_bytes(session.settings.home),
        )
        profile = session.ask.one("How long a history?", options)
        if profile is not None:
            session.shell.run(generate_arguments(profile.name))
            return True


def generate_arguments(profile: str) -> tuple[str, ...]:
    """Give the command that makes a dataset."""
    return ("dataset", "generate", profile)


def verify(session: Session) -> bool:
    """Ask which one."""
    dataset = choose_dataset(session, "Verify which dataset?")
    if dataset is None:
        return False
    session.shell.run(("dataset", "verify", *dataset.arguments))
    return True


def extract(session: Session) -> bool:
    """Ask out of which one, and which part."""
    while True:
        source = choose_dataset(session, "Extract out of which dataset?")
        if source is None:
            return False
        settings = session.settings
        manifest = find_dataset(source.profile, source.seed, settings).manifest
        options = part_options(manifest, load_profiles(settings).scales, find_held(settings))
        target = session.ask.one(f"Extract what out of {source.name}?", options)
        if target is not None:
            seed = seed_option(source.seed).split()
            session.shell.run(("dataset", "extract", source.profile, target.name, *seed))
            return True
        if len(find_held(settings)) == 1:
            return False


def list_all(session: Session) -> bool:
    """Ask nothing."""
    session.shell.run(("dataset", "list"))
    return True


def remove(session: Session) -> bool:
    """Ask which; the command asks once more."""
    chosen = session.ask.some(
        "Remove which datasets?", held_options(find_held(session.settings)), least=1
    )
    if chosen is None:
        return False
    session.shell.run(remove_arguments(chosen))
    return True


def remove_arguments(chosen: Sequence[HeldDataset]) -> tuple[str, ...]:
    """Give the command that removes datasets."""
    return ("purge", "datasets", *(dataset_name(d.profile, d.seed) for d in chosen))


def choose_dataset(session: Session, question: str) -> HeldDataset | None:
    """Ask for one that is there; the only one is taken unasked."""
    held = find_held(session.settings)
    return held[0] if len(held) == 1 else session.ask.one(question, held_options(held))


def find_begun(settings: Settings) -> list[str]:
    """Name the profiles of which a part is there."""
    entries = [entry for entry in list_datasets(settings.datasets_dir) if not entry.is_complete]
    names = [parse_dataset_name(entry.folder.name) for entry in entries]
    return [name[0] for name in names if name is not None and name[1] == DEFAULT_SEED]


def _free_bytes(home: Path) -> int:
    """Room on the disk of a home that may not be there yet."""
    place = next(place for place in (home, *home.parents) if place.is_dir())
    return shutil.disk_usage(place).free
