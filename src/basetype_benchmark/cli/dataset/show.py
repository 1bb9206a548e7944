"""``btb dataset list`` and ``info``: what there is."""

from __future__ import annotations

import webbrowser
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from basetype_benchmark.cli.dataset.description import print_description
from basetype_benchmark.cli.formatters import (
    NOT_MEASURED,
    format_count,
    print_json,
    print_note,
    print_ok,
    print_table,
    print_warning,
)
from basetype_benchmark.cli.options import AsJson, Home, ProfileName, Seed
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.listing import DatasetEntry, list_datasets
from basetype_benchmark.errors import UsageError
from basetype_benchmark.units import format_bytes
from basetype_benchmark.workflows.dataset import find_dataset
from basetype_benchmark.workflows.portrait import write_portrait


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


def show_dataset(
    profile: ProfileName,
    *,
    seed: Seed = DEFAULT_SEED,
    home: Home = None,
    as_json: AsJson = False,
    plots: Annotated[
        bool,
        typer.Option("--plots", help="Write a page of figures: a look at one building."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where to write the page. Default: portrait.html in the folder exports of the "
            "dataset.",
        ),
    ] = None,
    building: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Which building the page shows. Default: the first."),
    ] = None,
    first_day: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="First day of the week that the page shows. Default: that of the history.",
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
) -> None:
    """Describe a dataset: counts by type, planted defects, fingerprint; with --plots, figures."""
    if not plots and (output or building or first_day or open_page):
        raise UsageError("--output, --building, --from and --open are for the page: add --plots")
    dataset = find_dataset(profile, seed, resolve_settings(home))
    day = None if first_day is None else first_day.date()
    page = write_portrait(dataset, output, building_id=building, first_day=day) if plots else None
    if as_json:
        document = {"folder": str(dataset.folder), **dataset.manifest.model_dump(mode="json")}
        print_json(document | ({} if page is None else {"page": str(page)}))
    else:
        print_description(dataset)
    if page is not None:
        print_ok(f"wrote {page}")
        if open_page and not webbrowser.open(page.resolve().as_uri()):
            print_warning(f"no browser could be started; open {page} yourself")


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
