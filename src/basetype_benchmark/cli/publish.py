"""``btb publish``: share what was made, on the Hugging Face Hub."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from basetype_benchmark.cli.formatters import (
    format_count,
    print_json,
    print_note,
    print_ok,
    print_table,
)
from basetype_benchmark.cli.options import AsJson, Home, ProfileName, Seed
from basetype_benchmark.cli.progress import open_progress
from basetype_benchmark.cli.verify import require_sound
from basetype_benchmark.config.hub import HUB_URL
from basetype_benchmark.config.profiles import DEFAULT_SEED
from basetype_benchmark.config.settings import resolve_settings
from basetype_benchmark.dataset.huggingface.bundle import Bundle
from basetype_benchmark.dataset.huggingface.upload_bundle import upload_bundle
from basetype_benchmark.hub.client import open_hub
from basetype_benchmark.hub.parcel import Parcel
from basetype_benchmark.hub.upload import Upload, upload_parcel
from basetype_benchmark.units import format_bytes, format_duration
from basetype_benchmark.workflows.publish_dataset import make_bundle
from basetype_benchmark.workflows.publish_results import (
    ResultsBundle,
    check_campaign,
    make_results_bundle,
    remember_published,
)

Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="DIR",
        help="Write the folder here instead of in the folder publish of --home.",
    ),
]
Private = Annotated[
    bool, typer.Option("--private", help="Make the repository one that only you can see.")
]

app = typer.Typer(
    help="Share datasets and results on the Hugging Face Hub.",
    invoke_without_command=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("dataset")
def publish_dataset(
    *,
    profile: ProfileName,
    seed: Seed = DEFAULT_SEED,
    repository: Annotated[
        str | None,
        typer.Option(
            "--repo",
            metavar="OWNER/NAME",
            help="Repository of this dataset. Default: basetype-benchmark/<profile>_seed<seed>.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only write the folder, and say what would be sent."),
    ] = False,
    output: Output = None,
    private: Private = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Send a dataset to the Hugging Face Hub, with a card and Croissant metadata.

    The dataset is checked in full first. An upload that was interrupted is continued by the same
    command: what is there is not sent again. The token is that of hf auth login, or HF_TOKEN.
    """
    begin = time.monotonic()
    # Before any work: that the client is missing should not be said at the end of it.
    hub = None if dry_run else open_hub()
    if hub is not None:
        hub.require_token()
    with open_progress() as progress:
        made = make_bundle(
            profile,
            seed,
            resolve_settings(home),
            repository=repository,
            output=output,
            progress=progress,
        )
        sent = None
        if hub is not None:
            sent = upload_bundle(hub, made, is_private=private, progress=progress)
    if as_json:
        print_json(_document(made, sent))
    elif sent is None:
        _tell_plan(made)
    else:
        _tell(made.repository, sent, time.monotonic() - begin)


@app.command("results")
def publish_results(
    *,
    campaign: Annotated[
        str,
        typer.Argument(metavar="CAMPAIGN", help="Name of a campaign in the home, or its folder."),
    ],
    repository: Annotated[
        str,
        typer.Option(
            "--repo", metavar="OWNER/NAME", help="Repository of these results, made if need be."
        ),
    ],
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only write the folder, and list what would be sent."),
    ] = False,
    output: Output = None,
    private: Private = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Send the results of a campaign to the Hugging Face Hub, with a card and full disclosure.

    They are verified first, as btb verify does; what is not sound or not complete is not sent. An
    upload that was interrupted is continued by the same command. The token is that of hf auth
    login, or HF_TOKEN.
    """
    begin = time.monotonic()
    settings = resolve_settings(home)
    hub = None if dry_run else open_hub()
    if hub is not None:
        hub.require_token()
    with open_progress() as progress:
        verdict = check_campaign(campaign, settings, progress)
        require_sound(verdict)
        made = make_results_bundle(verdict, settings, repository=repository, output=output)
        sent = None
        if hub is not None:
            sent = upload_parcel(hub, made.parcel, is_private=private, progress=progress)
            remember_published(verdict.folder, sent)
    if as_json:
        print_json(_results_document(made, sent))
    elif sent is None:
        _list_files(made.parcel)
    else:
        _tell(made.parcel.repository, sent, time.monotonic() - begin)


def _list_files(parcel: Parcel) -> None:
    """Print every file with its size, and say that nothing was sent."""
    rows = [[name, format_bytes(size)] for name, size in parcel.files.items()]
    print_table(["file", "size"], rows, numeric=("size",))
    print_ok(f"would send {_amount(len(parcel.files), parcel.size_bytes)} to {parcel.repository}")
    print_note(f"  in {parcel.folder}")
    print_note("  nothing was sent; the same command without --dry-run sends it")


def _results_document(made: ResultsBundle, sent: Upload | None) -> dict[str, object]:
    return {
        "folder": str(made.parcel.folder),
        "repository": made.parcel.repository,
        "campaign": made.campaign,
        "files": made.parcel.files,
        "size_bytes": made.parcel.size_bytes,
        "sent": _sent_document(sent),
    }


def _tell_plan(made: Bundle) -> None:
    print_ok(
        f"would send {_amount(len(made.files), made.size_bytes)} to {made.repository}: "
        f"{format_count(len(made.data_names))} of Parquet, card, metadata and manifests"
    )
    print_note(f"  in {made.folder}")
    print_note("  nothing was sent; the same command without --dry-run sends it")


def _tell(repository: str, sent: Upload, seconds: float) -> None:
    if not sent.sent_files:
        print_ok(f"{repository} holds all of it already: nothing was sent")
    else:
        kept = f", {format_count(sent.kept_files)} were there" if sent.kept_files else ""
        print_ok(
            f"sent {_amount(sent.sent_files, sent.sent_bytes)} to {sent.repository} in "
            f"{format_duration(seconds)}{kept}"
        )
    print_note(f"  commit {sent.commit}")
    print_note(f"  {HUB_URL}/datasets/{sent.repository}")


def _amount(files: int, size_bytes: int) -> str:
    return f"{format_count(files)} files, {format_bytes(size_bytes)},"


def _document(made: Bundle, sent: Upload | None) -> dict[str, object]:
    return {
        "folder": str(made.folder),
        "repository": made.repository,
        "fingerprint": made.dataset.fingerprint,
        "files": made.files,
        "size_bytes": made.size_bytes,
        "sent": _sent_document(sent),
    }


def _sent_document(sent: Upload | None) -> dict[str, object] | None:
    if sent is None:
        return None
    return {
        "commit": sent.commit,
        "files": sent.sent_files,
        "size_bytes": sent.sent_bytes,
        "kept_files": sent.kept_files,
    }
