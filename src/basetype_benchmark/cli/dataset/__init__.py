"""``btb dataset``: make, list, describe and verify datasets."""

from __future__ import annotations

import typer

from basetype_benchmark.cli.dataset.download import download_profile
from basetype_benchmark.cli.dataset.export import export_profile
from basetype_benchmark.cli.dataset.generate import generate_profile
from basetype_benchmark.cli.dataset.profiles import show_profiles
from basetype_benchmark.cli.dataset.show import show_dataset, show_datasets
from basetype_benchmark.cli.dataset.subset import extend_profile, extract_profile
from basetype_benchmark.cli.dataset.verify import verify_profile

app = typer.Typer(
    help="Make, list, describe and verify datasets.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.command("profiles")(show_profiles)
app.command("generate")(generate_profile)
app.command("list")(show_datasets)
app.command("info")(show_dataset)
app.command("verify")(verify_profile)
app.command("extract")(extract_profile)
app.command("extend")(extend_profile)
app.command("export")(export_profile)
app.command("download")(download_profile)


@app.callback()
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
