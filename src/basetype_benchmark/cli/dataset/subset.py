"""``btb dataset extract`` and ``extend``: make a dataset out of another."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from basetype_benchmark.cli.dataset.generate import Force, Workers
from basetype_benchmark.cli.formatters import format_count, print_json, print_note, print_ok
from basetype_benchmark.cli.options import AsJson, Home, Seed
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.reader import Dataset
from basetype_benchmark.units import format_bytes, format_duration
from basetype_benchmark.workflows.dataset import extract
from basetype_benchmark.workflows.generate_dataset import extend

Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Profile of a dataset that is there.")
]
Target = Annotated[str, typer.Argument(metavar="TARGET", help="Profile of the dataset to make.")]


def extract_profile(
    *,
    source: Source,
    target: Target,
    seed: Seed = DEFAULT_SEED,
    force: Force = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Cut TARGET out of SOURCE: fewer days, or fewer buildings, or both.

    What comes out equals what btb dataset generate TARGET would make.
    """
    begin = time.monotonic()
    with open_progress() as progress:
        made = extract(
            source, target, seed, resolve_settings(home), overwrite=force, progress=progress
        )
    _tell(made, f"cut out of {source}", time.monotonic() - begin, as_json)


def extend_profile(
    *,
    source: Source,
    target: Target,
    seed: Seed = DEFAULT_SEED,
    workers: Workers = None,
    force: Force = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Lengthen SOURCE to TARGET: its days are copied, and only the missing ones generated."""
    begin = time.monotonic()
    with open_progress() as progress:
        made = extend(
            source,
            target,
            seed,
            resolve_settings(home),
            workers=workers,
            overwrite=force,
            progress=progress,
        )
    _tell(made, f"extended from {source}", time.monotonic() - begin, as_json)


def _tell(made: Dataset, how: str, seconds: float, as_json: bool) -> None:
    manifest = made.manifest
    if as_json:
        print_json({"folder": str(made.folder), **manifest.model_dump(mode="json")})
        return
    print_ok(
        f"{manifest.profile} with seed {manifest.seed}, {how}, in {format_duration(seconds)}: "
        f"{format_count(manifest.counts.samples)} samples, {format_bytes(manifest.size_bytes)}"
    )
    print_note(f"  in {made.folder}")
