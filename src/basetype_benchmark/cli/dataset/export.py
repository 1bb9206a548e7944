"""``btb dataset export``: write a dataset in the formats of the storage models."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import format_count, print_json, print_note, print_ok
from basetype_benchmark.cli.options import AsJson, Home, ProfileName, Seed
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.export.exporter import Export
from basetype_benchmark.units import format_bytes, format_duration
from basetype_benchmark.workflows.export_dataset import export, parse_formats


def export_profile(
    *,
    profile: ProfileName,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMATS",
            help="p1 (relational), p2 (documents), m1 and m2 (property graph with and without "
            "chunks), o1 and o2 (RDF with and without chunks), brick; several with commas, or all.",
        ),
    ],
    seed: Seed = DEFAULT_SEED,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="DIR",
            help="Write to folders in DIR instead of the folder exports of the dataset.",
        ),
    ] = None,
    gzip: Annotated[
        bool, typer.Option("--gzip", help="Compress the data: a seventh of the size, slower.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Make exports again that are there already.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write a dataset in the formats of the storage models, for engines of your own.

    Each format has a folder with its data, the scripts that load it, and export.json, which lists
    the files. What is there already is not made again.
    """
    wanted = parse_formats(formats)
    settings = resolve_settings(home)
    documents = []
    with open_progress() as progress:
        begin = time.monotonic()
        for made in export(
            profile,
            seed,
            wanted,
            settings,
            output=output,
            gzip=gzip,
            overwrite=force,
            progress=progress,
        ):
            if as_json:
                manifest = made.manifest.model_dump(mode="json")
                documents.append({"folder": str(made.folder), "is_new": made.is_new, **manifest})
            else:
                _tell(made, time.monotonic() - begin)
            begin = time.monotonic()
    if as_json:
        print_json(documents)


def _tell(made: Export, seconds: float) -> None:
    manifest = made.manifest
    how = f"in {format_duration(seconds)}" if made.is_new else "is there already"
    rows = format_count(sum(file.rows or 0 for file in manifest.files))
    files = "1 file" if len(manifest.files) == 1 else f"{len(manifest.files)} files"
    size = format_bytes(manifest.size_bytes)
    print_ok(f"{manifest.format} {how}: {files}, {rows} rows, {size}")
    print_note(f"  in {made.folder}")
