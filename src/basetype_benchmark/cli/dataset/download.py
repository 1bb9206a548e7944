"""``btb dataset download``: fetch a dataset, or the part of a bigger one."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import (
    format_count,
    print_json,
    print_note,
    print_ok,
    print_warning,
)
from basetype_benchmark.cli.options import AsJson, Home, ProfileName, Seed
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.huggingface.download import Download
from basetype_benchmark.hub.client import open_hub
from basetype_benchmark.units import format_bytes, format_duration
from basetype_benchmark.workflows.download_dataset import download


def download_profile(
    *,
    profile: ProfileName,
    seed: Seed = DEFAULT_SEED,
    repository: Annotated[
        str | None,
        typer.Option(
            "--repo",
            metavar="OWNER/NAME",
            help="Repository to take it from. Default: the smallest one of basetype-benchmark "
            "that holds it.",
        ),
    ] = None,
    revision: Annotated[
        str | None,
        typer.Option(
            "--revision", metavar="NAME", help="Branch, tag or commit. Default: the newest."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a dataset that is there already.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a dataset from the Hugging Face Hub.

    The repository may hold a bigger dataset: only the buildings and days that are needed are
    fetched, and what comes out equals what btb dataset generate makes. All is checked against the
    fingerprint. A download that was interrupted is continued by the same command.
    """
    begin = time.monotonic()
    hub = open_hub()
    with open_progress() as progress:
        made = download(
            profile,
            seed,
            resolve_settings(home),
            hub,
            repository=repository,
            revision=revision,
            overwrite=force,
            progress=progress,
        )
    if as_json:
        print_json(_document(made))
    else:
        _tell(made, time.monotonic() - begin)


def _tell(made: Download, seconds: float) -> None:
    manifest, source = made.dataset.manifest, made.source
    origin = source.files.repository
    if source.manifest.profile != manifest.profile:
        origin = f"{source.manifest.profile} in {origin}"
    kept = f", {format_count(made.kept_parts)} were there" if made.kept_parts else ""
    print_ok(
        f"{manifest.profile} with seed {manifest.seed} from {origin} in "
        f"{format_duration(seconds)}: {format_count(manifest.counts.samples)} samples, "
        f"{format_count(made.fetched_parts)} parts fetched ({format_bytes(made.fetched_bytes)})"
        f"{kept}"
    )
    print_note(f"  fingerprint {manifest.fingerprint}, as stated; commit {source.files.commit}")
    print_note(f"  in {made.dataset.folder}")
    if made.is_of_another_version:
        print_warning(
            f"version {manifest.generator_version} of the generator made it: btb dataset generate "
            "makes another content here"
        )


def _document(made: Download) -> dict[str, object]:
    return {
        "folder": str(made.dataset.folder),
        "repository": made.source.files.repository,
        "commit": made.source.files.commit,
        "fetched_parts": made.fetched_parts,
        "fetched_bytes": made.fetched_bytes,
        "kept_parts": made.kept_parts,
        **made.dataset.manifest.model_dump(mode="json"),
    }
