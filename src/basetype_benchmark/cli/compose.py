"""``btb compose``: a Compose file, for starting the engines by hand."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from basetype_benchmark.cli.options import Images
from basetype_benchmark.cli.services import read_images
from basetype_benchmark.units import GIB
from basetype_benchmark.workflows.compose import compose_file

LEAST_GIB, MOST_GIB, MOST_CPUS = 0.0625, 65_536, 4_096


def print_compose(
    *,
    ram: Annotated[
        float,
        typer.Option(
            "--ram",
            min=LEAST_GIB,
            max=MOST_GIB,
            metavar="GIB",
            help="Memory limit of each server; its settings are computed from it.",
        ),
    ] = 4.0,
    cpus: Annotated[
        int | None,
        typer.Option(
            "--cpus",
            min=1,
            max=MOST_CPUS,
            help="CPUs that the settings are for. Default: those of this machine.",
        ),
    ] = None,
    engines: Annotated[
        str | None,
        typer.Option(
            "--engines", metavar="IDS", help="For instance postgresql,oxigraph. Default: all."
        ),
    ] = None,
    image: Images = None,
) -> None:
    """Print a Compose file: the engines' images, settings and limits, as btb itself gives them.

    Save it as compose.yaml, start what you need (docker compose up -d timescaledb), and measure it
    at the URL that stands above it in the file.
    """
    count = cpus or len(os.sched_getaffinity(0))
    chosen = [name.strip() for name in (engines or "").split(",") if name.strip()]
    asked = f"btb compose --ram {ram:g} --cpus {count}"
    if chosen:
        asked += f" --engines {','.join(chosen)}"
    text = compose_file(
        chosen,
        ram_bytes=round(ram * GIB),
        cpu_count=count,
        images=read_images(image or []),
        command=" ".join([asked, *(f"--image {given}" for given in image or [])]),
    )
    typer.echo(text, nl=False)
