"""``btb dataset``: make, list, describe and verify datasets."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    format_count,
    print_json,
    print_note,
    print_ok,
    print_table,
)
from basetype_benchmark.cli.options import AsJson, Home, ProfileName, Seed
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.listing import DatasetEntry, list_datasets
from basetype_benchmark.units import format_bytes, format_duration
from basetype_benchmark.workflows.dataset import (
    find_dataset,
    generate,
    verify,
)

app = typer.Typer(
    help="Make, list, describe and verify datasets.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("generate")
def generate_profile(
    *,
    profile: ProfileName,
    seed: Seed = DEFAULT_SEED,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes. Default: one per CPU.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a dataset that is there already.")
    ] = False,
    home: Home = None,
) -> None:
    """Make a dataset: a simulated building, its points and their history.

    The same profile and seed give the same content on any machine.
    """
    settings = resolve_settings(home)
    begin = time.monotonic()
    with open_progress() as progress:
        dataset = generate(
            profile, seed, settings, workers=workers, overwrite=force, progress=progress
        )
    counts = dataset.manifest.counts
    print_ok(
        f"{profile} with seed {seed} in {format_duration(time.monotonic() - begin)}: "
        f"{format_count(sum(counts.nodes.values()))} nodes, "
        f"{format_count(sum(counts.edges.values()))} relations, "
        f"{format_count(counts.samples)} samples, {format_bytes(dataset.manifest.size_bytes)}"
    )
    print_note(f"  in {dataset.folder}")
    print_note(f"  next: btb validate {profile}, then btb run {profile}")


@app.command("list")
def show_datasets(home: Home = None, as_json: AsJson = False) -> None:
    """List the datasets there are."""
    settings = resolve_settings(home)
    listed = list_datasets(settings.datasets_dir)
    if as_json:
        print_json([_listed_document(entry) for entry in listed])
        return
    if not listed:
        print_note(f"no dataset in {settings.datasets_dir}; make one: btb dataset generate tiny-2d")
        return
    columns = ["dataset", "seed", "nodes", "relations", "samples", "size", "state"]
    print_table(
        columns,
        [_listed_row(entry) for entry in listed],
        numeric=("seed", "nodes", "relations", "samples", "size"),
    )


@app.command("info")
def show_dataset(
    profile: ProfileName, seed: Seed = DEFAULT_SEED, home: Home = None, as_json: AsJson = False
) -> None:
    """Describe a dataset: counts by type, planted defects, fingerprint."""
    dataset = find_dataset(profile, seed, resolve_settings(home))
    manifest = dataset.manifest
    if as_json:
        print_json({"folder": str(dataset.folder), **manifest.model_dump(mode="json")})
        return
    facts = [
        ("dataset", f"{manifest.profile}, seed {manifest.seed}"),
        ("folder", str(dataset.folder)),
        ("history", f"{manifest.start:%Y-%m-%d} to {manifest.end:%Y-%m-%d}, end excluded"),
        ("buildings", ", ".join(manifest.buildings)),
        ("samples", format_count(manifest.counts.samples)),
        ("size", format_bytes(manifest.size_bytes)),
        ("planted defects", f"{len(manifest.planted.ghosts)} ghosts, the answer of Q5"),
        ("fingerprint", manifest.fingerprint),
        ("generator", manifest.generator_version),
    ]
    print_table(["what", "value"], facts)
    for title, counts in (("nodes", manifest.counts.nodes), ("relations", manifest.counts.edges)):
        rows = [[name, format_count(count)] for name, count in sorted(counts.items())]
        rows.append(["all", format_count(sum(counts.values()))])
        print_table([title, "count"], rows, numeric=("count",))
    if manifest.planted.ghosts:
        print_note(f"ghosts: {', '.join(manifest.planted.ghosts)}")


@app.command("verify")
def verify_profile(profile: ProfileName, seed: Seed = DEFAULT_SEED, home: Home = None) -> None:
    """Read a whole dataset again and compare it with its fingerprint."""
    with open_progress() as progress:
        report = verify(profile, seed, resolve_settings(home), progress)
    print_ok(
        f"{profile} with seed {seed} is whole: {format_count(report.counts.samples)} samples of "
        f"{format_count(report.points_with_samples)} points, fingerprint {report.fingerprint}"
    )


def _listed_row(entry: DatasetEntry) -> list[str]:
    manifest = entry.manifest
    if manifest is None:
        return [entry.folder.name, *[NOT_MEASURED] * 5, entry.problem or ""]
    return [
        manifest.profile,
        str(manifest.seed),
        format_count(sum(manifest.counts.nodes.values())),
        format_count(sum(manifest.counts.edges.values())),
        format_count(manifest.counts.samples),
        format_bytes(manifest.size_bytes),
        "complete",
    ]


def _listed_document(entry: DatasetEntry) -> dict[str, object]:
    manifest = entry.manifest
    return {
        "folder": str(entry.folder),
        "is_complete": entry.is_complete,
        "problem": entry.problem,
        "manifest": None if manifest is None else manifest.model_dump(mode="json"),
    }
