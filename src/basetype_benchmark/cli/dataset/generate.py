"""``btb dataset generate``: make a dataset."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import format_count, print_json, print_note, print_ok
from basetype_benchmark.cli.options import AsJson, Home, ProfileName, Seed
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.dataset.storage import Storage, local_storage, open_storage
from basetype_benchmark.errors import UsageError
from basetype_benchmark.units import format_bytes, format_duration
from basetype_benchmark.workflows.generate_dataset import generate

Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes. Default: one per CPU.")
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Let a Dask cluster do the work: tcp://host:port of its scheduler.",
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        metavar="URL",
        help="Write to this folder or URL (s3://..., anything fsspec or pyarrow reaches) "
        "instead of the datasets of --home.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a dataset that is there already.")]


def generate_profile(
    *,
    profile: ProfileName,
    seed: Seed = DEFAULT_SEED,
    workers: Workers = None,
    scheduler: Scheduler = None,
    output: Output = None,
    force: Force = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make a dataset: a simulated building, its points and their history.

    The same profile and seed give the same content on any machine. A run that was interrupted is
    finished by the same command.
    """
    if workers is not None and scheduler is not None:
        raise UsageError("--workers and --scheduler exclude each other; give one of them")
    settings = resolve_settings(home)
    folder = settings.dataset_dir(profile, seed)
    storage = local_storage(folder) if output is None else open_storage(output)
    begin = time.monotonic()
    with open_progress() as progress:
        manifest = generate(
            profile,
            seed,
            storage,
            settings,
            workers=workers,
            scheduler=scheduler,
            overwrite=force,
            progress=progress,
        )
    if as_json:
        print_json({"location": storage.location, **manifest.model_dump(mode="json")})
        return
    _tell(manifest, storage, time.monotonic() - begin)
    if output is None:
        print_note(f"  next: btb validate {profile}, then btb run {profile}")
    else:
        print_note(f"  to use it, copy it to {folder}")


def _tell(manifest: Manifest, storage: Storage, seconds: float) -> None:
    counts = manifest.counts
    print_ok(
        f"{manifest.profile} with seed {manifest.seed} in {format_duration(seconds)}: "
        f"{format_count(sum(counts.nodes.values()))} nodes, "
        f"{format_count(sum(counts.edges.values()))} relations, "
        f"{format_count(counts.samples)} samples, {format_bytes(manifest.size_bytes)}"
    )
    print_note(f"  in {storage.location}")
